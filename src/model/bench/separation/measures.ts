/** What is taken of each repetition of a layout: throughput, latency, and the signs that a decision goes by. */

import type { PoolWorker } from '../../cases/pool.ts';
import type { SeparationCase } from '../../cases/separation.ts';
import type { RawRepetition } from '../../run/results.ts';
import { pearson } from '../../run/correlation.ts';
import { histogramPercentile } from '../../run/statistics.ts';
import { poolShares } from '../pool/seen.ts';
import { TITLES } from './titles.ts';
import type { SeparationFigure, Titled } from './titles.ts';

export interface Measure extends Titled {
  /** Of one repetition; null: it has none. */
  readonly value: (repetition: RawRepetition, one: SeparationCase) => number | null;
}

/** @param least requests of a repetition: of fewer the largest would pass for it. */
const percentile =
  (share: number, least = 1) =>
  ({ histogram = [] }: RawRepetition): number | null =>
    histogram.reduce((sum, [, count]) => sum + count, 0) < least ? null : histogramPercentile(histogram, share);

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
  const shares = [...nodes.values()].map(({ busy, seconds }) => (seconds > 0 ? Math.max(0, busy / seconds) : 0));
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

type Workers = readonly PoolWorker[];

const sumOf = (workers: Workers, of: (one: PoolWorker) => number): number =>
  workers.reduce((sum, one) => sum + of(one), 0);
const gotBy = (workers: Workers): number => sumOf(workers, ({ got }) => got.reduce((all, one) => all + one, 0));

/** The walkers come first. */
const poolsIn = (
  { workers = [] }: RawRepetition,
  { walkers }: SeparationCase,
): [walks: Workers, distances: Workers] => [workers.slice(0, walkers.length), workers.slice(walkers.length)];

/** Of searches for a job of others, those that ended with one. */
function stealEfficiency(workers: Workers): number | null {
  const searches = sumOf(workers, (one) => one.searches ?? 0);
  return searches > 0 ? Math.min(1, gotBy(workers) / searches) : null;
}

/** Rows are read anywhere in the store: the chance that who reads one is on another node than its page. */
export function readAcross(
  distances: Workers,
  pages: Readonly<Record<string, number>>,
  copies: boolean,
): number | null {
  const all = Object.values(pages).reduce((sum, count) => sum + count, 0);
  const polls = sumOf(distances, (one) => one.polls);
  if (all === 0 || polls === 0) return null;
  const near = ({ node }: PoolWorker): number => {
    const own = pages[String(node)] ?? 0;
    return copies ? Number(own > 0) : own / all;
  };
  return 1 - sumOf(distances, (one) => near(one) * one.polls) / polls;
}

/** How much more of its jobs the pool that walks stole; half a job counts where there was none. Null where neither stole. */
function poolSteals([walks, distances]: [Workers, Workers]): number | null {
  const rate = (workers: Workers): number => (gotBy(workers) + 0.5) / (sumOf(workers, ({ polls }) => polls) + 1);
  return gotBy(walks) + gotBy(distances) === 0 ? null : rate(walks) / rate(distances);
}

/** Of one batch, in ns: the time that its workers were not idle. */
function batchNs(distances: Workers): number | null {
  const polls = sumOf(distances, (one) => one.polls);
  const busy = sumOf(distances, ({ seconds, idleSeconds }) => seconds - idleSeconds);
  return polls > 0 && busy > 0 ? (busy / polls) * 1e9 : null;
}

type Value = Measure['value'];

/** In percent. */
const share =
  (value: Value): Value =>
  (repetition, one) => {
    const part = value(repetition, one);
    return part === null ? null : part * 100;
  };

const idle = (workers: Workers): number | null => poolShares(workers).idle;

const VALUES: Readonly<Record<SeparationFigure, Value>> = {
  separation: ({ value }) => value,
  'separation-p50': percentile(0.5),
  'separation-p99': percentile(0.99),
  'separation-p99.9': percentile(0.999, 1000),
  'separation-dropped': share(({ arrived = 0, dropped = 0 }) => (arrived > 0 ? dropped / arrived : null)),
  'separation-steal-rate': share(ofWorkers((workers) => poolShares(workers).stealRate)),
  'separation-steal-efficiency': share(ofWorkers(stealEfficiency)),
  'separation-pool-steals': (repetition, one) => poolSteals(poolsIn(repetition, one)),
  'separation-slow-polls': share(ofWorkers((workers) => poolShares(workers).slowPolls)),
  'separation-cross-node': share(ofWorkers((workers) => poolShares(workers).remote)),
  'separation-cross-pages': share((repetition, one) =>
    readAcross(poolsIn(repetition, one)[1], repetition.seen.nodes, one.layout === 'replicated'),
  ),
  'separation-correlation': ofWorkers(stealSlowCorrelation),
  'separation-imbalance': share(ofWorkers(nodeImbalance)),
  'separation-idle-walks': share((repetition, one) => idle(poolsIn(repetition, one)[0])),
  'separation-idle-distances': share((repetition, one) => idle(poolsIn(repetition, one)[1])),
  'separation-hand-over': ({ handed = [] }) => histogramPercentile(handed, 0.5),
  'separation-batch': (repetition, one) => batchNs(poolsIn(repetition, one)[1]),
};

export const MEASURES: readonly Measure[] = TITLES.map((one) => ({ ...one, value: VALUES[one.benchmark] }));
