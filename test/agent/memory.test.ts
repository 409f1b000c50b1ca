/** The real agent's memory benchmark on this machine: what it takes in, moves and refuses. No figure's size is asserted. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { before } from 'node:test';
import { first, last, node } from './here.ts';
import { agent, assertDone, assertFails, haveAgent, linesOf, measure } from './process.ts';

const weights = '/sys/kernel/mm/mempolicy/weighted_interleave';

before(haveAgent);

void test('memory measures latency and bandwidth of exactly the node and size asked for', async () => {
  const size = 8 << 20;
  const answer = await measure(
    60,
    ...['memory', '--rounds', '2', '--size', String(size)],
    ...['--case', `what=latency,cpu=${first},node=${node}`, '--case', `what=bandwidth,cpu=${last},node=${node}`],
  );
  assertDone(answer);
  const all = linesOf(answer, 'repetition');
  assert.deepEqual(
    all.map((one) => one.benchmark),
    ['memory-latency', 'memory-bandwidth', 'memory-latency', 'memory-bandwidth'],
  );
  for (const one of all) {
    assert.ok(one.valid, one.why ?? '');
    assert.ok(one.value !== null && one.value > 0);
    assert.equal(one.metric, one.benchmark === 'memory-latency' ? 'ns' : 'B/s');
    assert.deepEqual(one.seen.cpus, { thread: String(one.case === 0 ? first : last) });
    assert.deepEqual(one.seen.nodes, { [node]: size / one.seen.pageBytes! });
  }
});

void test('every kernel of memory moves what it should, by one thread and by several together', async (t) => {
  const kernels = ['read', 'write', 'copy', 'triad', 'write-nt', 'copy-nt', 'triad-nt'];
  const size = 6 << 20;
  const cpus = first === last ? [`${first}`] : [`${first}`, `${last}+${first}`];
  const cases = cpus.flatMap((cpu) =>
    kernels.map((kernel) => `what=bandwidth,cpu=${cpu},node=${node},kernel=${kernel}`),
  );
  const answer = await measure(30, 'memory', '--size', String(size), ...cases.flatMap((one) => ['--case', one]));
  if (linesOf(answer, 'error')[0]?.code === 'unsupported') {
    t.skip('this CPU has no non-temporal stores that the agent knows');
    return;
  }
  assertDone(answer);
  const all = linesOf(answer, 'repetition');
  assert.equal(all.length, cases.length);
  for (const one of all) {
    assert.ok(one.valid, `${cases[one.case]}: ${one.why}`);
    assert.deepEqual(one.seen.nodes, { [node]: size / one.seen.pageBytes! });
    if (one.threads === undefined) continue;
    const sum = one.threads.reduce<number>((all, each) => all + (each ?? 0), 0);
    assert.ok(one.threads.length === 2 && Math.abs(sum - (one.value ?? 0)) <= 2, 'what they reach is the sum');
  }
});

void test('the second chase, which the agent is held against, builds and measures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chase-'));
  try {
    const program = join(folder, 'chase');
    const source = new URL('../support/chase.c', import.meta.url).pathname;
    execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, source]);
    const ns = execFileSync(program, [String(first), String(4 << 20), 'thp', '100000'], { encoding: 'utf8' });
    assert.ok(Number(ns) > 0, ns);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

void test('threads of memory touch their own share first, or load memory while the first one is measured', async (t) => {
  if (first === last) {
    t.skip('one CPU');
    return;
  }
  const size = 3 << 20;
  const cases = [
    `what=bandwidth,cpu=${first}+${last},policy=local`,
    `what=bandwidth,cpu=${first}+${last},policy=interleave,node=${node}`,
    `what=loaded-latency,cpu=${last}+${first},policy=preferred,node=${node},kernel=read,pause=1000`,
    // Where the kernel has it.
    ...(existsSync(weights) ? [`what=latency,cpu=${first},policy=weighted-interleave,node=${node}`] : []),
  ];
  const answer = await measure(50, 'memory', '--size', String(size), ...cases.flatMap((one) => ['--case', one]));
  assertDone(answer);
  const all = linesOf(answer, 'repetition');
  assert.equal(all.length, cases.length);
  for (const one of all) assert.ok(one.valid, one.why ?? '');
  const [own, , loaded] = all;
  assert.ok(own && loaded);
  const both = [first, last].sort((a, b) => a - b).join(last - first === 1 ? '-' : ',');
  assert.deepEqual(own.seen.cpus, { threads: both });
  assert.deepEqual(loaded.seen.cpus, { thread: String(last), loaders: String(first) });
  assert.equal(loaded.benchmark, 'memory-loaded-latency');
  assert.ok((loaded.loadBytesPerSecond ?? 0) > 0);
});

void test('what memory cannot do is refused before anything is measured', async () => {
  const at = `what=bandwidth,cpu=${first},node=${node}`;
  const pages = assertFails(await agent('memory', '--case', `${at},pages=128m`), 4, 'unsupported');
  assert.match(pages.hint ?? '', /of those it has: \d+k/);
  if (!existsSync(weights)) {
    const why = assertFails(await agent('memory', '--case', `${at},policy=weighted-interleave`), 4, 'unsupported');
    assert.match(why.message, /^Weighted interleave is unavailable: /);
  }
  for (const wrong of [
    `${at},kernel=dance`,
    `${at},policy=moon`,
    `${at},policy=local`,
    `what=bandwidth,cpu=${first}`,
    `what=bandwidth,cpu=${first}+${first},node=${node}`,
    `what=latency,cpu=${first}+${last + 1},node=${node}`,
    `what=loaded-latency,cpu=${first},node=${node}`,
    `${at},size=100`,
    `${at},pages=large`,
  ])
    assertFails(await agent('memory', '--case', wrong), 2, 'usage');
});
