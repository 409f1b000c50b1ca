// `npm run bench:pool-peers [-- CPU,CPU... [ROUNDS [MS]]]`: the agent's worker pools with the same jobs as oneTBB's and OpenMP's tasks, their
// hand-over of requests through its queue and through others, and what memory for a job costs. All take turns, round by round, each run in a process
// of its own with a pinned thread on each CPU; results are held against one thread's. Prints medians with 95 % intervals, and
// the median of the rounds' ratios. Method and figures: docs/BENCHMARKS.md.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { poolOn } from '../../src/model/bench/pool/on-machine.ts';
import { poolCases } from '../../src/model/bench/pool/cases.ts';
import { poolShares } from '../../src/model/bench/pool/seen.ts';
import { basePages } from '../../src/model/bench/memory/pages-here.ts';
import type { PoolLoad } from '../../src/model/cases/pool.ts';
import { resolveCpus } from '../../src/model/placement/cpu-set.ts';
import { median, medianInterval } from '../../src/model/run/statistics.ts';
import type { Topology } from '../../src/model/topology/topology.ts';
import { caseWords } from '../../src/model/bench/case-words.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { openLocal } from '../../src/remote/connect/local.ts';
import { AGENT, need } from './needs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [list = 'all', ...numbers] = process.argv.slice(2);
const [rounds = 11, ms = 200] = numbers.map(Number);
if (numbers.length > 2 || ![rounds, ms].every((one) => Number.isInteger(one) && one > 0)) {
  console.error('usage: npm run bench:pool-peers -- [CPU,CPU... [ROUNDS [MILLISECONDS]]]');
  process.exit(2);
}
need(['gxx', 'tbb', 'readerWriterQueue'], [AGENT]);

/** One run; NaN where it does not count. */
type Run = () => Promise<number> | number;
interface Peer {
  readonly name: string;
  readonly run: Run;
  readonly figures: number[];
}
/** The first of the peers is the agent's. */
interface Question {
  readonly title: string;
  readonly unit: 'M jobs/s' | 'k requests/s' | 'ns';
  readonly peers: readonly Peer[];
}

const UNITS: Readonly<Record<Question['unit'], number>> = { 'M jobs/s': 1e6, 'k requests/s': 1e3, ns: 1 };
const peer = (name: string, run: Run): Peer => ({ name, run, figures: [] });
let invalid = 0;

function compile(source: string, ...libraries: string[]): string {
  const folder = join(root, 'build/peers');
  mkdirSync(folder, { recursive: true });
  const flags = ['-std=c++23', '-O3', '-Wall', '-Wextra', '-Werror', '-Wno-volatile', `-I${root}native/include`];
  const program = join(folder, source);
  const words = [...flags, '-fopenmp', `${root}native/peers/${source}.cpp`, '-o', program, '-pthread', ...libraries];
  execFileSync('g++', words, { stdio: 'inherit' });
  return program;
}

const runOf =
  (program: string, words: readonly (string | number)[]): Run =>
  () => {
    const text = execFileSync(program, [...words, ms].map(String), { encoding: 'utf8' });
    const { value, wrong, placed } = JSON.parse(text) as { value: number; wrong: number; placed: boolean };
    return wrong === 0 && placed ? value : NaN;
  };

const host = connectHost(openLocal(), { agentDir: join(root, 'dist/agent') });

/** The agent's pool, stealing from the nearest first, in memory of the workers' own touch. */
function ours(topology: Topology, load: PoolLoad, cpus: readonly number[], what: 'jobs' | 'allocation'): Run {
  const { cases } = poolCases(topology, {
    ...{ loads: [load], orders: ['hierarchical'], touches: ['worker'], cpus },
    ...{ pages: basePages(topology), sizeBytes: 2 ** 20 },
  });
  const bench = poolOn(topology, cases);
  const [one] = cases;
  if (!one) throw new Error(`no case of ${load}`);
  const words = [...bench.agentWords(cases, null), '--rounds', '1', '--duration-ms', String(ms)];
  return async () => {
    let figure = NaN;
    for await (const line of (await host.startAgent([...words, '--case', caseWords(bench.agentCase(one))])).lines) {
      if (line.type === 'error') throw new Error(line.message);
      if (line.type !== 'repetition' || !line.valid) continue;
      figure = (what === 'jobs' ? line.value : poolShares(line.workers ?? []).allocationNs) ?? NaN;
    }
    return figure;
  };
}

function questionsOn(topology: Topology, cpus: readonly number[]): Question[] {
  const schedulers = compile('schedulers', '-ltbb');
  const handover = compile('handover', '-ltbb', '-ltbbmalloc');
  const widths = [...new Set([1, cpus.length])].map((count) => cpus.slice(0, count));
  const pools = (load: PoolLoad, title: string, ways: readonly string[]): Question[] =>
    widths.map((some) => ({
      title: `${title}, ${String(some.length)} worker${some.length === 1 ? '' : 's'}`,
      unit: 'M jobs/s',
      peers: [
        peer('numa-agent', ours(topology, load, some, 'jobs')),
        ...ways.map((way) => peer(way, runOf(schedulers, [way, load, some.join('+')]))),
      ],
    }));
  const queues = ['numa_spsc', 'tbb-bounded', 'tbb-queue', 'readerwriterqueue'];
  const pair = cpus.slice(0, 2);
  const handOver = (underWay: number): Question => ({
    title: `requests there and back, ${String(underWay)} under way`,
    unit: 'k requests/s',
    peers: queues.map((queue) => peer(queue, runOf(handover, [queue, underWay, pair.join('+')]))),
  });
  const [first = 0] = cpus;
  return [
    ...pools('tiny', 'tiny jobs', ['tbb-task-group', 'tbb-parallel', 'openmp-task']),
    ...pools('tree', 'fork and join', ['tbb-task-group', 'tbb-parallel', 'tbb-parallel-auto', 'openmp-task']),
    ...(pair.length === 2 ? [handOver(1), handOver(8)] : []),
    {
      title: 'memory for a job of 64 bytes',
      unit: 'ns',
      peers: [
        peer('numa-agent', ours(topology, 'tiny', [first], 'allocation')),
        ...['malloc', 'scalable_malloc'].map((name) => peer(name, runOf(handover, [name, 0, first]))),
      ],
    },
  ];
}

const load = (): string => loadavg()[0]?.toFixed(1) ?? '';

function tell({ title, unit, peers }: Question): void {
  const [own] = peers;
  console.log(`\n${title} (${unit})`);
  for (const { name, figures } of peers) {
    const good = figures.filter(Number.isFinite).map((value) => value / UNITS[unit]);
    const ratios = figures.map((value, at) => (own?.figures[at] ?? NaN) / value).filter(Number.isFinite);
    const within = (values: readonly number[]): string =>
      `[${(medianInterval(values) ?? [NaN, NaN]).map((value) => value.toFixed(2)).join(' ')}]`;
    const against =
      name === own?.name ? '' : `  ${own?.name ?? ''} ÷ it: ${median(ratios).toFixed(2)} × ${within(ratios)}`;
    console.log(`${name.padEnd(20)}${median(good).toFixed(2).padStart(9)}  ${within(good).padEnd(18)}${against}`);
  }
}

try {
  const { topology } = await host.discover();
  const cpus = resolveCpus(topology, list);
  const questions = questionsOn(topology, cpus);
  console.log(`load ${load()}, ${String(rounds)} rounds of ${String(ms)} ms, CPUs ${cpus.join()}`);
  for (let round = 0; round < rounds; round++)
    for (const { title, peers } of questions)
      // In an order that turns by one a round.
      for (let at = 0; at < peers.length; at++) {
        const one = peers[(at + round) % peers.length];
        if (!one) continue;
        const figure = await one.run();
        one.figures.push(figure);
        if (Number.isNaN(figure)) {
          invalid++;
          console.error(`${title}, ${one.name}: a run does not count: a thread left its CPU, or results were wrong.`);
        }
      }
  questions.forEach(tell);
  console.log(`\nload ${load()} at the end`);
} finally {
  await host.close();
}
if (invalid > 0) process.exitCode = 1;
