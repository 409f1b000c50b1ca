// `npm run bench:peers [-- PRODUCER_CPU CONSUMER_CPU [ROUNDS [MS]]]`: this project's queue against those of Debian's packages, in
// one process, interleaved. Prints for each a median with its 95 % interval, its regime (empty and full polls an item), and the
// median of the rounds' ratios to the best peer.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median, medianInterval } from '../../src/model/statistics.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const headers = {
  'libreaderwriterqueue-dev': '/usr/include/readerwriterqueue.h',
  'libboost-dev': '/usr/include/boost/lockfree/spsc_queue.hpp',
  'libatomic-queue-dev': '/usr/include/atomic_queue/atomic_queue.h',
  'libdpdk-dev': '/usr/include/dpdk/rte_ring.h',
};
const capacities = [1024, 65_536];
const ours = 'numa_spsc';

const numbers = process.argv.slice(2).map(Number);
if (numbers.length > 4 || numbers.some((number) => !Number.isInteger(number) || number < 0)) {
  console.error('usage: npm run bench:peers -- [PRODUCER_CPU CONSUMER_CPU [ROUNDS [MILLISECONDS]]]');
  process.exit(2);
}
const [producer = 0, consumer = 1, rounds = 11, ms = 300] = numbers;
const missing = Object.keys(headers).filter((name) => !existsSync(headers[name]));
if (missing.length > 0) {
  console.error(`The peers' headers are not installed: sudo apt install g++ pkg-config ${missing.join(' ')}`);
  process.exit(4);
}
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

function build() {
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

async function measure(program) {
  const child = spawn(program, [producer, consumer, rounds, ms].map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const runs = [];
  for await (const line of createInterface({ input: child.stdout })) {
    runs.push(JSON.parse(line));
    if (process.stderr.isTTY) process.stderr.write(`\r${runs.length} runs`);
  }
  return runs;
}

function tell(all, capacity) {
  console.log(`\n${capacity} items, CPU ${producer} to CPU ${consumer}, ${rounds} rounds of ${ms} ms`);
  const ones = all.filter(({ way }) => way === 'one');
  const best = bestPeer(ones);
  for (const way of ['one', 'many', 'trip']) {
    const unit = way === 'trip' ? 'ns' : 'M items/s';
    const against = way === 'trip' ? bestPeer(all.filter((run) => run.way === way)) : best;
    console.log(
      `\n${{ one: 'one item a call', many: '32 items a call', trip: 'round trip, median' }[way]} (${unit}); × is to ${against}`,
    );
    for (const group of groups(all.filter((run) => run.way === way))) {
      const figures = group.map(figure);
      const [low, high] = medianInterval(figures) ?? [NaN, NaN];
      const scale = way === 'trip' ? 1 : 1e6;
      const show = (value) => (value / scale).toFixed(1).padStart(7);
      const ratios = group.map(
        (run) => figure(run) / figure(peerOf(all, way === 'trip' ? way : 'one', against, run.round)),
      );
      const { queue, form, publishEvery } = group[0];
      const name =
        queue + (form === 'loop' ? ', loop-local' : '') + (publishEvery > 1 ? `, published by ${publishEvery}` : '');
      const polls =
        way === 'trip' ? '' : `   empty ${polled(group, 'emptyPerItem')} full ${polled(group, 'fullPerItem')} an item`;
      console.log(
        `${name.padEnd(40)}${show(median(figures))}  [${show(low)} ${show(high)}]  ${median(ratios).toFixed(2)} ×${polls}`,
      );
    }
  }
}

function figure(run) {
  return run.itemsPerSecond ?? run.medianNs;
}

function groups(runs) {
  const found = new Map();
  for (const run of runs) {
    const key = `${run.queue} ${run.form} ${run.publishEvery}`;
    found.set(key, [...(found.get(key) ?? []), run]);
  }
  return [...found.values()];
}

/** By the median over all rounds: more items a second, or fewer nanoseconds. */
function bestPeer(runs) {
  const others = groups(runs.filter(({ queue }) => queue !== ours));
  const better = runs[0].way === 'trip' ? -1 : 1;
  return others.sort((a, b) => better * (median(b.map(figure)) - median(a.map(figure))))[0][0].queue;
}

function peerOf(runs, way, queue, round) {
  return runs.find((run) => run.way === way && run.queue === queue && run.round === round);
}

function polled(group, key) {
  return median(group.map((run) => run[key])).toFixed(3);
}
