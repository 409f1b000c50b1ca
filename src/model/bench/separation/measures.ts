/** What is taken of each repetition of a layout: throughput, latency, and the signs that a decision goes by. */

import type { PoolWorker } from '../../cases/pool.ts';
import type { Benchmark } from '../../cases/case.ts';
import type { RawRepetition } from '../../run/results.ts';
import { histogramPercentile, pearson } from '../../run/statistics.ts';
import { poolShares } from '../pool/seen.ts';

export interface Measure {
  readonly benchmark: Benchmark;
  readonly metric: string;
  readonly title: string;
  /** Of one repetition; null: it has none. */
  readonly value: (repetition: RawRepetition) => number | null;
}

const percentile =
  (share: number) =>
  ({ histogram = [] }: RawRepetition): number | null =>
    histogramPercentile(histogram, share);

const ofWorkers =
  (value: (workers: readonly PoolWorker[]) => number | null) =>
  ({ workers = [] }: RawRepetition): number | null =>
    workers.length === 0 ? null : value(workers);

/** How much less the idlest node's workers were busy than the busiest's; null for one node. */
export function nodeImbalance(workers: readonly PoolWorker[]): number | null {
  const nodes = new Map<number, { busy: number; seconds: number }>();
  for (const { node, seconds, idleSeconds } of workers) {
    const own = nodes.get(node) ?? { busy: 0, seconds: 0 };
    nodes.set(node, {
      busy: own.busy + seconds - idleSeconds,
      seconds: own.seconds + seconds,
    });
  }
  if (nodes.size < 2) return null;
  const shares = [...nodes.values()].map(({ busy, seconds }) => (seconds > 0 ? busy / seconds : 0));
  const most = Math.max(...shares);
  return most > 0 ? (most - Math.min(...shares)) / most : null;
}

/** Pearson's, of the workers' shares of stolen jobs and of slow polls; null where either is the same for all. */
export function stealSlowCorrelation(workers: readonly PoolWorker[]): number | null {
  const pairs = workers.flatMap((one) => {
    const { stealRate, slowPolls } = poolShares([one]);
    return stealRate === null || slowPolls === null ? [] : [[stealRate, slowPolls] as const];
  });
  return pearson(pairs)?.value ?? null;
}

/** In percent. */
const share = (
  benchmark: Benchmark,
  title: string,
  value: (workers: readonly PoolWorker[]) => number | null,
): Measure => ({
  ...{ benchmark, metric: '%', title },
  value: ofWorkers((workers) => {
    const part = value(workers);
    return part === null ? null : part * 100;
  }),
});

export const MEASURES: readonly Measure[] = [
  {
    benchmark: 'separation',
    metric: 'jobs/s',
    title: 'Requests',
    value: ({ value }) => value,
  },
  {
    benchmark: 'separation-p50',
    metric: 'ns',
    title: 'Latency, p50',
    value: percentile(0.5),
  },
  {
    benchmark: 'separation-p99',
    metric: 'ns',
    title: 'Latency, p99',
    value: percentile(0.99),
  },
  {
    benchmark: 'separation-p99.9',
    metric: 'ns',
    title: 'Latency, p99.9',
    value: percentile(0.999),
  },
  share('separation-steal-rate', 'Jobs stolen', (workers) => poolShares(workers).stealRate),
  share('separation-steal-efficiency', 'Attempts to steal that got a job', (workers) => poolShares(workers).efficiency),
  share('separation-slow-polls', 'Jobs longer than 1 ms', (workers) => poolShares(workers).slowPolls),
  share('separation-cross-node', 'Jobs run on another node', (workers) => poolShares(workers).remote),
  {
    ...{
      benchmark: 'separation-correlation',
      metric: 'r',
      title: 'Correlation of stolen and slow',
    },
    value: ofWorkers(stealSlowCorrelation),
  },
  share('separation-imbalance', 'Imbalance of nodes', nodeImbalance),
];
