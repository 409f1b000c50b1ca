/** One placement of a queue between two threads, as a run measures it. */

import type { PageKind } from './pages.ts';

export const PADDINGS = [0, 64, 128, 256] as const;
export type Padding = (typeof PADDINGS)[number];

/** A node's id, or a policy: first touch by one end, or interleaved over all nodes with memory. */
export type MemoryTarget = number | 'producer' | 'consumer' | 'interleave';

/** Where the tokens sit; null is still in the tray. Memory in the tray means: on the producer's node. */
export interface Placement {
  readonly producer: number | null;
  readonly consumer: number | null;
  /** Node id. */
  readonly memory: number | null;
}

export const EMPTY_PLACEMENT: Placement = { producer: null, consumer: null, memory: null };

export type Role = keyof Placement;
/** Threads of a program that runs: these, `thread:#TID,TID`, or all of a name, `thread:NAME`. */
export type ThreadToken = `thread:${string}`;
/** Whatever can be carried over the machine. */
export type Token = Role | ThreadToken;
export const ROLES = ['producer', 'consumer', 'memory'] as const satisfies readonly Role[];

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
