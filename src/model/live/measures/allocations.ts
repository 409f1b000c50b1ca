import { eventWords, most, ofNode } from './measure.ts';
import type { Measure } from './measure.ts';

export const allocations: Measure = {
  key: 'allocations',
  name: 'Allocations',
  group: 'Allocations',
  unit: 'k pages/s',
  limits: [0.5, 1, 5, 10, 20, 40],
  paints: 'node',
  about: 'machine',
  meaning: 'Pages of this node allocated to CPUs of other nodes: allocations (numastat other_node), not accesses.',
  permission: null,
  missing: 'This host does not count allocations per node.',
  value: ofNode((node) => (node.otherPerSecond === null ? null : node.otherPerSecond / 1000)),
  words: (value) => eventWords(value * 1000, 'pages'),
  sentence: (topology, sample) => {
    if (topology.nodes.length === 1) return 'Only one node: allocations cannot land elsewhere.';
    const top = most(sample, (node) => node.otherPerSecond);
    if (!top) return allocations.missing;
    if (top.value < 1) return 'No node is giving pages to CPUs elsewhere.';
    return `Node ${top.id} gives ${eventWords(top.value, 'pages')} to CPUs elsewhere.`;
  },
};
