/** How far memory is here by firmware's word, in one sentence: all that can be said of a machine that nothing was measured on. */

import { formatFigure } from '../text/format.ts';
import { nodeWords } from './counts.ts';
import type { Topology } from './topology.ts';

/** Firmware's distance of a node to itself (ACPI 6.5, 5.2.17, SLIT); others are relative to it. */
const LOCAL = 10;

export function farSentence(topology: Topology): string {
  const { nodes } = topology;
  if (nodes.every(({ inferred }) => inferred)) return 'It shows no NUMA nodes, so nothing is known of near and far.';
  if (nodes.length === 1) return 'One NUMA node: no memory is remote here.';
  const others = nodes.flatMap(({ id, distances }) =>
    Object.entries(distances).flatMap(([to, distance]) => (to === String(id) ? [] : [distance / LOCAL])),
  );
  if (others.length === 0) return `${nodeWords(topology)}, and no distances between them are recorded.`;
  const [least, most] = [Math.min(...others), Math.max(...others)].map(formatFigure);
  const times = least === most ? `${least ?? ''} ×` : `${least ?? ''} to ${most ?? ''} ×`;
  return `By firmware, memory of another node is ${times} as far as a node\u2019s own.`;
}
