/** The other counters of numastat, by node: pages that were allocated, and by whose wish. Events, not accesses. */

import type { NodeSample } from '../sample.ts';
import { eventWords, most, ofNode } from './measure.ts';
import type { Measure } from './measure.ts';

type Counter = 'hitPerSecond' | 'missPerSecond' | 'foreignPerSecond' | 'localPerSecond';

interface Words {
  readonly name: string;
  readonly meaning: string;
  /** Of the node with the most: "Node 1" stands before it, the figure behind it. */
  readonly most: string;
  readonly after: string;
  readonly none: string;
}

function events(key: string, counter: Counter, { name, meaning, most: verb, after, none }: Words): Measure {
  const of = (node: NodeSample): number | null => node[counter];
  const measure: Measure = {
    key,
    name,
    group: 'Allocations',
    unit: 'k pages/s',
    limits: [0.5, 1, 5, 10, 20, 40],
    paints: 'node',
    about: 'machine',
    meaning,
    permission: null,
    missing: 'This host does not count allocations per node.',
    value: ofNode((node) => {
      const pages = of(node);
      return pages === null ? null : pages / 1000;
    }),
    words: (value) => eventWords(value * 1000, 'pages'),
    sentence: (_, sample) => {
      const top = most(sample, of);
      if (!top) return measure.missing;
      if (top.value < 1) return none;
      return `Node ${top.id} ${verb} ${eventWords(top.value, 'pages')}${after}.`;
    },
  };
  return measure;
}

export const hit = events('hit', 'hitPerSecond', {
  name: 'Hits',
  meaning: 'Pages allocated on this node as its policy wished (numastat numa_hit): allocations, not accesses.',
  most: 'gives',
  after: ' to allocations that wished for it, the most of all nodes',
  none: 'No node is asked for pages.',
});
export const miss = events('miss', 'missPerSecond', {
  name: 'Misses',
  meaning:
    'Pages allocated on this node although another one was preferred, as when that one is full (numastat numa_miss).',
  most: 'had to give',
  after: ' that were wished for elsewhere',
  none: 'Every page came from the node that it was wished from.',
});
export const foreign = events('foreign', 'foreignPerSecond', {
  name: 'Foreign',
  meaning: 'Pages that this node was preferred for and another one had to give (numastat numa_foreign).',
  most: 'could not give',
  after: ' that were wished from it; other nodes gave them',
  none: 'Every page came from the node that it was wished from.',
});
export const local = events('local', 'localPerSecond', {
  name: 'Local allocations',
  meaning: 'Pages of this node allocated to its own CPUs (numastat local_node): allocations, not accesses.',
  most: 'gives its own CPUs',
  after: ', the most of all nodes',
  none: 'No node is giving pages to its own CPUs.',
});
