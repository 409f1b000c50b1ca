/** What two pools let be placed: both of them, and the store that the second reads. */

import type { Slot } from '../../placement/slots.ts';

const POOL = { on: 'cpus', many: true, lineTo: null, follows: null } as const;

export const SEPARATION_SLOTS: readonly Slot[] = [
  {
    ...{ name: 'walkers', letter: 'W', label: 'Walks', spoken: 'pool that walks', shape: 'tip', ...POOL },
    dropped: 'a worker that walks the graph is pinned to each CPU',
  },
  {
    ...{ name: 'workers', letter: 'V', label: 'Vectors', spoken: 'pool that takes distances', shape: 'notch', ...POOL },
    dropped: 'a worker that takes distances of vectors is pinned to each CPU',
  },
  {
    ...{ name: 'store', letter: 'M', label: 'Store', spoken: 'store of vectors', shape: 'module' },
    ...{ on: 'nodes', many: true, lineTo: null, follows: 'workers' },
    dropped: 'the vectors lie there, interleaved over several',
  },
];
