/** Worker pools on the board: a worker on each CPU that is placed, or on all. */

import type { PoolCase } from '../../cases/pool.ts';
import type { Offer } from '../offer.ts';
import { POOL } from './bench.ts';
import { DEFAULT_POOL_WORKLOAD } from './workload.ts';
import type { PoolWorkload } from './workload.ts';

export const POOL_OFFER: Offer<PoolCase, PoolWorkload> = {
  bench: POOL,
  title: 'Worker pools',
  workload: DEFAULT_POOL_WORKLOAD,
  baseline: false,
  figure: () => null,
  measured: (_, results) => results[0]?.placement.kind === 'pool',
};
