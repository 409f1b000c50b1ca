import { formatFigure } from '../../text/format.ts';
import { most, ofNode } from './measure.ts';
import type { Measure } from './measure.ts';

/** Pages a second: "1.2 k pages/s", "120 pages/s"; of less than one it is said that it is less. */
function rateWords(pages: number): string {
  if (pages >= 1000) return `${formatFigure(pages / 1000)}\u00a0k pages/s`;
  return pages > 0 && pages < 1 ? 'less than 1 page/s' : `${Math.round(pages)} pages/s`;
}

export const allocations: Measure = {
  key: 'allocations',
  name: 'Allocations',
  unit: 'k pages/s',
  limits: [0.5, 1, 5, 10, 20, 40],
  paints: 'node',
  about: 'machine',
  meaning: 'Pages of this node allocated to CPUs of other nodes: allocations (numastat other_node), not accesses.',
  permission: null,
  missing: 'This host does not count allocations per node.',
  value: ofNode((node) => (node.otherPerSecond === null ? null : node.otherPerSecond / 1000)),
  words: (value) => rateWords(value * 1000),
  sentence: (topology, sample) => {
    if (topology.nodes.length === 1) return 'Only one node: allocations cannot land elsewhere.';
    const top = most(sample, (node) => node.otherPerSecond);
    if (!top) return allocations.missing;
    if (top.value < 1) return 'No node is giving pages to CPUs elsewhere.';
    return `Node ${top.id} gives ${rateWords(top.value)} to CPUs elsewhere.`;
  },
};
