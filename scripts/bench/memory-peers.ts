// `npm run bench:memory-peers [-- latency | bandwidth | both [ROUNDS [MS]]]`: the agent's memory latency against a second, simple chase
// (test/support/chase.c), and its bandwidth against the best kernel of Debian's likwid-bench that moves the same bytes. The two take
// turns, round by round, each in a process of its own with memory of its own. Prints medians, the median of the rounds' ratios with
// its 95 % interval, and the best rounds. Method and figures: docs/BENCHMARKS.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MEASURED_MEMORY } from '../../src/model/bench/memory/measured.ts';
import { memoryCase } from '../../src/model/cases/memory.ts';
import type { Kernel, MemoryAsked } from '../../src/model/cases/memory.ts';
import { firstTouchNode } from '../../src/model/placement/usable.ts';
import { median, medianInterval } from '../../src/model/run/statistics.ts';
import { caseWords } from '../../src/model/bench/case-words.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { openLocal } from '../../src/remote/connect/local.ts';
import type { Host } from '../../src/remote/host.ts';
import { AGENT, need } from './needs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MIB = 1024 ** 2;
const LATENCY_SIZES = [64 * MIB, 256 * MIB, 1024 * MIB];
const BANDWIDTH_BYTES = 256 * MIB;
/** likwid-bench's names for the same bytes, in each width of vectors. */
const PEERS: Readonly<Partial<Record<Kernel, string>>> = {
  read: 'load',
  write: 'store',
  copy: 'copy',
  triad: 'stream',
  'write-nt': 'store_mem',
  'copy-nt': 'copy_mem',
  'triad-nt': 'stream_mem',
};
const WIDTHS = ['_sse', '_avx', '_avx512'];

const [what = 'both', ...numbers] = process.argv.slice(2);
const [rounds = 9, ms = 400] = numbers.map(Number);
if (
  !['latency', 'bandwidth', 'both'].includes(what) ||
  ![rounds, ms].every((one) => Number.isInteger(one) && one > 0)
) {
  console.error('usage: npm run bench:memory-peers -- [latency | bandwidth | both [ROUNDS [MILLISECONDS]]]');
  process.exit(2);
}
need(what === 'bandwidth' ? [] : ['gcc', 'headers'], [AGENT]);
const host = connectHost(openLocal(), { agentDir: join(root, 'dist/agent') });
const folder = mkdtempSync(join(tmpdir(), 'memory-peers-'));
try {
  const { topology } = await host.discover();
  const cpus = topology.cpus.filter(({ online, allowed }) => online && allowed).map(({ id }) => id);
  console.log(
    `load ${loadavg()[0]?.toFixed(1) ?? ''}, ${String(rounds)} rounds of ${String(ms)} ms, CPUs ${cpus.join()}`,
  );
  const [first = 0] = cpus;
  const place = { policy: 'bind', nodes: [firstTouchNode(topology, first) ?? 0] } as const;
  if (what !== 'bandwidth') await latencies(host, first, place);
  if (what !== 'latency') await bandwidths(host, cpus, place);
} finally {
  rmSync(folder, { recursive: true });
  await host.close();
}

type Place = Pick<MemoryAsked, 'policy' | 'nodes'>;

/** One repetition of the agent's, in a process of its own; NaN where it is not valid. */
async function ours(on: Host, asked: MemoryAsked): Promise<number> {
  const words = caseWords(MEASURED_MEMORY.agentCase(memoryCase(asked)));
  const agent = await on.startAgent(['memory', '--rounds', '1', '--duration-ms', String(ms), '--case', words]);
  let figure = NaN;
  for await (const line of agent.lines) {
    if (line.type === 'error') throw new Error(line.message);
    if (line.type === 'repetition' && line.valid) figure = line.value ?? NaN;
  }
  return figure;
}

/** On a busy host the best of the rounds says more than their middle: of times the least, of rates the most. */
function best(values: readonly number[], unit: string): number {
  return unit === 'ns' ? Math.min(...values) : Math.max(...values);
}

function tell(name: string, unit: string, own: readonly number[], other: readonly number[], whose: string): void {
  const pairs = own.flatMap((value, at) =>
    Number.isFinite(value / (other[at] ?? NaN)) ? [[value, other[at] ?? NaN]] : [],
  );
  const column = (at: number): number[] => pairs.map((pair) => pair[at] ?? NaN);
  const ratios = pairs.map(([a = NaN, b = NaN]) => a / b);
  const [low, high] = medianInterval(ratios) ?? [NaN, NaN];
  const figure = (values: readonly number[]): string => median(values).toFixed(1);
  const [ownBest, otherBest] = [best(column(0), unit), best(column(1), unit)];
  console.log(
    `${name}: ${figure(column(0))} ${unit}, ${whose} ${figure(column(1))} ${unit}, ratio ${median(ratios).toFixed(3)} [${low.toFixed(3)} ${high.toFixed(3)}]; best rounds ${ownBest.toFixed(1)} and ${otherBest.toFixed(1)}, ratio ${(ownBest / otherBest).toFixed(3)}`,
  );
}

async function latencies(on: Host, cpu: number, place: Place): Promise<void> {
  const program = join(folder, 'chase');
  execFileSync('gcc', ['-O2', '-o', program, join(root, 'test/support/chase.c')]);
  for (const sizeBytes of LATENCY_SIZES)
    for (const pages of ['4k', 'thp'] as const) {
      // As many loads as take about as long as the agent's repetition, at 150 ns.
      const loads = Math.round((ms * 1e6) / 150);
      const theirs = (): number =>
        Number(execFileSync(program, [cpu, sizeBytes, pages, loads].map(String), { encoding: 'utf8' }));
      const own: number[] = [];
      const other: number[] = [];
      for (let round = 0; round < rounds; round++) {
        if (round % 2 === 1) other.push(theirs());
        own.push(await ours(on, { what: 'latency', cpus: [cpu], ...place, pages, sizeBytes }));
        if (round % 2 === 0) other.push(theirs());
      }
      tell(`latency, ${String(sizeBytes / MIB)} MiB, ${pages}`, 'ns', own, other, 'simple chase');
    }
}

/** GB/s of likwid-bench; NaN where this CPU, or this build of it, does not have the kernel. */
function likwid(test: string, threads: number, passes: number): number {
  const size = `${String(BANDWIDTH_BYTES / 1e6)}MB`.replace(/\..*MB/, 'MB');
  const args = ['-t', test, '-i', String(passes), '-W', `N:${size}:${String(threads)}`];
  const { stdout } = spawnSync('likwid-bench', args, { encoding: 'utf8' });
  return Number(/^MByte\/s:\s+([\d.]+)/m.exec(stdout)?.[1] ?? NaN) / 1000;
}

async function bandwidths(on: Host, cpus: readonly number[], place: Place): Promise<void> {
  if (spawnSync('likwid-bench', ['-h']).error) {
    console.error('likwid-bench is not installed, so bandwidth has no peer: sudo apt install likwid');
    process.exitCode = 4;
    return;
  }
  for (const threads of new Set([1, cpus.length]))
    for (const [kernel, test] of Object.entries(PEERS) as [Kernel, string][]) {
      const own: number[] = [];
      const others = new Map(WIDTHS.map((width) => [`${test}${width}`, [] as number[]]));
      const asked = { what: 'bandwidth', cpus: cpus.slice(0, threads), ...place, pages: '4k', kernel } as const;
      // About as long as the agent's repetition, at 10 GB/s a thread.
      const passes = Math.max(2, Math.round(((ms / 1000) * 1e10 * threads) / BANDWIDTH_BYTES));
      for (let round = 0; round < rounds; round++) {
        const peers = (): void => {
          for (const [name, taken] of others) taken.push(likwid(name, threads, passes));
        };
        if (round % 2 === 1) peers();
        own.push((await ours(on, { ...asked, sizeBytes: BANDWIDTH_BYTES })) / 1e9);
        if (round % 2 === 0) peers();
      }
      const middle = (values: readonly number[]): number => median(values.filter(Number.isFinite));
      const [first] = [...others]
        .filter(([, taken]) => taken.some(Number.isFinite))
        .sort(([, a], [, b]) => middle(b) - middle(a));
      const name = `bandwidth, ${kernel}, ${String(threads)} thread${threads === 1 ? '' : 's'}`;
      if (first) tell(name, 'GB/s', own, first[1], first[0]);
      else console.log(`${name}: this likwid-bench has no ${test}`);
    }
}
