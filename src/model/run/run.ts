/** A run: everything that was measured once, self-contained, as it stands in a `*.numa.json` file. */

import type { PairClass } from '../cases/matrix.ts';
import type { Benchmark, Case } from '../cases/case.ts';
import type { Course } from '../cases/course.ts';
import type { PoolWorker } from '../cases/pool.ts';
import type { ServiceRecord } from '../cases/service.ts';
import type { Topology } from '../topology/topology.ts';

export const RUN_SCHEMA = 'numa-pinboard/snapshot/1';

/** A value that could not be had, with the reason in words. Never written as 0. */
export interface Unavailable {
  readonly unavailable: string;
}
export type Reading<T> = T | Unavailable;

export function isUnavailable(value: unknown): value is Unavailable {
  return typeof value === 'object' && value !== null && 'unavailable' in value;
}

/** Why a figure carries no statement, in a word or two; null: it does. One repetition proves nothing, but it is not noise. */
export const doubtOf = ({ noisy, interval }: Pick<Result, 'noisy' | 'interval'>): 'noisy' | 'too few rounds' | null =>
  !noisy ? null : interval ? 'noisy' : 'too few rounds';

/** The figures of a result, without the repetitions that have none. */
export const figuresOf = ({ repetitions }: Pick<Result, 'repetitions'>): number[] =>
  repetitions.filter((figure) => figure !== null);

export type Metric = 'items/s' | 'ops/s' | 'jobs/s' | 'ns' | 'B/s' | 's' | (string & {});

/** Where a program's pages lay at a time after its start. */
export interface ResidentAt {
  readonly seconds: number;
  /** Bytes by node id. */
  readonly nodes: Readonly<Record<string, number>>;
}

/** What held while it ran, from inside: CPUs seen, pages by node, page size got. */
export interface Seen {
  /** CPU lists by role: producer and consumer, or `thread` for single-threaded benchmarks. */
  readonly cpus: Readonly<Record<string, string>>;
  /** Pages by node id, in units of `pageBytes`. */
  readonly nodes: Readonly<Record<string, number>>;
  readonly pageBytes: number | null;
  readonly migrations: number | null;
}

/** Upper bound of a bucket (ns) and how many fell into it, ascending. */
export type Histogram = readonly (readonly [upperNs: number, count: number])[];

/** Bytes a second between memory and caches by node, of all that ran on the host. */
export interface Traffic {
  /** What counted them: "memory controllers", "resctrl". */
  readonly source: string;
  readonly nodes: Readonly<Record<string, number>>;
}

export interface Result {
  readonly benchmark: Benchmark;
  readonly metric: Metric;
  /** Median of the repetitions; null when there is none. */
  readonly median: number | null;
  /** 95 % bootstrap interval of the median. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Every raw figure, in the order taken; null: that repetition has none, and `why` says so. */
  readonly repetitions: readonly (number | null)[];
  readonly placement: Case;
  readonly seen: Seen;
  readonly valid: boolean;
  /** Why it is not valid, or null. */
  readonly why: string | null;
  readonly counters: Readonly<Record<string, Reading<number>>>;
  /** Empty and full polls per item, the regime of a ring; null where it has none. */
  readonly polls: { readonly emptyPerItem: number; readonly fullPerItem: number } | null;
  readonly histogram: Histogram | null;
  /** (max − min) ÷ median of the repetitions. */
  readonly spread: number | null;
  /** The interval is too wide to carry a statement. */
  readonly noisy: boolean;
  readonly emulated: boolean;
  /** Of several threads together: the median bandwidth of each, by its place among the case's CPUs (of loaded latency: without the first). */
  readonly threads?: readonly number[];
  /** Of loaded latency: what the other threads moved meanwhile, together. */
  readonly loadBytesPerSecond?: number;
  /** Of latency: dependent loads of all repetitions, which its counters counted over. */
  readonly loads?: number;
  /** Of pools: what each worker did, in the order of the case's CPUs. */
  readonly workers?: readonly PoolWorker[];
  /** Of two pools: what memory moved meanwhile, where this host tells. */
  readonly traffic?: Reading<Traffic>;
  /** Of a program that whoever started it ended while it ran: how long that took says nothing of it. */
  readonly stopped?: true;
  /** Of a program: where its pages lay over time, oldest first. */
  readonly resident?: readonly ResidentAt[];
  /** Of a program: its figures over time, and what was done to it meanwhile. */
  readonly course?: Course;
  /** Of a matrix: every pair is in exactly one class, the cheapest class first. */
  readonly classes?: readonly PairClass[];
  /** Of a matrix: how many pairs were measured; the others are inferred. */
  readonly measuredPairs?: number;
}

/** What a run says about its first result against its second: a share of −0.58 is "58 % less". */
export interface Comparison {
  /** Index of the result compared and of the one it is held against. */
  readonly of: number;
  readonly against: number;
  /** Relative change of the median per-round ratio, of ÷ against − 1. */
  readonly change: number;
  readonly interval: readonly [low: number, high: number];
  /** False where the interval spans zero: no difference could be shown. */
  readonly shown: boolean;
}

export interface Verdict {
  /** The question that the placement asks. */
  readonly question: string;
  /** The answer in one sentence. */
  readonly sentence: string;
  readonly tone: 'loss' | 'gain' | 'even' | 'neutral';
}

/** What tells a guided run from others; what it found follows from its results (`bench/guide/findings/`). */
export interface GuideRecord {
  readonly budgetMs: number;
  /** What was left out to keep the budget, in words. */
  readonly leftOut: readonly string[];
}

/** One of a race's candidates, beside its result. */
export interface RaceCandidate {
  readonly name: string;
  /** What it does and why that may be good, in one sentence. */
  readonly why: string;
  /** Why it was not in the final, in words; null: it was, or the race ended before. */
  readonly out: string | null;
}

export interface RaceFinal {
  readonly from: number;
  readonly rounds: number;
  readonly comparisons: readonly Comparison[];
}

/** What tells a race from other runs: its results are the candidates, in their order, the first without any placement. */
export interface RaceRecord {
  readonly budgetMs: number;
  /** Of the figure. */
  readonly better: 'more' | 'less';
  readonly candidates: readonly RaceCandidate[];
  /** What was left out to keep the budget, by name. */
  readonly leftOut: readonly string[];
  /**
   * The rounds of the proof: so many repetitions from that one on; what was compared in them, each interval holding at 95 % however often it
   * was looked at. Null: it was not begun.
   */
  readonly final: RaceFinal | null;
  /** Of a program that does not end by itself: its figures over this time, after `settleMs`. */
  readonly window?: { readonly settleMs: number; readonly windowMs: number } | undefined;
}

export type EnvironmentValue = string | number | boolean | Unavailable;
/** What decides whether a number means anything: kernel, governor, boost, SMT, numa_balancing, load before … */
export type Environment = Readonly<Record<string, EnvironmentValue>>;

export interface Run {
  readonly schema: typeof RUN_SCHEMA;
  /** Unique: the time and a random part, safe as a file name. */
  readonly id: string;
  /** What a person called it; absent: nobody did. */
  readonly name?: string;
  /** Start, ISO 8601. */
  readonly time: string;
  readonly seconds: number;
  readonly tool: { readonly name: 'numa-pinboard'; readonly version: string };
  readonly host: { readonly name: string; readonly transport: 'local' | 'ssh' };
  /** The command line that repeats it. */
  readonly repeat: string;
  readonly topology: Topology;
  readonly environment: Environment;
  readonly results: readonly Result[];
  readonly comparison: Comparison | null;
  readonly verdict: Verdict | null;
  /** Why it was cut short, with what was measured so far kept; null for a complete run. */
  readonly partial: string | null;
  /** What was left out or lay elsewhere because of what the session may use; absent where there is nothing to say. */
  readonly notes?: readonly string[];
  /** Thresholds that a person set for what judges it, by name; the others are those of the program. */
  readonly thresholds?: Readonly<Record<string, number>>;
  /** Of a guided run (`bench spsc --guide`). */
  readonly guide?: GuideRecord;
  /** Of a race: the candidate that was shown to be the best, by its place in `results`; null: none was. */
  readonly winner?: number | null;
  readonly race?: RaceRecord;
  /** Of a program with metrics of its own (`run --metrics`): what it told, from which its signs follow. */
  readonly service?: ServiceRecord;
}

/** A run as a board lists it: without its topology, which the board holds once, and without the pairs of a matrix (`Board.costs`). */
export type RunSummary = Omit<Run, 'topology'>;
