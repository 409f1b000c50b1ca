/** Memory that is interleaved over nodes for threads of one: a part of it is far by design. */

import { formatBytes, formatPercent, nodeWords } from '../../text/format.ts';
import type { Check } from '../base/check.ts';
import {
  bytesByNode,
  bytesWords,
  cpuTimeWords,
  farOf,
  freeOf,
  homesOfProcess,
  movePages,
  ofPages,
  processWords,
  sumOf,
  whereOf,
} from '../base/process.ts';

export const interleave: Check = {
  id: 'interleave',
  topic: 'processes',
  title: 'policies that interleave memory',
  check: ofPages((process, mappings, facts, limits) => {
    const spread = mappings.filter(
      ({ policy, kind }) => policy.includes('interleave') && kind !== 'file' && kind !== 'shared',
    );
    const bytes = bytesByNode(spread);
    const homes = homesOfProcess(facts.topology, process);
    const far = farOf(bytes, homes);
    const [home] = homes;
    if (homes.length !== 1 || home === undefined || sumOf(far) < limits['far-bytes']) return [];
    const room = (freeOf(facts, home) ?? 0) > sumOf(far);
    return [
      {
        severity: 'medium',
        confidence: room ? 0.8 : 0.5,
        sentence: `${processWords(process)} runs on ${nodeWords(homes)} and interleaves its memory: ${formatPercent(sumOf(far) / sumOf(bytes))} of it is remote.`,
        evidence: [
          `${formatBytes(sumOf(bytes))} interleaved: ${bytesWords(bytes)} (${process.origin})`,
          cpuTimeWords(facts.topology, process),
        ],
        cause: 'It was started under numactl --interleave, or asks for it itself.',
        advice:
          'Interleaving is for memory that threads of all nodes use alike. Start it with --membind of its node, or --localalloc.',
        ...movePages(process, [...far.keys()], home),
        where: whereOf(process, [...homes, ...far.keys()]),
      },
    ];
  }),
};
