/** Sub-NUMA clustering (Intel), nodes per socket (AMD): several nodes in one socket, and what follows. No fault. */

import { parseCpuList } from '../../text/cpulist.ts';
import { listed } from '../../text/format.ts';
import { hasMadeUpNodes, homesOf, idsOf } from '../base/check.ts';
import type { Check } from '../base/check.ts';

/** What they call it; other makers have no name for it. */
const MAKERS = [
  { fits: /\b(amd|epyc)\b/i, mode: 'NPS', words: 'more than one node a socket (NPS)' },
  { fits: /\b(intel|xeon)\b/i, mode: 'SNC', words: 'sub-NUMA clustering (SNC)' },
] as const;

export const sncMode: Check = {
  id: 'snc-mode',
  topic: 'memory',
  title: 'nodes of each socket',
  check(facts) {
    const { topology } = facts;
    if (hasMadeUpNodes(facts)) return [];
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
    const maker = MAKERS.find(({ fits }) => fits.test(topology.machine.cpuModel ?? ''));
    const [count] = counts;
    const mode = maker && counts.length === 1 ? ` (${maker.mode}${count})` : '';
    return [
      {
        severity: 'low',
        confidence: topology.machine.hypervisor === null ? 0.95 : 0.6,
        sentence: `${split.length === topology.packages.length ? 'Each socket' : `Socket ${listed(split.map(({ id }) => String(id)))}`} is split into ${listed(counts.map(String))} nodes${mode}: a program larger than one of them crosses nodes also within its socket.`,
        evidence: split.map(({ id, nodes }) => `socket ${id}: nodes ${nodes.join(', ')}`),
        cause: maker
          ? `Firmware has ${maker.words} switched on, or the socket is made of dies with memory of their own.`
          : 'The socket is made of dies with memory of their own, or firmware divides it into nodes.',
        advice:
          'It lowers the latency of what fits into one node, and leaves that one a share of the memory channels. Bind what fits to one node; for one program over a whole socket, compare with the mode switched off in firmware.',
        where: { nodes: split.flatMap(({ nodes }) => nodes) },
      },
    ];
  },
};
