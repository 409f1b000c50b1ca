// Threads of a running program on the machine: which token stands for whom, where they are drawn, and what a drop costs.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { layoutMachine } from '../../../../src/model/layout/layout.ts';
import { puOf } from '../../../../src/model/layout/find.ts';
import { threadMarks } from '../../../../src/model/svg/threads.ts';
import {
  groupThreads,
  partnerOf,
  threadsByCpu,
  threadsOfToken,
  threadsWords,
  threadSlot,
  threadWords,
  tokenOfThreads,
} from '../../../../src/model/bench/program/threads.ts';
import type { LiveProgram, LiveThread } from '../../../../src/model/bench/program/threads.ts';
import { EMPTY_PLACEMENT } from '../../../../src/model/placement/slots.ts';
import { carriedCosts } from '../../../../src/webview/machine/cost.ts';
import { startOf, tokenAt } from '../../../../src/webview/machine/token-places.ts';
import { moveWords } from '../../../../src/webview/machine/labels.ts';
import { TWO_SOCKETS } from '../../layout/topologies.ts';
import { SPSC_SLOTS } from '../../../../src/model/bench/spsc/slots.ts';
import { placed } from '../../../support/slots.ts';

const thread = (tid: number, name: string, cpu: number, of: Partial<LiveThread> = {}): LiveThread => ({
  tid,
  name,
  cpu,
  allowed: '0-71',
  pinned: of.allowed !== undefined,
  moved: false,
  busy: 0.5,
  cpuSeconds: 1,
  ...of,
});
const MAIN = thread(100, 'main', 0, { cpuSeconds: 9, busy: 0.1 });
const [A, B] = [thread(101, 'worker', 18, { allowed: '18' }), thread(102, 'worker', 18, { cpuSeconds: 3 })];
const THREADS = [A, B, MAIN];
const program: LiveProgram = {
  name: 'prog',
  command: ['prog'],
  pid: 100,
  threads: THREADS,
  count: 3,
  course: { seconds: 0, series: [], marks: [] },
  residentBytes: {},
  moved: null,
};
const ends = { topology: TWO_SOCKETS, slots: SPSC_SLOTS, placement: EMPTY_PLACEMENT, group: program, costs: null };

test('a token stands for the same threads wherever they run by now', () => {
  const both = threadsByCpu(THREADS).get(18)?.token;
  assert.equal(both, tokenOfThreads([A, B]));
  const moved = [MAIN, { ...A, cpu: 3 }, thread(103, 'worker', 18), { ...B, cpu: 4 }];
  assert.deepEqual(
    threadsOfToken(moved, both).map(({ tid }) => tid),
    [101, 102],
  );
  assert.equal(threadWords(both), '2 threads');
  assert.equal(threadWords(tokenOfThreads([MAIN])), 'thread 100');
  assert.equal(threadWords('thread:worker'), 'threads worker');
});

test('a CPU says what ran there, by name, and whether it may go elsewhere', () => {
  const on = threadsByCpu(THREADS);
  assert.deepEqual(
    [...on.keys()].sort((a, b) => a - b),
    [0, 18],
  );
  const shared = on.get(18);
  assert.ok(shared);
  assert.equal(shared.pinned, false, 'one of the two may move');
  assert.equal(threadsWords(shared), 'runs worker 101 (50 %), worker 102 (50 %), 1 of 2 pinned to 18');
  const many = Array.from({ length: 6 }, (_, i) => thread(200 + i, 'w', 4, { allowed: '4' }));
  const crowd = threadsByCpu(many).get(4);
  assert.ok(crowd);
  assert.equal(threadsWords(crowd), 'runs w 200 (50 %), w 201 (50 %), w 202 (50 %) and 3 more threads, pinned to 4');
});

test('no thread is lost or doubled, however they are spread', () => {
  const any = fc.array(fc.record({ tid: fc.nat(5000), cpu: fc.nat(71), name: fc.constantFrom('a', 'b', 'c') }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(any, (made) => {
      const threads = [...new Map(made.map((one) => [one.tid, thread(one.tid, one.name, one.cpu)])).values()];
      const tids = (of: readonly LiveThread[]): number[] => of.map(({ tid }) => tid).sort((a, b) => a - b);
      const parts = [...threadsByCpu(threads).values()];
      assert.deepEqual(tids(parts.flatMap((part) => threadsOfToken(threads, part.token))), tids(threads));
      const groups = groupThreads(threads);
      assert.deepEqual(tids(groups.flatMap((group) => threadsOfToken(threads, group.token))), tids(threads));
    }),
  );
});

test('each CPU with threads carries one mark, which can be taken where it can be seen', () => {
  const on = threadsByCpu(THREADS);
  for (const size of [
    { width: 1440, height: 900 },
    { width: 300, height: 200 },
  ]) {
    const layout = layoutMachine(TWO_SOCKETS, size);
    const marks = threadMarks(layout, on);
    assert.equal(marks.length, 2);
    for (const { attrs } of marks) {
      const box = puOf(layout, Number(attrs['data-cpu'] ?? 0));
      assert.ok(box);
      assert.equal('data-token' in attrs, box.w >= 24, `${box.w} px wide`);
      if ('data-token' in attrs) assert.equal(attrs['data-token'], on.get(Number(attrs['data-cpu']))?.token);
    }
  }
});

test('a carried thread is held against the one of the others that ran the most', () => {
  assert.equal(partnerOf(THREADS, 'thread:worker'), MAIN);
  assert.equal(partnerOf(THREADS, tokenOfThreads([MAIN])), B);
  assert.equal(partnerOf([MAIN], tokenOfThreads([MAIN])), null);
  const found = carriedCosts(ends, threadSlot('thread:worker'));
  assert.equal(found?.from.name, 'thread main 100');
  assert.deepEqual(
    [36, 1, 18].map((cpu) => found.costs.get(cpu)?.short),
    ['core', 'L3', 'd21'],
  );
  assert.equal(
    moveWords(ends, threadSlot('thread:worker'), { kind: 'cpu', id: 18 }),
    'cpu 18: other socket, distance 21 from the thread main 100, cost not measured',
  );
  assert.equal(
    moveWords(ends, threadSlot('thread:worker'), { kind: 'cpu', id: 0 }),
    'cpu 0: on the CPU of the thread main 100, cost not measured',
  );
  const alone = { ...ends, group: { ...program, threads: [MAIN] } };
  assert.equal(carriedCosts(alone, threadSlot(tokenOfThreads([MAIN]))), null);
  assert.equal(moveWords(alone, threadSlot(tokenOfThreads([MAIN])), { kind: 'cpu', id: 18 }), 'cpu 18');
});

test('by keys, what was placed on a CPU is taken first, then the threads that run there', () => {
  const view = { ...ends, placement: placed({ producer: 18 }) };
  assert.equal(tokenAt(view, { kind: 'cpu', id: 18 })?.name, 'producer');
  assert.equal(tokenAt(view, { kind: 'cpu', id: 0 })?.name, tokenOfThreads([MAIN]));
  assert.equal(tokenAt(view, { kind: 'cpu', id: 1 }), null);
  assert.equal(tokenAt(view, { kind: 'node', id: 0 }), null);
  assert.deepEqual(startOf(view, threadSlot('thread:worker'), null), { kind: 'cpu', id: 18 });
});
