// `npm run bench:peers [-- PRODUCER_CPU CONSUMER_CPU [ROUNDS [MS]]]`: this project's queue against those of Debian's packages, in
// one process, interleaved. Prints for each a median with its 95 % interval, its regime (empty and full polls per item), and the
// median of the rounds' ratios to the best peer.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median, medianInterval } from '../../src/model/run/statistics.ts';
import { need } from './needs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** One line of the program: one queue, driven in one way, in one round. */
interface Run {
  readonly queue: string;
  readonly way: Way;
  readonly form: string;
  readonly publishEvery: number;
  readonly capacity: number;
  readonly round: number;
  readonly wrong: number;
  readonly placed: boolean;
  readonly itemsPerSecond?: number;
  readonly medianNs: number;
  readonly emptyPerItem: number;
  readonly fullPerItem: number;
}

type Way = 'one' | 'many' | 'trip';

const capacities = [1024, 65_536];
const ours = 'numa_spsc';

const numbers = process.argv.slice(2).map(Number);
if (numbers.length > 4 || numbers.some((number) => !Number.isInteger(number) || number < 0)) {
  console.error('usage: npm run bench:peers -- [PRODUCER_CPU CONSUMER_CPU [ROUNDS [MILLISECONDS]]]');
  process.exit(2);
}
const [producer = 0, consumer = 1, rounds = 11, ms = 300] = numbers;
need(['gxx', 'pkgConfig', 'readerWriterQueue', 'boost', 'atomicQueue', 'dpdk']);
const runs = await measure(build());
const bad = runs.filter(({ wrong, placed }) => wrong > 0 || !placed);
for (const capacity of capacities)
  tell(
    runs.filter((run) => run.capacity === capacity),
    capacity,
  );
if (bad.length > 0) {
  console.error(`${bad.length} runs are invalid: a thread left its CPU, or an item was lost, doubled or out of order.`);
  process.exit(1);
}

function build(): string {
  const folder = `${root}build/peers`;
  mkdirSync(folder, { recursive: true });
  const words = execFileSync('pkg-config', ['--cflags', 'libdpdk'], { encoding: 'utf8' }).trim().split(/\s+/);
  // Others' headers are no place to look for our warnings.
  const dpdk = words.map((word) => word.replace(/^-I/, '-isystem'));
  const flags = [
    '-std=c++23',
    '-O3',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-Wno-volatile',
    `-I${root}native/include`,
    ...dpdk,
  ];
  const program = `${folder}/peers`;
  const libraries = ['-lrte_ring', '-lrte_eal', '-pthread'];
  execFileSync('g++', [...flags, `${root}native/peers/peers.cpp`, '-o', program, ...libraries], { stdio: 'inherit' });
  return program;
}

async function measure(program: string): Promise<Run[]> {
  const child = spawn(program, [producer, consumer, rounds, ms].map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const runs: Run[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    runs.push(JSON.parse(line) as Run);
    if (process.stderr.isTTY) process.stderr.write(`\r${runs.length} runs`);
  }
  return runs;
}

function tell(all: readonly Run[], capacity: number): void {
  console.log(`\n${capacity} items, CPU ${producer} to CPU ${consumer}, ${rounds} rounds of ${ms} ms`);
  const ones = all.filter(({ way }) => way === 'one');
  const best = bestPeer(ones);
  for (const way of ['one', 'many', 'trip'] as const) {
    const unit = way === 'trip' ? 'ns' : 'M items/s';
    const against = way === 'trip' ? bestPeer(all.filter((run) => run.way === way)) : best;
    console.log(
      `\n${{ one: 'one item a call', many: '32 items a call', trip: 'round trip, median' }[way]} (${unit}); × is to ${against}`,
    );
    for (const group of groups(all.filter((run) => run.way === way))) {
      const figures = group.map(figure);
      const [low, high] = medianInterval(figures) ?? [NaN, NaN];
      const scale = way === 'trip' ? 1 : 1e6;
      const show = (value: number): string => (value / scale).toFixed(1).padStart(7);
      const ratios = group.map(
        (run) => figure(run) / figure(peerOf(all, way === 'trip' ? way : 'one', against, run.round)),
      );
      const [{ queue, form, publishEvery }] = group;
      const name =
        queue + (form === 'loop' ? ', loop-local' : '') + (publishEvery > 1 ? `, published by ${publishEvery}` : '');
      const polls =
        way === 'trip' ? '' : `   empty ${polled(group, 'emptyPerItem')} full ${polled(group, 'fullPerItem')} per item`;
      console.log(
        `${name.padEnd(40)}${show(median(figures))}  [${show(low)} ${show(high)}]  ${median(ratios).toFixed(2)} ×${polls}`,
      );
    }
  }
}

function figure(run: Run): number {
  return run.itemsPerSecond ?? run.medianNs;
}

function groups(runs: readonly Run[]): [Run, ...Run[]][] {
  const found = new Map<string, [Run, ...Run[]]>();
  for (const run of runs) {
    const key = `${run.queue} ${run.form} ${run.publishEvery}`;
    const others = found.get(key);
    if (others) others.push(run);
    else found.set(key, [run]);
  }
  return [...found.values()];
}

/** By the median over all rounds: more items per second, or fewer nanoseconds. */
function bestPeer(runs: readonly Run[]): string {
  const others = groups(runs.filter(({ queue }) => queue !== ours));
  const better = runs[0]?.way === 'trip' ? -1 : 1;
  const [best] = others.sort((a, b) => better * (median(b.map(figure)) - median(a.map(figure))));
  if (!best) throw new Error('no peer ran');
  return best[0].queue;
}

function peerOf(runs: readonly Run[], way: Way, queue: string, round: number): Run {
  const found = runs.find((run) => run.way === way && run.queue === queue && run.round === round);
  if (!found) throw new Error(`${queue} did not run in round ${round}`);
  return found;
}

function polled(group: readonly Run[], key: 'emptyPerItem' | 'fullPerItem'): string {
  return median(group.map((run) => run[key])).toFixed(3);
}
