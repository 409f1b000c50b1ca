/** What the SPSC benchmark places: its two threads and the memory of the ring between them. */

import type { MemoryTarget, SpscCase } from '../../cases/spsc.ts';
import { memoryNodesOf } from '../../placement/placement.ts';
import { firstTouchNode } from '../../placement/usable.ts';
import type { Placement, Slot } from '../../placement/slots.ts';
import type { Topology } from '../../topology/topology.ts';

const THREAD = { on: 'cpus', many: false, follows: null, dropped: 'the thread is pinned there' } as const;

const MEMORY: Slot = {
  ...{ name: 'memory', letter: 'M', label: 'Memory', spoken: 'memory' },
  on: 'nodes',
  many: false,
  shape: 'module',
  lineTo: null,
  follows: 'producer',
  dropped: 'the ring lies there',
};

export const SPSC_SLOTS: readonly Slot[] = [
  {
    ...THREAD,
    ...{ name: 'producer', letter: 'P', label: 'Producer', spoken: 'producer' },
    shape: 'tip',
    lineTo: 'consumer',
  },
  {
    ...THREAD,
    ...{ name: 'consumer', letter: 'C', label: 'Consumer', spoken: 'consumer' },
    shape: 'notch',
    lineTo: null,
  },
  MEMORY,
];

/** Where the tokens of a case that was measured lie. Memory that was interleaved, or where the producer touched it first, has none. */
export function placementOf({
  producer,
  consumer,
  memory,
}: Pick<SpscCase, 'producer' | 'consumer' | 'memory'>): Placement {
  const threads = { producer: [producer], consumer: [consumer] };
  if (typeof memory === 'number') return { ...threads, memory: [memory] };
  return memory === 'consumer' ? { ...threads, memory: { of: memory } } : threads;
}

/** A node that the reader made up cannot be named to a tool that binds: then it is left to first touch. */
function bindable(topology: Topology, id: number | null): MemoryTarget {
  const node = topology.nodes.find((one) => one.id === id);
  return node && !node.inferred ? node.id : 'producer';
}

/** What the agent is told of the ring's memory. */
export const memoryTarget = (topology: Topology, placement: Placement): MemoryTarget =>
  bindable(topology, memoryNodesOf(topology, MEMORY, placement)[0] ?? null);

/** As `memoryTarget`, where no token places it. */
export const memoryBeside = (topology: Topology, producer: number): MemoryTarget =>
  bindable(topology, firstTouchNode(topology, producer));
