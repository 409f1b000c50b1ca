/** One placement of a queue between two threads, as a run measures it. */

import type { PageKind } from './pages.ts';

export const PADDINGS = [0, 64, 128, 256] as const;
export type Padding = (typeof PADDINGS)[number];

/** A node's id, or a policy: first touch by one end, or interleaved over all nodes with memory. */
export type MemoryTarget = number | 'producer' | 'consumer' | 'interleave';

/** One of the placements that a run measures in turn. */
export interface SpscCase {
  readonly kind: 'spsc';
  readonly producer: number;
  readonly consumer: number;
  readonly memory: MemoryTarget;
  /** False: the threads start there but may move; migrations are counted. */
  readonly pin: boolean;
  readonly padding: Padding;
  readonly capacity: number;
  readonly batch: number;
  readonly pages: PageKind;
}
