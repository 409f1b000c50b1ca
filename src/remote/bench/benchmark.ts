/** Runs of the bundled benchmarks: starts the agent, gathers its repetitions, and keeps what was measured if it is cut short. */

import type { Figure, MeasuredBench, Timing } from '../../model/bench/bench.ts';
import { caseWords } from '../../model/bench/case-words.ts';
import type { Running } from '../../model/board/board.ts';
import type { Benchmark, Case } from '../../model/cases/case.ts';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { buildResults, measuredResults } from '../../model/run/results.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { Run } from '../../model/run/run.ts';
import type { Repetition } from '../../protocol/agent.ts';
import { runAgent } from '../agent/run-agent.ts';
import type { Host } from '../host.ts';
import { Progress } from './progress.ts';
import { startRun } from './started-run.ts';
import type { OnCheckpoint } from './started-run.ts';
import { UNFINISHED } from './unfinished.ts';

export interface Watched {
  readonly onProgress?: (running: Running) => void;
  readonly onCheckpoint?: OnCheckpoint;
  readonly signal?: AbortSignal;
}

export interface Measurement<C extends Case> extends Watched, Timing {
  readonly bench: MeasuredBench<C>;
  readonly cases: readonly C[];
  /** Of several figures of one case, which; null or absent: the benchmark's usual one. */
  readonly benchmark?: Benchmark | null;
  /** What the run is to answer; by default what the cases differ in. */
  readonly question?: string;
  /** What the cases are called while they are measured; by default what the benchmark calls them. */
  readonly labels?: readonly string[];
  /** Words of the command line that repeat it; by default those of the benchmark for these cases. */
  readonly repeat?: readonly (string | number)[];
}

/**
 * Cases in turn, round by round. Cut short (cancelled, agent dead, connection lost) it returns what was measured until
 * then, and `partial` says why.
 * @throws PinboardError when nothing was measured at all.
 */
export async function measure<C extends Case>(host: Host, asked: Measurement<C>): Promise<Run> {
  const { bench, cases, benchmark = null, rounds, durationMs, onProgress } = asked;
  const words = bench.agentWords(cases, benchmark);
  const run = await startRun(host, asked.signal);
  const places = cases.map((one) => bench.places(one));
  run.refuseUnknown(
    places.flatMap(({ cpus }) => cpus),
    places.flatMap(({ nodes }) => nodes),
  );
  const args = [...words, '--rounds', String(rounds), '--duration-ms', String(durationMs)];
  for (const one of cases) args.push('--case', caseWords(bench.agentCase(one)));
  const question = asked.question ?? bench.question(run.topology, cases, benchmark);
  const kind = (one: C): Figure => bench.figure(one, benchmark);
  const metrics = cases.map((one) => kind(one).metric);
  const told = cases.length > 1 ? bench.labels?.(cases) : undefined;
  const labels = asked.labels ?? told ?? cases.map((one) => bench.label(one, kind(one).benchmark));
  const progress = new Progress({ question, labels, rounds, metrics }, onProgress);
  return gather(host, args, progress, asked, ({ repetitions, problem }) =>
    run.finish({
      results: bench.measures
        ? measuredResults(cases, repetitions, bench.measures, run.emulated)
        : buildResults(cases, repetitions, { kind, emulated: run.emulated }),
      question,
      repeat: asked.repeat ?? bench.repeatWords(cases, benchmark, { rounds, durationMs }),
      problem,
      thresholds: bench.thresholds,
    }),
  );
}

interface Gathered {
  readonly repetitions: readonly Repetition[];
  readonly problem: PinboardError | null;
}

/** @param finish puts together what was measured until then. @throws the problem when not one repetition came. */
async function gather(
  host: Host,
  args: readonly string[],
  progress: Progress,
  { signal, onCheckpoint }: Watched,
  finish: (gathered: Gathered) => Run,
): Promise<Run> {
  const repetitions: Repetition[] = [];
  progress.start();
  const problem = await runAgent(host, args, {
    onStart: () => progress.ready(),
    onLine: (line) => {
      if (line.type !== 'repetition') return;
      const repetition = cleaned(line);
      repetitions.push(repetition);
      progress.add(repetition);
      onCheckpoint?.(() => finish({ repetitions, problem: UNFINISHED }));
    },
    signal,
  });
  if (problem && repetitions.length === 0) throw problem;
  if (repetitions.length === 0)
    throw new PinboardError('agent-died', 'The agent reported that it had finished but returned no measurements.');
  return finish({ repetitions, problem });
}

/** Words and names in it were printed by the host. */
export function cleaned(repetition: Repetition): Repetition {
  const counters = Object.entries(repetition.counters).map(([name, value]) => [
    clean(name, 80),
    isUnavailable(value) ? { unavailable: clean(value.unavailable, 300) } : value,
  ]);
  return {
    ...repetition,
    why: repetition.why === null ? null : clean(repetition.why, 300),
    counters: Object.fromEntries(counters) as Repetition['counters'],
  };
}
