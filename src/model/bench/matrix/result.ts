/** From an exploration to a result of a run, and what it says in words. */

import { formatCount, formatMetric, formatPercent, plural } from '../../text/format.ts';
import type { Result, Seen } from '../../run/run.ts';
import { median } from '../../run/statistics.ts';
import type { MatrixCase } from '../../cases/matrix.ts';
import type { PairClass } from '../../cases/matrix.ts';

export const METRICS = {
  latency: { benchmark: 'core-to-core', metric: 'ns' },
  throughput: { benchmark: 'spsc', metric: 'items/s' },
} as const satisfies Record<MatrixCase['matrix'], Pick<Result, 'benchmark' | 'metric'>>;

export interface MatrixFindings {
  readonly placement: MatrixCase;
  readonly classes: readonly PairClass[];
  readonly seen: Seen;
  /** What was wrong with pairs that were left out, or null. */
  readonly why: string | null;
  readonly emulated: boolean;
}

/** The median is that of all pairs, inferred ones too; the classes hold what was found. */
export function matrixResult({ placement, classes, seen, why, emulated }: MatrixFindings): Result {
  const figures = classes.flatMap((own) => own.figures);
  const measuredPairs = classes.reduce((sum, own) => sum + own.measuredPairs, 0);
  return {
    ...METRICS[placement.matrix],
    median: figures.length === 0 ? null : median(figures),
    interval: null,
    repetitions: [],
    placement,
    seen,
    valid: measuredPairs > 0 && why === null,
    why: measuredPairs === 0 ? 'not measured' : why,
    counters: {},
    polls: null,
    histogram: null,
    spread: null,
    noisy: false,
    emulated,
    classes,
    measuredPairs,
  };
}

export const NOTHING_SEEN: Seen = { cpus: {}, nodes: {}, pageBytes: null, migrations: null };

/** How many of how many pairs were measured: the rest is inferred, and nothing else says so as shortly. */
export function measuredWords({ classes = [], measuredPairs = 0 }: Result): string {
  const all = classes.reduce((sum, own) => sum + own.pairs.length, 0);
  if (measuredPairs === all) return `all ${plural(all, 'pair')} measured`;
  return `${formatCount(measuredPairs)} of ${plural(all, 'pair')} measured (${formatPercent(measuredPairs / all)}), the others inferred`;
}

export interface ClassWords {
  readonly name: string;
  readonly median: string;
  readonly interval: string;
  readonly pairs: string;
}

export function classWords({ classes = [], metric, emulated }: Result): ClassWords[] {
  const mark = emulated ? ', emulated' : '';
  return classes.map((own) => ({
    name: own.name,
    median: own.median === null ? 'not measured' : formatMetric(own.median, metric) + mark,
    interval: own.interval ? own.interval.map((end) => formatMetric(end, metric)).join(' … ') : '',
    pairs: `${formatCount(own.measuredPairs)} of ${formatCount(own.pairs.length)}`,
  }));
}

/** "From 9.8 ns (same core) to 200 ns (other package, distance 21)", or null where nothing was measured. */
export function matrixSentence({ classes = [], metric }: Result): string | null {
  const known = classes.filter((own) => own.median !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || first.median === null || last.median === null) return null;
  if (first === last) return `${formatMetric(first.median, metric)} between any two (${first.name}).`;
  return `From ${formatMetric(first.median, metric)} (${first.name}) to ${formatMetric(last.median, metric)} (${last.name}).`;
}
