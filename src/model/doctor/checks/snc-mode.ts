/** Sub-NUMA clustering (Intel), nodes per socket (AMD): several nodes in one socket, and what follows. No fault. */

import { parseCpuList } from '../../text/cpulist.ts';
import { listed } from '../../text/format.ts';
import { homesOf, idsOf } from '../base/check.ts';
import type { Check } from '../base/check.ts';

export const sncMode: Check = {
  id: 'snc-mode',
  topic: 'memory',
  title: 'nodes of each socket',
  check({ topology }) {
    const homes = homesOf(topology);
    const split = topology.packages
      .map((one) => {
        const own = new Set(parseCpuList(one.cpus));
        return {
          id: one.id,
          nodes: idsOf(homes.filter((node) => parseCpuList(node.cpus).every((cpu) => own.has(cpu)))),
        };
      })
      .filter(({ nodes }) => nodes.length > 1);
    if (split.length === 0) return [];
    const counts = [...new Set(split.map(({ nodes }) => nodes.length))];
    const mode = /amd|epyc/i.test(topology.machine.cpuModel ?? '') ? 'NPS' : 'SNC';
    const [count] = counts;
    return [
      {
        severity: 'low',
        confidence: topology.machine.hypervisor === null ? 0.95 : 0.6,
        sentence: `Each socket is split into ${counts.length === 1 ? String(count) : listed(counts.map(String))} nodes${counts.length === 1 ? ` (${mode}${count})` : ''}: a program larger than one of them crosses nodes also within its socket.`,
        evidence: split.map(({ id, nodes }) => `socket ${id}: nodes ${nodes.join(', ')}`),
        cause: 'Firmware has sub-NUMA clustering (Intel: SNC) or more than one node a socket (AMD: NPS) switched on.',
        advice:
          'It lowers the latency of what fits into one node, and leaves that one a share of the memory channels. Bind what fits to one node; for one program over a whole socket, compare with the mode switched off in firmware.',
        where: { nodes: split.flatMap(({ nodes }) => nodes) },
      },
    ];
  },
};
