/** CPUs kept from the scheduler (isolcpus=): nobody uses them, or work sits on them unintentionally. */

import { cpuWords, nodesOfCpus } from '../base/check.ts';
import type { Check } from '../base/check.ts';

export const isolatedCpus: Check = {
  id: 'isolated-cpus',
  topic: 'cpus',
  title: 'isolated CPUs',
  check({ topology }) {
    const isolated = topology.cpus.filter((cpu) => cpu.isolated).map(({ id }) => id);
    if (isolated.length === 0) return [];
    return [
      {
        severity: 'low',
        confidence: 0.8,
        sentence: `${cpuWords(isolated)} ${isolated.length === 1 ? 'is' : 'are'} isolated: only work that is pinned there runs on ${isolated.length === 1 ? 'it' : 'them'}.`,
        evidence: [`${cpuWords(isolated)} (/sys/devices/system/cpu/isolated)`],
        cause: 'isolcpus= on the kernel command line, or an isolated cpuset partition.',
        advice: 'Threads that may run on several isolated CPUs are not moved between them: pin each to one.',
        where: { cpus: isolated, nodes: nodesOfCpus(topology, isolated) },
      },
    ];
  },
};
