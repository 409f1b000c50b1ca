/** One node is full while others have room: what its threads touch next comes from far. */

import { formatBytes, formatCount, formatPercent, nodeWords } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { homesOf, idsOf } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import type { Told } from '../base/finding.ts';

export const nodeFull: Check = {
  id: 'node-full',
  topic: 'memory',
  title: 'free memory of each node',
  decisive: true,
  check({ live, topology }, limits) {
    if (isUnavailable(live)) return live;
    const nodes = live.nodes.flatMap((node) => {
      // A tier without CPUs is filled, and left empty, on purpose.
      const memory = homesOf(topology).find(({ id }) => id === node.id)?.memoryBytes ?? null;
      return memory === null || memory === 0 || node.freeBytes === null
        ? []
        : [{ ...node, memory, free: node.freeBytes, share: node.freeBytes / memory }];
    });
    const roomy = nodes.filter(({ share }) => share >= limits['room-share']);
    return nodes.flatMap((node): Told[] => {
      if (node.share >= limits['full-share'] || roomy.length === 0) return [];
      // Files that nobody needs fill any host in time; that costs only where allocations are turned away for it.
      const cached = node.fileBytes === null ? null : Math.max(0, node.fileBytes - (node.sharedBytes ?? 0));
      const spilling =
        (node.foreignPerSecond ?? 0) + roomy.reduce((sum, { missPerSecond }) => sum + (missPerSecond ?? 0), 0);
      const tight = cached !== null && cached / node.memory < limits['room-share'];
      if (!tight && spilling < limits['allocations-per-second']) return [];
      return [
        {
          severity: tight ? 'high' : 'medium',
          confidence: tight ? 0.9 : 0.75,
          sentence: `Node ${node.id} is full (${formatPercent(node.share)} free) while ${nodeWords(idsOf(roomy))} ${roomy.length === 1 ? 'has' : 'have'} room: what its threads touch next is remote.`,
          evidence: [
            ...nodes.map(
              ({ id, free, memory }) => `node ${id}: ${formatBytes(free)} of ${formatBytes(memory)} free (MemFree)`,
            ),
            ...(cached === null
              ? []
              : [
                  `${formatBytes(cached)} of node ${node.id} is file cache that could be dropped (FilePages without Shmem)`,
                ]),
            `${formatCount(spilling)} pages/s were meant for it and taken elsewhere (numa_foreign, numa_miss)`,
          ],
          cause: 'Work that is bound to it, or was started on it, takes all its memory; or files read there fill it.',
          advice: 'Spread the work: bind a part of it to the other node, or move pages of who runs there anyway.',
          remedy: [
            '# who has most there:',
            `numastat -m -p $(ps -eo pid= --sort=-rss | head -n 5 | tr -s ' \\n' ' ')`,
            '# pages of PID that runs on the other node:',
            `sudo migratepages PID ${node.id} ${roomy[0]?.id ?? 0}`,
          ],
          undo: [`sudo migratepages PID ${roomy[0]?.id ?? 0} ${node.id}`],
          where: { nodes: [node.id, ...idsOf(roomy)] },
        },
      ];
    });
  },
};
