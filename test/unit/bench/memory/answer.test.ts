/** Sentences about pages claim what the rounds carry, in whichever direction. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { pagesSentence } from '../../../../src/model/bench/memory/answer.ts';
import { MEASURED_MEMORY } from '../../../../src/model/bench/memory/measured.ts';
import { memoryCase } from '../../../../src/model/cases/memory.ts';
import type { MemoryAsked } from '../../../../src/model/cases/memory.ts';
import { buildResults } from '../../../../src/model/run/results.ts';
import type { RawRepetition } from '../../../../src/model/run/results.ts';
import type { Result } from '../../../../src/model/run/run.ts';

const GB = 1024 ** 3;
const base: MemoryAsked = {
  ...{ what: 'latency', cpus: [4], policy: 'bind', nodes: [1], pages: '4k', sizeBytes: GB },
};

/** Figures that drift together over the rounds, as on a real host. */
const around = (figure: number, noise = 0.01): number[] =>
  [0, 1, 2, 3, 4, 5, 6].map((round) => figure * (1 + 0.05 * round + noise * ((round % 3) - 1)));

interface Taken {
  readonly asked: Partial<MemoryAsked>;
  readonly figures: readonly number[];
  readonly more?: Partial<RawRepetition>;
}

function resultsOf(taken: readonly Taken[]): Result[] {
  const cases = taken.map(({ asked }) => memoryCase({ ...base, ...asked }));
  const lines = taken.flatMap(({ figures, more }, index) =>
    figures.map((value, round): RawRepetition => ({
      ...{ benchmark: 'memory-latency', metric: cases[index]?.what === 'bandwidth' ? 'B/s' : 'ns' },
      ...{ case: index, round, value, valid: true, why: null, counters: {} },
      seen: { cpus: { thread: '4' }, nodes: { '1': 1 }, pageBytes: 4096, migrations: 0 },
      ...more,
    })),
  );
  return buildResults(cases, lines, { kind: (one) => MEASURED_MEMORY.figure(one, null), emulated: false });
}

test('larger pages that help, and larger ones that add nothing', () => {
  const sentence = pagesSentence(
    resultsOf([
      { asked: { pages: '1g' }, figures: around(100, -0.01) },
      { asked: {}, figures: around(162) },
      { asked: { pages: '2m' }, figures: around(100) },
    ]),
  );
  assert.match(
    sentence ?? '',
    /^2 MB pages cut random access over 1 GB on node 1 by 38 % \(3\d(\.\d)? to 3\d(\.\d)? %\); 1 GB pages add nothing that could be shown( \(less than 2 % either way\))?\.$/,
  );
});

test('sizes that add as little as each other are named together', () => {
  const sentence = pagesSentence(
    resultsOf([
      { asked: {}, figures: around(162) },
      { asked: { pages: 'thp' }, figures: around(100) },
      { asked: { pages: '2m' }, figures: around(100, -0.01) },
      { asked: { pages: '1g' }, figures: around(100, -0.01) },
    ]),
  );
  assert.match(
    sentence ?? '',
    /^Transparent huge pages cut .* by 38 % \(.*\); 2 MB pages and 1 GB pages add nothing that could be shown/,
  );
});

test('larger pages that lose, and those that win again', () => {
  const lost = resultsOf([
    { asked: {}, figures: around(100) },
    { asked: { pages: 'thp' }, figures: around(110) },
    { asked: { pages: '2m' }, figures: around(80) },
  ]);
  assert.match(
    pagesSentence(lost) ?? '',
    /^Transparent huge pages lengthen random access over 1 GB on node 1 by \d+ % .*; 2 MB pages cut random access over 1 GB on node 1 by 20 % /,
  );
  const rate = { what: 'bandwidth', cpus: [4, 5], kernel: 'read' } as const;
  const slower = resultsOf([
    { asked: rate, figures: around(2e10) },
    { asked: { ...rate, pages: '2m' }, figures: around(3e10) },
    { asked: { ...rate, pages: '1g' }, figures: around(2.7e10) },
  ]);
  assert.match(
    pagesSentence(slower) ?? '',
    /^2 MB pages raise read bandwidth of 2 threads on node 1 by 50 % .*; 1 GB pages lower it by 10 % \(.*\) against 2 MB pages\.$/,
  );
});

test('nothing is claimed of what did not hold, or was measured too seldom', () => {
  const slipped = resultsOf([
    { asked: {}, figures: around(100) },
    {
      ...{ asked: { pages: 'thp' }, figures: around(50) },
      more: { valid: false, why: 'transparent huge pages hold 0 of 8 kB' },
    },
  ]);
  const none = 'No answer for transparent huge pages: transparent huge pages hold 0 of 8 kB.';
  assert.equal(pagesSentence(slipped), none);
  const seldom = resultsOf([
    { asked: {}, figures: [100, 101] },
    { asked: { pages: '2m' }, figures: [50, 51] },
  ]);
  assert.match(pagesSentence(seldom) ?? '', /^No answer for .*: too few rounds/);
  const apart = resultsOf([
    { asked: {}, figures: around(100) },
    { asked: { pages: '2m', nodes: [0] }, figures: around(50) },
  ]);
  assert.equal(pagesSentence(apart), null);
});

test('no difference is one sentence, however many sizes and figures were compared', () => {
  const alike = (what: 'latency' | 'bandwidth'): Taken[] =>
    (['4k', 'thp', '2m'] as const).map((pages, i) => ({ asked: { what, pages }, figures: around(100, 0.1 * (i - 1)) }));
  assert.match(
    pagesSentence(resultsOf(alike('latency'))) ?? '',
    /^No difference could be shown between 4 KB pages and transparent huge pages.* and 2 MB pages.* for random access over 1 GB on node 1\.$/,
  );
  assert.equal(
    pagesSentence(resultsOf([...alike('latency'), ...alike('bandwidth')])),
    'No difference between 4 KB pages, transparent huge pages and 2 MB pages could be shown for random access over 1 GB on node 1 and triad bandwidth on node 1.',
  );
});

test('each node has its own sentence, and misses of the TLB are told where they were counted', () => {
  const counted = (misses: number): Partial<RawRepetition> => ({
    ...{ counters: { 'dTLB-load-misses': misses }, loads: 1000 },
  });
  const sentence = pagesSentence(
    resultsOf([
      { asked: { nodes: [0] }, figures: around(90) },
      { asked: {}, figures: around(162), more: counted(980) },
      { asked: { nodes: [0], pages: '2m' }, figures: around(60) },
      { asked: { pages: '2m' }, figures: around(100), more: counted(20) },
    ]),
  );
  assert.match(sentence ?? '', /on node 0 by 33 % [^.]*\..* on node 1 by 38 % /);
  assert.match(sentence ?? '', /Misses of the data TLB go from 0.98 to 0.02 a load with 2 MB pages\.$/);
});
