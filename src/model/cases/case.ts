/** What a result measured and where: one of these, told apart by `kind`. A new kind of measurement is a file beside this one, a row in `Case` and one in `BENCHMARKS`. */

import type { MatrixCase } from './matrix.ts';
import type { MemoryCase } from './memory.ts';
import type { PoolCase } from './pool.ts';
import type { ProgramCase } from './program.ts';
import type { SeparationCase } from './separation.ts';
import type { SpscCase } from './spsc.ts';

export type Case = SpscCase | MemoryCase | MatrixCase | PoolCase | SeparationCase | ProgramCase;
export type CaseKind = Case['kind'];

/** The `benchmark` of a result: what its figures are called, by the kind of case that they are taken of. */
export const BENCHMARKS = {
  spsc: ['spsc', 'spsc-latency', 'spsc-alternate'],
  memory: ['memory-latency', 'memory-bandwidth', 'memory-loaded-latency'],
  matrix: ['core-to-core', 'spsc'],
  pool: ['pool-traversal', 'pool-distance', 'pool-sparse', 'pool-tree', 'pool-tiny', 'pool-dispatch'],
  separation: [
    ...['separation', 'separation-p50', 'separation-p99', 'separation-p99.9', 'separation-steal-rate'],
    ...['separation-steal-efficiency', 'separation-slow-polls', 'separation-cross-node', 'separation-correlation'],
    ...['separation-imbalance', 'separation-cross-pages', 'separation-pool-steals', 'separation-dropped'],
    ...['separation-hand-over', 'separation-batch', 'separation-idle-walks', 'separation-idle-distances'],
  ],
  program: ['run'],
} as const satisfies Record<CaseKind, readonly string[]>;

export type Benchmark = (typeof BENCHMARKS)[CaseKind][number];

/** Whether the results of a run are several things, each with a metric of its own, and not one thing measured in several places. */
const SEVERAL_THINGS = {
  spsc: false,
  memory: false,
  matrix: false,
  pool: false,
  separation: true,
  program: true,
} as const satisfies Record<CaseKind, boolean>;

export const areSeveralThings = ({ kind }: Case): boolean => SEVERAL_THINGS[kind];

/** Units that the agent's figures come in; a program of the user's own prints what it likes. */
export const METRICS = ['items/s', 'ops/s', 'jobs/s', 'ns', 'B/s'] as const;
