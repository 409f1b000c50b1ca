/** A race: which placement is the best for a program of the user's own, by running it under each that the machine makes possible. */

import type { Running } from '../../model/board/board.ts';
import { baseName, pinNodes, pinWords } from '../../model/bench/program/command.ts';
import { allCandidates, chooseCandidates, ownCandidate, UNPINNED } from '../../model/bench/race/candidates.ts';
import type { Candidate } from '../../model/bench/race/candidates.ts';
import { shortestRace } from '../../model/bench/race/elimination.ts';
import type { Better } from '../../model/bench/race/elimination.ts';
import { FEWEST_ROUNDS } from '../../model/bench/race/final.ts';
import type { ProgramPin } from '../../model/cases/program.ts';
import { PinboardError } from '../../model/problem.ts';
import { betterOf } from '../../model/run/better.ts';
import type { Run } from '../../model/run/run.ts';
import { parseCpuList } from '../../model/text/cpulist.ts';
import { formatDuration } from '../../model/text/format.ts';
import type { Host } from '../host.ts';
import { Budget } from './budget.ts';
import { RaceRounds } from './race-rounds.ts';
import type { RaceField } from './race-rounds.ts';
import { runOnce } from './race-run.ts';
import type { RanOnce, Window } from './race-run.ts';
import { startRun } from './started-run.ts';
import { UNFINISHED } from './unfinished.ts';
import type { OnCheckpoint, StartedRun } from './started-run.ts';

interface RaceAsked {
  readonly command: readonly string[];
  readonly budgetMs: number;
  /** Names of candidates; null: those with the best chance. */
  readonly candidates: readonly string[] | null;
  /** Placements of the user's own, by the names that they are to have. */
  readonly also: readonly ProgramPin[];
  /** What the program prints and is judged by; null: its only one, else the time it takes. */
  readonly metric: string | null;
  /** Null: the metric's unit says. */
  readonly better: Better | null;
  /** Of a program that does not end by itself; null: it ends. */
  readonly window: Window | null;
  /** Told before the first round. */
  readonly onPlan?: (plan: RacePlan) => void;
  /** What it prints in its first run. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  readonly onProgress?: (running: Running) => void;
  readonly onCheckpoint?: OnCheckpoint;
  readonly signal?: AbortSignal;
}

export interface RacePlan extends Pick<RaceField, 'candidates' | 'metric' | 'better' | 'firstMs'> {
  readonly leftOut: readonly string[];
}

/** What it is judged by, as its first run has shown. @throws PinboardError `usage` where that has to be said. */
function judgedBy({ results }: RanOnce, asked: RaceAsked): Pick<RaceField, 'metric' | 'better'> {
  const printed = results.slice(1).map(({ metric }) => metric);
  const [only = 's'] = printed;
  const metric = asked.metric ?? only;
  const list = printed.length === 0 ? 'nothing of that kind' : printed.join(', ');
  const line = '{"metric": "queries/s", "value": 812.5}';
  if (asked.metric !== null && asked.metric !== 's' && !printed.includes(asked.metric))
    throw new PinboardError(
      'usage',
      `The program printed no "${asked.metric}", but ${list}.`,
      `Have it print lines such as ${line}.`,
    );
  if (asked.metric === null && printed.length > 1)
    throw new PinboardError('usage', `The program prints several metrics: ${list}.`, 'Choose one with --metric NAME.');
  if (metric === 's' && asked.window)
    throw new PinboardError(
      'usage',
      'The program printed no metric in its window.',
      `Have it print lines such as ${line}, or give a longer --window.`,
    );
  const better = asked.better ?? betterOf(metric);
  if (better === null)
    throw new PinboardError(
      'usage',
      `Whether more or less of "${metric}" is better does not follow from its name.`,
      'Give --better more or --better less.',
    );
  return { metric, better };
}

/** As many as a race within the time can decide between. @throws PinboardError `usage` where that is not even two. */
function fitting(chosen: readonly Candidate[], asked: RaceAsked, firstMs: number, leftMs: number): Candidate[] {
  const runs = leftMs / firstMs;
  for (let count = chosen.length; count > 1; count--) {
    if (shortestRace(count, FEWEST_ROUNDS) <= runs) return chosen.slice(0, count);
  }
  const least = (shortestRace(2, FEWEST_ROUNDS) + 1) * firstMs;
  throw new PinboardError(
    'usage',
    `One run takes ${formatDuration(firstMs)}, and the shortest race is ${shortestRace(2, FEWEST_ROUNDS)} runs: too many for ${formatDuration(asked.budgetMs)}.`,
    `Give --budget ${Math.ceil(least / 60_000)}m or more, or a shorter run.`,
  );
}

const durationWords = (ms: number): string => `${Math.round(ms)}ms`;

function repeatWords(asked: RaceAsked): string[] {
  const { budgetMs, candidates, also, metric, better, window } = asked;
  return [
    ...['race', '--budget', durationWords(budgetMs)],
    ...(candidates === null ? [] : ['--candidates', candidates.join(',')]),
    ...also.flatMap((pin) => ['--also', pinWords(pin)]),
    ...(metric === null ? [] : ['--metric', metric]),
    ...(better === null ? [] : ['--better', better]),
    ...(window ? ['--window', durationWords(window.windowMs), '--settle', durationWords(window.settleMs)] : []),
  ];
}

/** The program once without a placement, which no figure is taken of: it tells how long it takes, what it prints and its threads. */
async function firstRun(
  host: Host,
  run: StartedRun,
  asked: RaceAsked,
  budget: Budget,
): Promise<RanOnce & { ms: number }> {
  const { command, window, budgetMs, onOutput } = asked;
  const limitMs = budgetMs / shortestRace(2, FEWEST_ROUNDS);
  const start = performance.now();
  const ran = await runOnce(host, {
    ...{ command, candidate: UNPINNED, window, limitMs, onOutput, emulated: run.emulated, signal: budget.signal },
  });
  if (ran.cut) throw ran.cut;
  if (ran.ended)
    throw new PinboardError(
      'usage',
      `The program has not ended after ${formatDuration(limitMs)}, and ${formatDuration(budgetMs)} are too short for a race of such runs.`,
      'Give a longer --budget; if it is a server that does not end by itself, give --window 10s.',
    );
  const why = ran.results[0]?.why ?? null;
  if (why !== null) throw new PinboardError('check-failed', `The program failed without any placement: ${why}.`);
  return { ...ran, ms: performance.now() - start };
}

/**
 * Cut short (cancelled, connection lost) it returns what was measured until then, and `partial` says why. A budget that ends is no cut.
 * @throws PinboardError when nothing was measured at all.
 */
export async function measureRace(host: Host, asked: RaceAsked): Promise<Run> {
  const { also, budgetMs, signal } = asked;
  const run = await startRun(host, signal);
  run.refuseUnknown(
    also.flatMap((pin) => parseCpuList(pin.cpus)),
    also.flatMap(pinNodes),
  );
  const budget = new Budget(budgetMs, signal).start();
  try {
    return await race(host, run, asked, budget);
  } finally {
    budget.end();
  }
}

async function race(host: Host, run: StartedRun, asked: RaceAsked, budget: Budget): Promise<Run> {
  const { command, also, window, budgetMs, onProgress } = asked;
  const program = baseName(command[0] ?? '');
  const own = also.map((pin) => ownCandidate(pin, program));
  const { thp } = run.environment;
  const raced = { program, thp: typeof thp === 'string' ? thp : null };
  // Names that are nowhere are refused before anything runs; threads are known only after the first run.
  const known = allCandidates(run.topology, { ...raced, threads: [] });
  if (asked.candidates?.includes('threads') !== true) chooseCandidates(known, asked.candidates, own);
  const first = await firstRun(host, run, asked, budget);
  const judged = judgedBy(first, asked);
  const all = allCandidates(run.topology, { ...raced, threads: first.threads });
  const chosen = chooseCandidates(all, asked.candidates, own);
  const candidates = fitting(chosen, asked, first.ms, budget.leftMs);
  const leftOut = chosen.slice(candidates.length).map(({ name }) => name);
  asked.onPlan?.({ candidates, leftOut, ...judged, firstMs: first.ms });
  const question = `Which placement is the best for ${program}?`;
  const field: RaceField = {
    ...{ question, candidates, ...judged, firstMs: first.ms },
    run: { command, window, emulated: run.emulated },
  };
  const onTaken = (): void => asked.onCheckpoint?.(() => finish(UNFINISHED));
  const rounds = new RaceRounds(host, field, budget, { onProgress, onTaken });
  const finish = (problem: PinboardError | null): Run =>
    run.finish({
      results: rounds.results(),
      ...{ question, repeat: repeatWords(asked), command, problem },
      race: {
        ...{ budgetMs, better: judged.better, candidates: rounds.candidates, leftOut, final: rounds.final },
        ...(window ? { window } : {}),
      },
    });
  const problem = await rounds.measure();
  if (problem && !rounds.begun) throw problem;
  return finish(problem);
}
