/**
 * The guided run before it starts: which cases answer "What does crossing sockets cost?" on this host, and how many rounds of
 * which length fit into the time it is given. Each case differs from the plain one of its pair in one thing, so that a
 * difference has one cause; what does not fit is left out by name, the least telling first.
 */

import { formatDuration } from '../../text/format.ts';
import { nodeWords } from '../../text/format.ts';
import { forbiddenNodes } from '../../placement/usable.ts';
import type { Topology } from '../../topology/topology.ts';
import { DEFAULT_WORKLOAD } from '../spsc/workload.ts';
import type { SpscCase } from '../../cases/spsc.ts';
import { roundsNeeded } from '../../run/jointly.ts';
import { pairKindsOf, homeOf, OTHER_PADDING, referenceOf } from './pair-kinds.ts';
import type { Busy, PairKind } from './pair-kinds.ts';

export const GUIDE_QUESTION = 'What does crossing sockets cost?';
export const DEFAULT_BUDGET_MS = 60_000;

export interface GuideCase {
  /** "across sockets, memory on node 1, round trip" */
  readonly label: string;
  readonly latency: boolean;
  readonly spsc: SpscCase;
  /** 0 is kept as long as anything fits; higher ones are left out first: every kind of pair comes before more about each. */
  readonly rank: number;
  /** Where the ring lies on another node than the producer's own. */
  readonly away: boolean;
}

export interface GuidePlan {
  readonly crossings: readonly PairKind[];
  /** Throughput first, then round trips: a round measures them in this order. */
  readonly cases: readonly GuideCase[];
  readonly rounds: number;
  readonly durationMs: number;
  /** What it is expected to take, all in all; at most the budget. */
  readonly estimateMs: number;
  /** What was left out to keep the budget. */
  readonly leftOut: readonly string[];
  /** Nodes whose memory the session's cpuset leaves out: no ring is put there. */
  readonly forbidden: readonly number[];
}

/** More rounds bear more comparisons and more outliers; this many at most, then repetitions get longer. */
const MOST_ROUNDS = 15;
/** Not enough for a statement: taken where the time bears no more, and then said. */
const FEWEST = [5, 3] as const;
const LONGEST_MS = 300;
/** At 20 M items/s the default ring wraps 500 times in the shorter. Where software plays the CPU, threads need longer to meet. */
const SHORTEST_MS = { real: 100, emulated: 200 };
/** Around each repetition: threads and memory come and go. */
const OVERHEAD_MS = { real: 20, emulated: 400 };
/** Each half of a round starts the agent once. */
const START_MS = { real: 100, emulated: 400 };
const HALVES = 2;

/** What differs from the plain case of the pair, in words. */
function label(crossing: PairKind, one: Pick<GuideCase, 'latency' | 'away'>, spsc: SpscCase): string {
  const words = [
    spsc.pin ? crossing.name : 'not pinned',
    ...(one.away ? [`memory on node ${spsc.memory}`] : []),
    ...(spsc.padding === DEFAULT_WORKLOAD.padding ? [] : [`padding ${spsc.padding}`]),
    ...(one.latency ? ['round trip'] : []),
  ];
  return words.join(', ');
}

function casesOf(topology: Topology, crossings: readonly PairKind[]): GuideCase[] {
  const near = referenceOf(topology, crossings) ?? crossings[0];
  const far = crossings.at(-1);
  const { padding, capacity, batch, pages } = DEFAULT_WORKLOAD;
  const cases: GuideCase[] = [];
  const add = (crossing: PairKind, latency: boolean, rank: number, spsc: SpscCase, away = false): void => {
    cases.push({ label: label(crossing, { latency, away }, spsc), latency, spsc, rank, away });
  };
  // The farthest first: where a run is shown by one result, it is the crossing.
  for (const crossing of [...crossings].reverse()) {
    const { producer, consumer } = crossing;
    const [home, other] = [homeOf(topology, producer), homeOf(topology, consumer)];
    const plain: SpscCase = {
      kind: 'spsc',
      ...{ producer, consumer, pin: true },
      ...{ memory: home ?? 'producer', padding, capacity, batch, pages },
    };
    const end = crossing === near || crossing === far;
    for (const latency of [false, true]) {
      add(crossing, latency, end ? 0 : latency ? 4 : 1, plain);
      if (home !== null && other !== null && other !== home) {
        add(crossing, latency, (end ? 2 : 5) + (latency ? 1 : 0), { ...plain, memory: other }, true);
      }
      // Where the scheduler puts them does not depend on the pair: measured once, it is held against every pair.
      if (crossing === near) add(crossing, latency, latency ? 3 : 2, { ...plain, pin: false });
    }
    add(crossing, false, end ? 3 : 5, { ...plain, padding: OTHER_PADDING });
  }
  return cases.sort((one, two) => Number(one.latency) - Number(two.latency));
}

type Times = Pick<GuidePlan, 'rounds' | 'durationMs' | 'estimateMs'>;

/** The agent warms up for a tenth of a repetition. */
const WARM_UP = 1.1;

/** The longest repetitions with which so many rounds fit, or null. */
function timesFor(cases: number, rounds: number, budgetMs: number, kind: 'real' | 'emulated'): Times | null {
  const around = HALVES * START_MS[kind] + cases * OVERHEAD_MS[kind];
  const room = (budgetMs / rounds - around) / (cases * WARM_UP);
  const durationMs = Math.floor(Math.min(LONGEST_MS, room) / 10) * 10;
  if (durationMs < SHORTEST_MS[kind]) return null;
  return { rounds, durationMs, estimateMs: Math.ceil(rounds * (around + cases * durationMs * WARM_UP)) };
}

/** What is left out next: the last of the least telling; null when only what has to stay is left. */
export function leastTelling(cases: readonly GuideCase[]): GuideCase | null {
  return cases.reduce<GuideCase | null>(
    (last, one) => (one.rank > 0 && one.rank >= (last?.rank ?? 0) ? one : last),
    null,
  );
}

/** Every case is held against another, except the two plain ones (rate and round trip) that others are held against. */
export const enoughRounds = (cases: number): number => roundsNeeded(cases - HALVES);

/** @param budgetMs all that the guide may take, from the start of its first repetition. */
export function planGuide(
  topology: Topology,
  budgetMs: number,
  busy: Busy = new Map(),
): GuidePlan | { readonly why: string } {
  const crossings = pairKindsOf(topology, busy);
  if (crossings.length === 0) {
    return { why: 'A guided run needs at least two CPUs, and this session may use fewer.' };
  }
  const kind = topology.machine.emulated ? 'emulated' : 'real';
  const forbidden = forbiddenNodes(topology).map(({ id }) => id);
  const leftOut: string[] = [];
  let cases: readonly GuideCase[] = casesOf(topology, crossings);
  for (;;) {
    const least = leastTelling(cases);
    const enough = enoughRounds(cases.length);
    const choices = [Math.max(MOST_ROUNDS, enough), enough, ...(least ? [] : FEWEST)];
    const times = choices.reduce<Times | null>(
      (found, rounds) => found ?? timesFor(cases.length, rounds, budgetMs, kind),
      null,
    );
    if (times) return { crossings, cases, ...times, leftOut, forbidden };
    if (!least) {
      const around = HALVES * START_MS[kind] + cases.length * (OVERHEAD_MS[kind] + SHORTEST_MS[kind] * WARM_UP);
      return {
        why: `A guided run needs at least ${formatDuration(Math.ceil((around * FEWEST[1]) / 1000) * 1000)} here.`,
      };
    }
    cases = cases.filter((one) => one !== least);
    leftOut.push(least.label);
  }
}

/** "11 cases in 11 rounds, about 42 s", said before it starts. */
export function planWords({ cases, rounds, estimateMs, leftOut, forbidden }: GuidePlan): string {
  const seconds = formatDuration(Math.ceil(estimateMs / 1000) * 1000);
  const out = leftOut.length === 0 ? '' : `; left out to stay within the time: ${leftOut.join(' · ')}`;
  const kept =
    forbidden.length === 0 ? '' : `; no ring on ${nodeWords(forbidden)}: outside the cpuset this session may use`;
  return `${cases.length} cases in ${rounds} rounds, about ${seconds}${out}${kept}`;
}
