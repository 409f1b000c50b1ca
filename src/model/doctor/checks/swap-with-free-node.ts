/** Pages go to swap while another node has free memory: only what may not leave its node is swapped so. */

import { formatBytes, formatCount, nodeWords } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { idsOf } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import { processWords } from '../base/process.ts';

export const swapWithFreeNode: Check = {
  id: 'swap-with-free-node',
  topic: 'memory',
  title: 'swapping',
  check({ live, topology }, limits) {
    if (isUnavailable(live)) return live;
    if (Object.keys(live.vm).length === 0) return { unavailable: 'the host does not show /proc/vmstat' };
    // A kernel without swap counts none.
    const [out, back] = [live.vm['pswpout'] ?? 0, live.vm['pswpin'] ?? 0];
    const known = live.nodes.flatMap(({ id, freeBytes }) => {
      const memory = topology.nodes.find((node) => node.id === id)?.memoryBytes ?? 0;
      return freeBytes === null || memory === 0 ? [] : [{ id, free: freeBytes / memory }];
    });
    const roomy = known.filter(({ free }) => free >= limits['room-share']);
    // Where every node has room it is the limit of a control group, or a program that asked for it.
    if (out + back < limits['swap-pages'] || roomy.length === 0 || roomy.length === known.length) return [];
    const swapped = live.processes.filter(({ swapBytes }) => (swapBytes ?? 0) >= limits['far-file-bytes']);
    return [
      {
        severity: 'high',
        confidence: 0.85,
        sentence: `Pages are swapped while ${nodeWords(idsOf(roomy))} ${roomy.length === 1 ? 'has' : 'have'} free memory.`,
        evidence: [
          `${formatCount(out)} pages/s out, ${formatCount(back)} pages/s in (pswpout, pswpin of /proc/vmstat)`,
          ...live.nodes.flatMap(({ id, freeBytes }) =>
            freeBytes === null ? [] : [`node ${id}: ${formatBytes(freeBytes)} free`],
          ),
          ...swapped.map((process) => `${processWords(process)}: ${formatBytes(process.swapBytes ?? 0)} in swap`),
        ],
        cause:
          'A policy (numactl --membind) or a cpuset binds memory to a node that is full: what does not fit is swapped.',
        advice:
          'Let it take memory of the other node too (--preferred in place of --membind), or give it less to do there.',
        remedy: ['# who is bound:', "grep -l ' bind' /proc/[0-9]*/numa_maps"],
        where: { nodes: idsOf(roomy), pids: swapped.map(({ pid }) => pid) },
      },
    ];
  },
};
