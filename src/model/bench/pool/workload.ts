/** What the board measures of worker pools. */

import type { PoolLoad, StealOrder, Touch } from '../../cases/pool.ts';
import type { Timing } from '../bench.ts';

export const POOL_LOAD_SETS = {
  all: ['traversal', 'distance', 'sparse', 'tree', 'tiny', 'dispatch'],
  jobs: ['tree', 'tiny'],
  stores: ['traversal', 'distance', 'sparse', 'dispatch'],
} as const satisfies Record<string, readonly PoolLoad[]>;
export type PoolLoadSet = keyof typeof POOL_LOAD_SETS;

export const ORDER_SETS = {
  all: ['flat', 'random', 'hierarchical'],
  flat: ['flat', 'hierarchical'],
  nearest: ['hierarchical'],
} as const satisfies Record<string, readonly StealOrder[]>;
export type OrderSet = keyof typeof ORDER_SETS;

export const TOUCH_SETS = {
  worker: ['worker'],
  all: ['worker', 'main', 'interleave'],
} as const satisfies Record<string, readonly Touch[]>;
export type TouchSet = keyof typeof TOUCH_SETS;

export interface PoolWorkload extends Timing {
  readonly kind: 'pool';
  readonly loads: PoolLoadSet;
  readonly orders: OrderSet;
  readonly touches: TouchSet;
  /** On the first 1, 2, 4 … of the workers' nodes as well: from how many on does it pay? */
  readonly across: boolean;
  /** Of what is stored; null: beyond the caches, as memory is free. */
  readonly sizeBytes: number | null;
}

export const DEFAULT_POOL_WORKLOAD: PoolWorkload = {
  kind: 'pool',
  ...{ loads: 'all', orders: 'all', touches: 'worker', across: false, sizeBytes: null },
  // As many as intervals of all its comparisons at once need.
  rounds: 11,
  durationMs: 100,
};
