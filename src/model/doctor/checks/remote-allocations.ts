/** Allocations that come from another node than the one they were asked of, or than the thread runs on. */

import { formatCount, formatPercent } from '../../text/format.ts';
import { isUnavailable } from '../../run/run.ts';
import { homesOf, idsOf } from '../base/check.ts';
import type { Check } from '../base/check.ts';
import type { Told } from '../base/finding.ts';

export const remoteAllocations: Check = {
  id: 'remote-allocations',
  topic: 'memory',
  title: 'allocations by node',
  check({ live, topology }, limits) {
    if (isUnavailable(live)) return live;
    const homes = new Set(idsOf(homesOf(topology)));
    // No thread runs on a node without CPUs: all that is taken there is for others.
    const nodes = live.nodes.filter(({ id }) => homes.has(id));
    if (nodes.some(({ localPerSecond }) => localPerSecond === null))
      return { unavailable: 'the kernel does not count them (vm.numa_stat = 0), or shows no numastat' };
    return nodes.flatMap(({ id, otherPerSecond, localPerSecond, missPerSecond }): Told[] => {
      const [other, local] = [otherPerSecond ?? 0, localPerSecond ?? 0];
      const share = other / (other + local);
      if (other < limits['allocations-per-second'] || share < limits['remote-allocation-share']) return [];
      const missed = missPerSecond ?? 0;
      return [
        {
          severity: 'medium',
          confidence: 0.75,
          sentence: `${formatPercent(share)} of the pages that are taken on node ${id} are for threads that run elsewhere.`,
          evidence: [
            `${formatCount(other)} of ${formatCount(other + local)} pages/s on node ${id} (other_node, local_node of its numastat)`,
            `${formatCount(missed)} pages/s were meant for another node that had none free (numa_miss)`,
          ],
          cause:
            missed > other / 2
              ? 'The node they were meant for is full.'
              : 'A memory policy binds or interleaves memory there, or threads were moved away from their memory.',
          advice: 'See which process it is: the findings of processes, or numastat -p.',
          remedy: ['numastat -p $(ps -eo pid= --sort=-pcpu | head -n 5)'],
          where: { nodes: [id] },
        },
      ];
    });
  },
};
