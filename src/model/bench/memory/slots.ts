/** What the memory benchmark places: the threads that read and write, and the nodes that the memory lies on. */

import type { MemoryCase } from '../../cases/memory.ts';
import type { Placement, Slot } from '../../placement/slots.ts';

export const MEMORY_SLOTS: readonly [workers: Slot, memory: Slot] = [
  {
    ...{ name: 'workers', letter: 'W', label: 'Workers', spoken: 'workers' },
    on: 'cpus',
    many: true,
    shape: 'round',
    lineTo: null,
    follows: null,
    dropped: 'a thread is pinned to each CPU',
  },
  {
    ...{ name: 'memory', letter: 'M', label: 'Memory', spoken: 'memory' },
    on: 'nodes',
    many: true,
    shape: 'module',
    lineTo: null,
    follows: 'workers',
    dropped: 'their memory lies there',
  },
];

export const placementOf = ({ cpus, nodes }: Pick<MemoryCase, 'cpus' | 'nodes'>): Placement => ({
  workers: cpus,
  ...(nodes.length > 0 ? { memory: nodes } : {}),
});
