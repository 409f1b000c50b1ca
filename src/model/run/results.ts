/** Raw repetitions of an agent → results: medians with intervals, what was seen to hold, whether it counts. */

import { formatCpuList, parseCpuList } from '../text/cpulist.ts';
import { plural } from '../text/format.ts';
import { isUnavailable } from './run.ts';
import type { Histogram, Reading, Result, Seen } from './run.ts';
import { isNoisy, median, medianInterval, spread } from './statistics.ts';
import type { MemoryCase, SpscCase } from '../cases/spsc.ts';

/** The part of the agent's repetition line (docs/PROTOCOL.md) that results are made of. */
export interface RawRepetition {
  readonly benchmark: keyof typeof METRICS;
  readonly case: number;
  readonly round: number;
  readonly valid: boolean;
  readonly why: string | null;
  readonly counters: Readonly<Record<string, Reading<number>>>;
  readonly seen: {
    readonly nodes: Readonly<Record<string, number>>;
    readonly pageBytes: number | null;
    readonly migrations: number | null;
    readonly producerCpus?: string;
    readonly consumerCpus?: string;
    readonly cpus?: string;
  };
  /** Of the four figures each benchmark has one; null: there is none, as of no round trips there is no median. */
  readonly itemsPerSecond?: number | null;
  /** Sends and receives, both counted. */
  readonly operationsPerSecond?: number | null;
  readonly medianNs?: number | null;
  readonly value?: number | null;
  readonly items?: number;
  readonly emptyPolls?: number;
  readonly fullPolls?: number;
  readonly histogram?: Histogram;
}

const METRICS = {
  spsc: 'items/s',
  'spsc-latency': 'ns',
  'spsc-alternate': 'ops/s',
  'memory-latency': 'ns',
  'memory-bandwidth': 'B/s',
  'core-to-core': 'ns',
} as const;

/** The one figure of a repetition, in the metric of its benchmark; null where it has none. */
export function figureOf(repetition: RawRepetition): number | null {
  return repetition.itemsPerSecond ?? repetition.operationsPerSecond ?? repetition.medianNs ?? repetition.value ?? null;
}

/** Why a result does not count, or null. Of several reasons the first; how many repetitions have no figure is told beside it. */
function whyNot(repetitions: readonly RawRepetition[]): string | null {
  if (repetitions.length === 0) return 'not measured';
  const slipped = repetitions.find((one) => !one.valid || figureOf(one) === null);
  if (!slipped) return null;
  const reason = slipped.why ?? (slipped.valid ? 'no figure came of it' : 'the placement slipped');
  const without = repetitions.filter((one) => figureOf(one) === null).length;
  if (without === 0) return reason;
  return `${reason}; ${without} of ${plural(repetitions.length, 'repetition')} ${without === 1 ? 'has' : 'have'} no figure`;
}

function union(lists: readonly (string | undefined)[]): string {
  return formatCpuList(lists.flatMap((list) => parseCpuList(list ?? '')));
}

function seenIn(repetitions: readonly RawRepetition[]): Seen {
  const last = repetitions.at(-1)?.seen;
  const cpus: Record<string, string> = {};
  for (const [role, key] of [
    ['producer', 'producerCpus'],
    ['consumer', 'consumerCpus'],
    ['thread', 'cpus'],
  ] as const) {
    if (last?.[key] !== undefined) cpus[role] = union(repetitions.map((one) => one.seen[key]));
  }
  const migrations = repetitions.map((one) => one.seen.migrations);
  return {
    cpus,
    nodes: last?.nodes ?? {},
    pageBytes: last?.pageBytes ?? null,
    migrations: migrations.includes(null) ? null : migrations.reduce<number>((sum, one) => sum + (one ?? 0), 0),
  };
}

/** Sums over the repetitions; one that could not be read makes the sum unavailable, with its reason. */
function countersOf(repetitions: readonly RawRepetition[]): Record<string, Reading<number>> {
  // A Map, because a counter may be called "constructor".
  const sums = new Map<string, Reading<number>>();
  for (const { counters } of repetitions) {
    for (const [name, value] of Object.entries(counters)) {
      const before = sums.get(name) ?? 0;
      sums.set(name, isUnavailable(before) ? before : isUnavailable(value) ? value : before + value);
    }
  }
  return Object.fromEntries(sums);
}

function histogramOf(repetitions: readonly RawRepetition[]): Histogram | null {
  const counts = new Map<number, number>();
  for (const { histogram } of repetitions) {
    for (const [upper, count] of histogram ?? []) counts.set(upper, (counts.get(upper) ?? 0) + count);
  }
  return counts.size === 0 ? null : [...counts].sort(([a], [b]) => a - b);
}

function pollsOf(repetitions: readonly RawRepetition[]): Result['polls'] {
  const items = repetitions.reduce((sum, one) => sum + (one.items ?? 0), 0);
  if (items === 0 || repetitions.some((one) => one.emptyPolls === undefined)) return null;
  const perItem = (key: 'emptyPolls' | 'fullPolls'): number =>
    repetitions.reduce((sum, one) => sum + (one[key] ?? 0), 0) / items;
  return { emptyPerItem: perItem('emptyPolls'), fullPerItem: perItem('fullPolls') };
}

/** One result a case, in their order; a case without a repetition has median null and says so. */
export function buildResults(
  cases: readonly (SpscCase | MemoryCase)[],
  repetitions: readonly RawRepetition[],
  options: { readonly benchmark: RawRepetition['benchmark'] | null; readonly emulated: boolean },
): Result[] {
  return cases.map((placement, index) => {
    const own = repetitions.filter((one) => one.case === index).sort((a, b) => a.round - b.round);
    const benchmark =
      own[0]?.benchmark ?? options.benchmark ?? ('what' in placement ? (`memory-${placement.what}` as const) : 'spsc');
    const taken = own.map(figureOf);
    const figures = taken.filter((one) => one !== null);
    const middle = figures.length === 0 ? null : median(figures);
    const why = whyNot(own);
    const interval = medianInterval(figures);
    return {
      benchmark,
      metric: METRICS[benchmark],
      median: middle,
      interval,
      repetitions: taken,
      placement,
      seen: seenIn(own),
      valid: why === null,
      why,
      counters: countersOf(own),
      polls: pollsOf(own),
      histogram: histogramOf(own),
      spread: spread(figures),
      noisy: isNoisy(middle, interval),
      emulated: options.emulated,
    };
  });
}
