/** Worker pools: what they worked on, who stole from whom, and whose first touch their memory was. */

import type { PageKind } from './pages.ts';

/**
 * `traversal`: best-first walks over a graph of ids; `distance`: masked dot products, 128 to a batch; `sparse`: a sparse matrix times a
 * vector, again and again; `tree`: fork and join; `tiny`: jobs that cost nothing; `dispatch`: one pool walks, hands its batches over to
 * a second one, which takes the distances and hands the results back.
 */
export const POOL_LOADS = ['traversal', 'distance', 'sparse', 'tree', 'tiny', 'dispatch'] as const;
export type PoolLoad = (typeof POOL_LOADS)[number];

/** `flat`: all others by number, from the first; `random`: any; `hierarchical`: the nearest first. */
export const STEAL_ORDERS = ['flat', 'random', 'hierarchical'] as const;
export type StealOrder = (typeof STEAL_ORDERS)[number];

/**
 * Who touches memory first: each `worker` its own share, the first worker all of it (`main`), or nobody's touch counts: interleaved over
 * all nodes, or bound to one. `replicate`: what is only read lies on every node of the workers.
 */
export const TOUCHES = ['worker', 'main', 'interleave', 'bind', 'replicate'] as const;
export type Touch = (typeof TOUCHES)[number];

export interface PoolCase {
  readonly kind: 'pool';
  readonly load: PoolLoad;
  /** A worker on each. */
  readonly cpus: readonly number[];
  /** Of `dispatch`: the first so many are the pool that hands over. */
  readonly dispatchers?: number | undefined;
  readonly order: StealOrder;
  /** What the classes of distance are called by which steals are counted, the nearest first. */
  readonly classes: readonly string[];
  readonly touch: Touch;
  /** Of `bind`. */
  readonly node?: number | undefined;
  readonly pages: PageKind;
  /** Of what is stored; of loads that store nothing it says nothing. */
  readonly sizeBytes: number;
}

/** What one worker did in the measured time of all repetitions. */
export interface PoolWorker {
  readonly cpu: number;
  readonly node: number;
  /** Jobs it ran, whole or a part of one; of so many the time was taken, and so many of those took more than 1 ms. */
  readonly polls: number;
  readonly timedPolls: number;
  readonly slowPolls: number;
  /** For a job of others, from when its own were done until it had one again; absent in older runs. */
  readonly searches?: number;
  /** By class of distance: attempts to steal, and those that got a job. */
  readonly tried: readonly number[];
  readonly got: readonly number[];
  /** Jobs put in by a worker of its own node, and of another. */
  readonly local: number;
  readonly remote: number;
  readonly seconds: number;
  readonly idleSeconds: number;
  readonly allocations: number;
  /** Of one allocation; null: none was timed. */
  readonly allocationNs: number | null;
  readonly migrations: number;
}

export const storesNothing = (load: PoolLoad): boolean => load === 'tree' || load === 'tiny';
