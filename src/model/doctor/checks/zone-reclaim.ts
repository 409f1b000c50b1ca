/** `vm.zone_reclaim_mode`: the kernel drops a node's file pages rather than use free memory of another. */

import { isUnavailable } from '../../run/run.ts';
import type { Check } from '../base/check.ts';

export const zoneReclaim: Check = {
  id: 'zone-reclaim',
  topic: 'kernel',
  title: 'reclaim of a full node (vm.zone_reclaim_mode)',
  check({ kernel: { zoneReclaim: mode } }) {
    if (isUnavailable(mode)) return mode;
    if (mode === 0) return [];
    return [
      {
        severity: 'medium',
        confidence: 0.85,
        sentence: 'A full node drops its file cache, and waits for that, while another node has free memory.',
        evidence: [`vm.zone_reclaim_mode = ${mode} (0: off, the kernel's default)`],
        cause: 'It was set by hand or by a profile; old kernels set it by the distances of firmware.',
        advice: 'Switch it off, unless the host is divided into parts of one node each and file cache does not matter.',
        remedy: ['sudo sysctl -w vm.zone_reclaim_mode=0'],
        undo: [`sudo sysctl -w vm.zone_reclaim_mode=${mode}`],
      },
    ];
  },
};
