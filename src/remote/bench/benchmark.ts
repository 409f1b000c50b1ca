/** Runs of the bundled benchmarks: starts the agent, gathers its repetitions, and keeps what was measured if it is cut short. */

import type { Running } from '../../model/board/board.ts';
import { questionOf } from '../../model/bench/spsc/plan.ts';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { buildResults } from '../../model/run/results.ts';
import type { FigureKind } from '../../model/run/results.ts';
import { isUnavailable } from '../../model/run/run.ts';
import type { Snapshot } from '../../model/run/run.ts';
import { spscWords } from '../../model/verdict/build-run.ts';
import type { MemoryCase } from '../../model/cases/memory.ts';
import type { SpscCase } from '../../model/cases/spsc.ts';
import type { Workload } from '../../model/bench/spsc/workload.ts';
import type { Repetition } from '../../protocol/agent.ts';
import { follow } from '../agent/run-agent.ts';
import type { Host } from '../host.ts';
import { Progress } from './progress.ts';
import { startRun, UNFINISHED } from './started-run.ts';
import type { OnCheckpoint } from './started-run.ts';

export const SPSC_THROUGHPUT: FigureKind = { benchmark: 'spsc', metric: 'items/s' };
export const SPSC_LATENCY: FigureKind = { benchmark: 'spsc-latency', metric: 'ns' };
const SPSC_ALTERNATE: FigureKind = { benchmark: 'spsc-alternate', metric: 'ops/s' };
const MEMORY: Readonly<Record<MemoryCase['what'], FigureKind>> = {
  latency: { benchmark: 'memory-latency', metric: 'ns' },
  bandwidth: { benchmark: 'memory-bandwidth', metric: 'B/s' },
};

interface Watched {
  readonly onProgress?: (running: Running) => void;
  readonly onCheckpoint?: OnCheckpoint;
  readonly signal?: AbortSignal;
}

export interface SpscMeasurement extends Watched {
  readonly cases: readonly SpscCase[];
  readonly workload: Workload;
  /** One a case, as people should read it. */
  readonly labels: readonly string[];
  /** What the run is to answer; by default what the cases differ in. */
  readonly question?: string;
}

export interface MemoryMeasurement extends Watched {
  /** All of one size. */
  readonly cases: readonly MemoryCase[];
  readonly rounds: number;
  readonly durationMs: number;
  readonly question?: string;
}

/**
 * Cases in turn, round by round. Cut short (cancelled, agent dead, connection lost) it returns what was measured until
 * then, and `partial` says why.
 * @throws PinboardError when nothing was measured at all.
 */
export async function measureSpsc(host: Host, asked: SpscMeasurement): Promise<Snapshot> {
  const { cases, workload } = asked;
  const run = await startRun(host, asked.signal);
  run.refuseUnknown(
    cases.flatMap((one) => [one.producer, one.consumer]),
    cases.map((one) => one.memory).filter((memory) => typeof memory === 'number'),
  );
  const args = ['spsc', ...timing(workload.rounds, workload.durationMs), ...(workload.latency ? ['--latency'] : [])];
  for (const one of cases) args.push('--case', spscCaseWords(one));
  const question = asked.question ?? questionOf(run.topology, cases, workload.latency);
  const kind = workload.latency ? SPSC_LATENCY : SPSC_THROUGHPUT;
  const { labels, onProgress } = asked;
  const progress = new Progress({ question, labels, rounds: workload.rounds, metric: kind.metric }, onProgress);
  return gather(host, args, progress, asked, ({ repetitions, problem }) =>
    run.finish({
      results: buildResults(cases, repetitions, { kind: () => kind, emulated: run.emulated }),
      question,
      repeat: spscWords(cases, workload),
      problem,
    }),
  );
}

export interface AlternateMeasurement extends Watched {
  /** Producer and consumer on one CPU, for they are one thread. */
  readonly one: SpscCase;
  readonly rounds: number;
  readonly durationMs: number;
}

/** One thread that sends an item and receives it again, both counted: what the code costs, with nothing crossing. */
export async function measureAlternate(host: Host, asked: AlternateMeasurement): Promise<Snapshot> {
  const { one, rounds, durationMs } = asked;
  const run = await startRun(host, asked.signal);
  run.refuseUnknown([one.producer], typeof one.memory === 'number' ? [one.memory] : []);
  const args = ['spsc', '--alternate', ...timing(rounds, durationMs), '--case', spscCaseWords({ ...one, pin: true })];
  const question = 'What do a send and a receive cost on one thread, with nothing crossing?';
  const labels = [`one thread on P#${one.producer}`];
  const progress = new Progress({ question, labels, rounds, metric: SPSC_ALTERNATE.metric }, asked.onProgress);
  return gather(host, args, progress, asked, ({ repetitions, problem }) =>
    run.finish({
      results: buildResults([one], repetitions, { kind: () => SPSC_ALTERNATE, emulated: run.emulated }),
      question,
      repeat: [
        ...['bench', 'spsc-alternate', '--cpu', one.producer, '--memory', one.memory, '--capacity', one.capacity],
        ...['--pages', one.pages, '--duration', `${durationMs}ms`, '--repeat', rounds],
      ],
      problem,
    }),
  );
}

/** As `measureSpsc`, for memory: every CPU to every node, latency or bandwidth. */
export async function measureMemory(host: Host, asked: MemoryMeasurement): Promise<Snapshot> {
  const { cases, rounds, durationMs } = asked;
  const sizes = new Set(cases.map((one) => one.sizeBytes));
  const [size] = sizes;
  if (size === undefined || sizes.size > 1) {
    throw new PinboardError('usage', 'A run over memory needs cases, and all of one size.');
  }
  const run = await startRun(host, asked.signal);
  run.refuseUnknown(
    cases.map((one) => one.cpu),
    cases.map((one) => one.node),
  );
  const args = ['memory', ...timing(rounds, durationMs), '--size', String(size)];
  for (const { what, cpu, node, pages } of cases) args.push('--case', caseWords({ what, cpu, node, pages }));
  const metrics = new Set(cases.map(({ what }) => MEMORY[what].metric));
  const labels = cases.map((one) => `${one.what} P#${one.cpu} → node ${one.node}, ${one.pages}`);
  const question = asked.question ?? 'What does memory cost from here?';
  const progress = new Progress({ question, labels, rounds, metric: [...metrics].join(', ') }, asked.onProgress);
  return gather(host, args, progress, asked, ({ repetitions, problem }) =>
    run.finish({
      results: buildResults(cases, repetitions, { kind: ({ what }) => MEMORY[what], emulated: run.emulated }),
      question,
      repeat: memoryWords(cases, size, rounds, durationMs),
      problem,
    }),
  );
}

const timing = (rounds: number, durationMs: number): string[] => [
  ...['--rounds', String(rounds), '--duration-ms', String(durationMs)],
];

/** A case as the agent takes it. */
export function spscCaseWords(one: SpscCase): string {
  const { producer, consumer, memory, pin, padding, capacity, batch, pages } = one;
  return caseWords({ producer, consumer, memory, pin: pin ? 1 : 0, padding, capacity, batch, pages });
}

function caseWords(one: Readonly<Record<string, string | number>>): string {
  return Object.entries(one)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
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
  finish: (gathered: Gathered) => Snapshot,
): Promise<Snapshot> {
  const repetitions: Repetition[] = [];
  progress.start();
  const problem = await follow(host, args, {
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
    throw new PinboardError('agent-died', 'The agent said it was done and measured nothing.');
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

/** The lists of the command line that name at least these cases. */
function memoryWords(
  cases: readonly MemoryCase[],
  size: number,
  rounds: number,
  durationMs: number,
): (string | number)[] {
  const all = (key: 'cpu' | 'node' | 'pages' | 'what'): string => [...new Set(cases.map((one) => one[key]))].join(',');
  return [
    ...['bench', 'memory', '--cpu', all('cpu'), '--node', all('node'), '--pages', all('pages'), '--size', size],
    ...['--what', all('what'), '--duration', `${durationMs}ms`, '--repeat', rounds],
  ];
}
