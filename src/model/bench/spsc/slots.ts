/** What the SPSC benchmark places: its two threads and the memory of the ring between them. */

import type { Slot } from '../../placement/slots.ts';

const THREAD = { on: 'cpus', many: false, follows: null, dropped: 'the thread is pinned there' } as const;

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
  {
    ...{ name: 'memory', letter: 'M', label: 'Memory', spoken: 'memory' },
    on: 'nodes',
    many: false,
    shape: 'module',
    lineTo: null,
    follows: 'producer',
    dropped: 'the ring lies there',
  },
];
