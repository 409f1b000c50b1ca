/** Automatic NUMA balancing: off, nothing brings pages and threads together; on, pinned work pays for it in faults. */

import { isUnavailable } from '../../run/run.ts';
import type { Check } from '../base/check.ts';

export const numaBalancing: Check = {
  id: 'numa-balancing',
  topic: 'kernel',
  title: 'automatic NUMA balancing',
  check({ environment }) {
    const mode = environment['numaBalancing'];
    if (mode === undefined) return { unavailable: 'the host does not show kernel.numa_balancing' };
    if (isUnavailable(mode)) return mode;
    if (mode !== 0) return [];
    return [
      {
        severity: 'low',
        confidence: 0.6,
        sentence:
          'Automatic NUMA balancing is switched off: pages stay where they were first touched, wherever their threads go.',
        evidence: ['kernel.numa_balancing = 0'],
        cause: 'It was set by hand, by a profile, or with numa_balancing=disable on the kernel command line.',
        advice: 'That is right where all work is pinned. Work that is not pinned gains from it.',
        remedy: ['sudo sysctl -w kernel.numa_balancing=1'],
        undo: ['sudo sysctl -w kernel.numa_balancing=0'],
      },
    ];
  },
};
