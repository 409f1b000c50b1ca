/** The queue between two threads: single producer, single consumer. */

import type { Benchmark } from '../../cases/case.ts';
import type { SpscCase } from '../../cases/spsc.ts';
import type { ToPaste } from '../../placement/to-paste.ts';
import { boundNode } from '../../placement/usable.ts';
import { formatPair } from '../../text/format.ts';
import { nodeOf, relate } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import type { Bench, Figure } from '../bench.ts';
import { neighbourRank } from './baseline.ts';
import { caseLabel, caseLabels } from './plan.ts';
import { placementOf, SPSC_SLOTS } from './slots.ts';
import { DEFAULT_WORKLOAD } from './workload.ts';

export const FIGURES = {
  spsc: { benchmark: 'spsc', metric: 'items/s', title: 'Queue throughput', aside: null },
  'spsc-latency': {
    ...{ benchmark: 'spsc-latency', metric: 'ns' },
    ...{ title: 'Round trip, median per repetition', aside: 'round trip' },
  },
  'spsc-alternate': {
    ...{ benchmark: 'spsc-alternate', metric: 'ops/s' },
    ...{ title: 'One thread, both ends of the queue', aside: null },
  },
} as const satisfies Partial<Record<Benchmark, Figure>>;

/** Settings of a ring beside where its ends and its memory are. */
const SETTINGS = ['padding', 'capacity', 'batch', 'pages'] as const;

export const SPSC: Bench<SpscCase> = {
  kind: 'spsc',
  figures: Object.values(FIGURES),
  slots: SPSC_SLOTS,
  unitNote: 'An item is 8 bytes; the ring’s capacity is in items.',
  placement: placementOf,
  asked: ({ pin, memory, pages, producer }) => ({
    pinned: pin,
    memory: 'Ring',
    counted: 'page',
    node: typeof memory === 'number' ? memory : null,
    pages,
    touching: [producer],
  }),
  label: (one, benchmark) => {
    if (benchmark === 'spsc-alternate') return `one thread on P#${one.producer}`;
    return one.pin ? caseLabel(one) : `${formatPair(one.producer, one.consumer)}, not pinned`;
  },
  shortLabel: caseLabel,
  unusual: (one, topology) => {
    const { memory } = one;
    const home = topology ? nodeOf(topology, one.producer)?.id : undefined;
    return [
      ...(typeof memory === 'number' && memory !== home ? [`memory on node ${memory}`] : []),
      ...SETTINGS.filter((key) => one[key] !== DEFAULT_WORKLOAD[key]).map((key) => `${key} ${one[key]}`),
    ];
  },
  labels: caseLabels,
  settings: ({ memory, padding, capacity, batch, pages }) => ({ memory, padding, capacity, batch, pages }),
  crosses: (topology, { producer, consumer }) => {
    const { otherNode, kind } = relate(topology, producer, consumer);
    return otherNode || kind === 'other-package';
  },
  fairness: (topology, far, near) => {
    if (far.pin !== near.pin || SETTINGS.some((key) => far[key] !== near[key])) return -1;
    return neighbourRank(topology, near.producer, near.consumer) * 2 + (far.producer === near.producer ? 0 : 1);
  },
  placed: (topology, one) => (one.pin ? placedPair(topology, one) : null),
};

/** Both threads, and the node that their ring is bound to. */
export function placedPair(topology: Topology, { producer, consumer, memory }: SpscCase): ToPaste {
  const first = memory === 'consumer' ? consumer : producer;
  const node = typeof memory === 'number' ? memory : memory === 'interleave' ? null : boundNode(topology, first);
  return {
    threads: [
      { name: 'producer', cpus: String(producer) },
      { name: 'consumer', cpus: String(consumer) },
    ],
    memory: node,
    command: null,
  };
}
