/**
 * Runs of the whole machine, within a budget of time: which pair is measured next follows from what was measured before
 * (`model/bench/matrix/`), so the agent is asked for pairs in batches, and each batch is chosen with what the last one showed.
 */

import { formatCpuList, parseCpuList } from '../../model/text/cpulist.ts';
import type { Running } from '../../model/board/board.ts';
import { METRICS } from '../../model/bench/matrix/result.ts';
import { MatrixProgress } from './matrix-progress.ts';
import { explore } from '../../model/bench/matrix/infer/explore.ts';
import type { Explorer } from '../../model/bench/matrix/infer/explore.ts';
import { homeOption, pairsFor, turned } from '../../model/bench/matrix/line.ts';
import type { Pair } from '../../model/cases/matrix.ts';
import { matrixResult } from '../../model/bench/matrix/result.ts';
import { firstTouchNode } from '../../model/placement/usable.ts';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import type { Seen, Run } from '../../model/run/run.ts';
import { randomFrom } from '../../model/run/statistics.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { DEFAULT_WORKLOAD } from '../../model/bench/spsc/workload.ts';
import type { LineHome, MatrixCase, MatrixKind } from '../../model/cases/matrix.ts';
import type { Repetition } from '../../protocol/agent.ts';
import { runAgent } from '../agent/run-agent.ts';
import type { Host } from '../host.ts';
import { Budget } from './budget.ts';
import { cpusWords, matrixCpus } from './matrix-cpus.ts';
import { measureNodes } from './nodes.ts';
import { startRun } from './started-run.ts';
import type { OnCheckpoint, StartedRun } from './started-run.ts';
import { UNFINISHED } from './unfinished.ts';

export interface MatrixMeasurement {
  readonly what: MatrixKind;
  /** Null: every pair is measured, however long it takes. */
  readonly budgetMs: number | null;
  /** Only these; absent: all that can be measured. */
  readonly cpus?: readonly number[];
  /** Where the memory between two CPUs lies; absent: on the first one's node. */
  readonly home?: LineHome;
  readonly onProgress?: (running: Running) => void;
  readonly onCheckpoint?: OnCheckpoint;
  readonly signal?: AbortSignal;
}

/** How long a pair is measured. Software that plays the CPU needs longer for one exchange to happen at all. */
const PAIR_MS = { latency: 4, throughput: 30 };
const PAIR_EMULATED_MS = { latency: 60, throughput: 100 };
/** A batch takes about this long: short enough to steer by, long enough that starting the agent is little of it. */
const BATCH_MS = 2000;
const BATCH_MOST = 4096;
/** Longer than this a batch is not waited for, whatever the budget: what it measured is kept, and the next one begins. */
const LONGEST_MS = 60_000;
/** What a pair takes beyond being measured, before anything is known: threads started, pinned and ended. */
const OVERHEAD_MS = 3;
/** A pair that could not be measured is tried again so often, each time so many times as long; then it is inferred. */
const TRIES = 3;
const LONGER = 5;
const SEED = 1;
const QUESTION = 'What does it cost to cross this machine?';

/**
 * What every pair of CPUs costs. Where the memory between two lies on the node of one of them, pairs on two nodes are there
 * both ways. Cut short it returns what was measured until then, and `partial` says why.
 * @throws PinboardError when nothing was measured at all.
 */
export async function measureMatrix(host: Host, asked: MatrixMeasurement): Promise<Run> {
  if (asked.what === 'bandwidth') {
    const repeat = ['bench', 'matrix', '--what', 'bandwidth', ...cpusWords(asked.cpus), ...budgetWords(asked.budgetMs)];
    return measureNodes(host, { ...asked, measures: ['bandwidth'], repeat });
  }
  const { what, budgetMs, signal, home = 'first' } = asked;
  const run = await startRun(host, signal);
  const { topology } = run;
  const cpus = matrixCpus(topology, asked.cpus);
  refuseHome(run, home);
  const pairs = pairsFor(topology, cpus, home);
  const explorer = explore(topology, pairs, typeof home !== 'number', randomFrom(SEED));
  const progress = new MatrixProgress(asked.onProgress, { topology, question: QUESTION, metric: METRICS[what].metric });
  progress.tell(0, 'Starting the agent');
  const pairMs = (run.emulated ? PAIR_EMULATED_MS : PAIR_MS)[what];
  const seen = new SeenByPairs();
  const finish = (problem: PinboardError | null): Run => {
    const placement: MatrixCase = {
      kind: 'matrix',
      matrix: what,
      cpus: formatCpuList(cpus),
      line: home,
      ...(what === 'latency' ? { freshPages: true } : {}),
      simulated: null,
    };
    const found = explorer.classes();
    const classes = home === 'second' ? found.map((own) => ({ ...own, pairs: own.pairs.map(turned) })) : found;
    return run.finish({
      results: [matrixResult({ placement, classes, seen: seen.all, why: null, emulated: run.emulated })],
      question: QUESTION,
      repeat: [
        'bench',
        'matrix',
        '--what',
        what,
        ...cpusWords(asked.cpus),
        ...homeWords(home),
        ...budgetWords(budgetMs),
      ],
      problem,
    });
  };
  const deadline = performance.now() + (budgetMs ?? Infinity);
  let problem: PinboardError | null = null;
  let costMs = pairMs + OVERHEAD_MS;
  // Pairs whose threads did not get to run together, on a host where others are at work.
  let again: Pair[] = [];
  let tries = 0;
  while (problem === null) {
    const left = deadline - performance.now();
    tries = again.length > 0 ? tries + 1 : 0;
    const longer = LONGER ** tries;
    const room = Math.min(BATCH_MOST, Math.floor(Math.min(left, BATCH_MS) / (costMs * longer)));
    const batch = tries > 0 ? again.slice(0, Math.max(1, room)) : take(explorer, room);
    if (batch.length === 0 || left <= 0) break;
    const begun = performance.now();
    const answers = new Map<Pair, number | null>();
    const budget = new Budget(Math.min(left, LONGEST_MS), signal).start();
    problem = await measureBatch(host, {
      what,
      topology,
      home,
      batch,
      pairMs: pairMs * longer,
      answers,
      seen,
      progress,
      signal: budget.signal,
    });
    budget.end();
    if (budget.usedUp && problem?.code === 'cancelled') problem = null;
    // Of those that are tried again some are left out where time is short: they are inferred.
    again = [];
    for (const pair of batch) {
      const value = answers.get(pair) ?? null;
      if (value === null && tries < TRIES) again.push(pair);
      else explorer.add(pair, value);
    }
    if (tries === 0) costMs = Math.max(pairMs, (performance.now() - begun) / batch.length);
    const known = explorer.measuredPairs;
    if (known > 0) asked.onCheckpoint?.(() => finish(UNFINISHED));
    const remaining = deadline - performance.now();
    const rest = Number.isFinite(remaining)
      ? `, at most ${String(Math.max(0, Math.round(remaining / 1000)))} s left`
      : '';
    const spent = budgetMs === null ? 0 : 1 - remaining / budgetMs;
    progress.tell(
      Math.max(spent, known / pairs.length),
      `${String(known)} of ${String(pairs.length)} pairs measured${rest}`,
    );
  }
  if (explorer.measuredPairs === 0) throw problem ?? nothingMeasured(seen.why);
  return finish(problem);
}

const homeWords = (home: LineHome): string[] => (home === 'first' ? [] : ['--line-home', homeOption(home)]);

/** @throws PinboardError where memory cannot be had there, or the host shows no nodes to choose from. */
function refuseHome({ topology, refuseUnknown }: StartedRun, home: LineHome): void {
  if (home === 'first') return;
  if (topology.nodes.every((node) => node.inferred)) {
    throw new PinboardError(
      'unsupported',
      'This host shows no NUMA nodes: where the memory between two CPUs lies can be neither chosen nor verified.',
      'Leave out --line-home.',
    );
  }
  if (typeof home === 'number') refuseUnknown([], [home]);
}

const budgetWords = (budgetMs: number | null): string[] =>
  budgetMs === null ? ['--exhaustive'] : ['--budget', `${String(budgetMs)}ms`];

function nothingMeasured(why: string | null): PinboardError {
  return new PinboardError(
    'agent-died',
    why === null ? 'No pair was measured within the budget.' : `No pair could be measured: ${why}.`,
    'Allow more time with --budget, or wait until the host is quieter.',
  );
}

function take(explorer: Explorer, most: number): Pair[] {
  const batch: Pair[] = [];
  while (batch.length < most) {
    const pair = explorer.next();
    if (!pair) break;
    batch.push(pair);
  }
  return batch;
}

interface Batch {
  readonly what: 'latency' | 'throughput';
  readonly topology: Topology;
  readonly home: LineHome;
  readonly batch: readonly Pair[];
  readonly pairMs: number;
  /** Filled: figure by pair, null where the placement slipped. */
  readonly answers: Map<Pair, number | null>;
  readonly seen: SeenByPairs;
  readonly progress: MatrixProgress;
  readonly signal: AbortSignal | undefined;
}

/** @returns what cut it short, or null. */
async function measureBatch(host: Host, asked: Batch): Promise<PinboardError | null> {
  const { what, topology, home, batch, pairMs, answers, seen, progress, signal } = asked;
  const nodeOf = (cpu: number): string =>
    String(typeof home === 'number' ? home : (firstTouchNode(topology, cpu) ?? 0));
  const { padding, capacity, batch: items, pages } = DEFAULT_WORKLOAD;
  const ring = `padding=${String(padding)},capacity=${String(capacity)},batch=${String(items)},pages=${pages}`;
  const args = batch.flatMap((pair) => {
    const [from, to] = (home === 'second' ? turned(pair) : pair).map(String);
    const node = nodeOf(pair[0]);
    return [
      '--case',
      what === 'latency'
        ? `from=${from},to=${to},node=${node}`
        : `producer=${from},consumer=${to},memory=${node},${ring}`,
    ];
  });
  const command = what === 'latency' ? 'core-to-core' : 'spsc';
  return runAgent(host, [command, '--duration-ms', String(pairMs), ...args], {
    onStart: () => progress.begin(batch[0] ?? null),
    onLine: (line) => {
      if (line.type !== 'repetition') return;
      const pair = batch[line.case];
      if (!pair) return;
      seen.add(line);
      const value = line.valid ? line.value : null;
      answers.set(pair, value);
      progress.land(pair, value, batch[line.case + 1] ?? null);
    },
    signal,
  });
}

/** What held in all valid pairs together: CPUs by slot, pairs by node of their memory. */
class SeenByPairs {
  readonly #cpus = new Map<string, Set<number>>();
  readonly #nodes = new Map<string, number>();
  #migrations = 0;
  /** Why the last pair that was left out was. */
  why: string | null = null;

  add({ valid, why, seen }: Repetition): void {
    if (!valid) {
      this.why = clean(why ?? 'the placement slipped', 300);
      return;
    }
    for (const [slot, list] of Object.entries(seen.cpus)) {
      const cpus = this.#cpus.get(slot) ?? new Set();
      this.#cpus.set(slot, cpus);
      for (const cpu of parseCpuList(list)) cpus.add(cpu);
    }
    for (const node of Object.keys(seen.nodes)) this.#nodes.set(node, (this.#nodes.get(node) ?? 0) + 1);
    this.#migrations += seen.migrations ?? 0;
  }

  get all(): Seen {
    return {
      cpus: Object.fromEntries([...this.#cpus].map(([slot, cpus]) => [slot, formatCpuList(cpus)])),
      nodes: Object.fromEntries(this.#nodes),
      pageBytes: null,
      migrations: this.#migrations,
    };
  }
}
