/** Raw repetitions of an agent → results: medians with intervals, what was seen to hold, whether it counts. */

import { formatCpuList, parseCpuList } from '../text/cpulist.ts';
import { plural } from '../text/format.ts';
import { isUnavailable } from './run.ts';
import type { Histogram, Metric, Reading, Result, Seen, Traffic } from './run.ts';
import { isNoisy, median, medianInterval, spread } from './statistics.ts';
import type { Benchmark, Case } from '../cases/case.ts';
import type { PoolWorker } from '../cases/pool.ts';

/** What a figure is: the benchmark that takes it, and its unit. */
export interface FigureKind {
  readonly benchmark: Benchmark;
  readonly metric: Metric;
}

/** The part of the agent's repetition line (docs/PROTOCOL.md) that results are made of. */
export interface RawRepetition extends FigureKind {
  readonly case: number;
  readonly round: number;
  /** Null: there is none, as of no round trips there is no median. */
  readonly value: number | null;
  readonly valid: boolean;
  readonly why: string | null;
  readonly counters: Readonly<Record<string, Reading<number>>>;
  readonly seen: Seen;
  /** Of a ring. */
  readonly items?: number;
  readonly emptyPolls?: number;
  readonly fullPolls?: number;
  readonly histogram?: Histogram;
  /** Of latency: dependent loads. */
  readonly loads?: number;
  /** Of latency under load: what the other threads moved meanwhile, and each of them; or each thread's bandwidth. */
  readonly loadBytesPerSecond?: number | null;
  readonly threads?: readonly (number | null)[];
  /** Of pools. */
  readonly workers?: readonly PoolWorker[];
  /** Of two pools: requests that came by the clock, those dropped, the times of hand-overs, and what memory moved meanwhile. */
  readonly arrived?: number;
  readonly dropped?: number;
  readonly handed?: Histogram;
  readonly traffic?: Reading<Traffic>;
}

/** Why a result does not count, or null. Of several reasons the first; how many repetitions have no figure is told beside it. */
function whyNot(repetitions: readonly RawRepetition[]): string | null {
  if (repetitions.length === 0) return 'not measured';
  const slipped = repetitions.find((one) => !one.valid || one.value === null);
  if (!slipped) return null;
  const reason = slipped.why ?? (slipped.valid ? 'it produced no figure' : 'the placement slipped');
  const without = repetitions.filter((one) => one.value === null).length;
  if (without === 0) return reason;
  return `${reason}; ${without} of ${plural(repetitions.length, 'repetition')} ${without === 1 ? 'has' : 'have'} no figure`;
}

function seenIn(repetitions: readonly RawRepetition[]): Seen {
  const seen = repetitions.map((one) => one.seen);
  const last = seen.at(-1);
  const union = (slot: string): string => formatCpuList(seen.flatMap(({ cpus }) => parseCpuList(cpus[slot] ?? '')));
  const migrations = seen.map((one) => one.migrations);
  return {
    cpus: Object.fromEntries(Object.keys(last?.cpus ?? {}).map((slot) => [slot, union(slot)])),
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

/** Each thread's median over the repetitions, by its place in the case; empty where threads were not told apart. */
function threadsOf(repetitions: readonly RawRepetition[]): number[] {
  const lists = repetitions.flatMap(({ threads }) =>
    threads === undefined || threads.includes(null) ? [] : [threads],
  );
  return (lists[0] ?? []).map((_, thread) => median(lists.map((list) => list[thread] ?? 0)));
}

const addedUp = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? 0) + (b[at] ?? 0));

/** What the same worker did in two repetitions. */
function workerTogether(a: PoolWorker, b: PoolWorker): PoolWorker {
  const allocations = a.allocations + b.allocations;
  const of = ({ allocationNs, allocations: count }: PoolWorker): number => (allocationNs ?? 0) * count;
  const counted = [a, b].filter(({ allocationNs }) => allocationNs !== null);
  const weight = counted.reduce((sum, one) => sum + one.allocations, 0);
  return {
    ...{ cpu: a.cpu, node: a.node },
    polls: a.polls + b.polls,
    timedPolls: a.timedPolls + b.timedPolls,
    slowPolls: a.slowPolls + b.slowPolls,
    ...(a.searches === undefined || b.searches === undefined ? {} : { searches: a.searches + b.searches }),
    tried: addedUp(a.tried, b.tried),
    got: addedUp(a.got, b.got),
    local: a.local + b.local,
    remote: a.remote + b.remote,
    seconds: a.seconds + b.seconds,
    idleSeconds: a.idleSeconds + b.idleSeconds,
    allocations,
    allocationNs: weight === 0 ? null : counted.reduce((sum, one) => sum + of(one), 0) / weight,
    migrations: a.migrations + b.migrations,
  };
}

function workersOf(repetitions: readonly RawRepetition[]): PoolWorker[] {
  const lists = repetitions.flatMap(({ workers }) => (workers === undefined ? [] : [workers]));
  const [first = [], ...rest] = lists;
  return first.map((worker, at) =>
    rest.flatMap((list) => list[at] ?? []).reduce((sum, one) => workerTogether(sum, one), worker),
  );
}

/** Each node's median; of repetitions without figures the reason. */
function trafficOf(repetitions: readonly RawRepetition[]): Reading<Traffic> | null {
  const all = repetitions.flatMap(({ traffic }) => (traffic === undefined ? [] : [traffic]));
  const told = all.flatMap((one) => (isUnavailable(one) ? [] : [one]));
  const [first] = told;
  if (!first) return all[0] ?? null;
  const nodes = Object.keys(first.nodes).map((node) => [node, median(told.map((one) => one.nodes[node] ?? 0))]);
  return { source: first.source, nodes: Object.fromEntries(nodes) as Traffic['nodes'] };
}

/** What only some benchmarks have: absent, not null, for the others. */
function extras(
  repetitions: readonly RawRepetition[],
): Pick<Result, 'threads' | 'loadBytesPerSecond' | 'loads' | 'workers' | 'traffic'> {
  const threads = threadsOf(repetitions);
  const workers = workersOf(repetitions);
  const traffic = trafficOf(repetitions);
  const load = repetitions.flatMap(({ loadBytesPerSecond: of }) => (typeof of === 'number' ? [of] : []));
  const loads = repetitions.reduce((sum, one) => sum + (one.loads ?? 0), 0);
  return {
    ...(threads.length > 0 ? { threads } : {}),
    ...(load.length > 0 ? { loadBytesPerSecond: median(load) } : {}),
    ...(loads > 0 ? { loads } : {}),
    ...(workers.length > 0 ? { workers } : {}),
    ...(traffic ? { traffic } : {}),
  };
}

/**
 * One result a case, in their order; a case without a repetition has median null and says so.
 * @param kind what is measured of a case, for those of which there is no repetition.
 */
export function buildResults<C extends Case>(
  cases: readonly C[],
  repetitions: readonly RawRepetition[],
  { kind, emulated }: { readonly kind: (one: C) => FigureKind; readonly emulated: boolean },
): Result[] {
  const ofCase = cases.map((): RawRepetition[] => []);
  for (const one of repetitions) ofCase[one.case]?.push(one);
  return cases.map((placement, index) => {
    const own = (ofCase[index] ?? []).sort((a, b) => a.round - b.round);
    const { benchmark, metric } = own[0] ?? kind(placement);
    const taken = own.map((one) => one.value);
    const figures = taken.filter((one) => one !== null);
    const middle = figures.length === 0 ? null : median(figures);
    const why = whyNot(own);
    const interval = medianInterval(figures);
    return {
      benchmark,
      metric,
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
      emulated,
      ...extras(own),
    };
  });
}

/** A result a case and measure: the first measure keeps what else was seen of the case; of others, those of which there was something to count. */
export function measuredResults<C extends Case>(
  cases: readonly C[],
  repetitions: readonly RawRepetition[],
  measures: readonly (FigureKind & { value(repetition: RawRepetition, one: C): number | null })[],
  emulated: boolean,
): Result[] {
  return measures.flatMap(({ benchmark, metric, value }, at) => {
    const taken = repetitions.map((one): RawRepetition => {
      const { workers, histogram, counters, traffic, ...rest } = one;
      const of = cases[one.case];
      const more =
        at === 0
          ? {
              counters,
              ...(workers ? { workers } : {}),
              ...(histogram ? { histogram } : {}),
              ...(traffic ? { traffic } : {}),
            }
          : { counters: {} };
      return { ...rest, ...more, benchmark, metric, value: of ? value(one, of) : null };
    });
    const results = buildResults(cases, taken, { kind: () => ({ benchmark, metric }), emulated });
    return at === 0 ? results : results.filter((one) => one.median !== null);
  });
}
