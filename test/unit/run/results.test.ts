import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { compareResults } from '../../../src/model/run/compare.ts';
import { memoryCase } from '../../../src/model/cases/memory.ts';
import { buildResults } from '../../../src/model/run/results.ts';
import type { RawRepetition } from '../../../src/model/run/results.ts';
import type { Result } from '../../../src/model/run/run.ts';
import { resultSchema } from '../../../src/protocol/run.ts';
import { repetition, runOf, SPSC, SPSC_LATENCY, spscCase } from '../topologies.ts';

const MEMORY = { benchmark: 'memory-bandwidth', metric: 'B/s' } as const;
const CASES = [spscCase(0, 4), spscCase(0, 1)];
const build = (lines: readonly RawRepetition[]): Result[] =>
  buildResults(CASES, lines, { kind: () => SPSC, emulated: false });

test('a result holds every repetition in the order of rounds, whatever order the lines came in', () => {
  const lines = [30, 10, 20].map((figure, round) => repetition(0, round, figure)).reverse();
  const [result] = build(lines);
  assert.ok(result);
  assert.deepEqual(result.repetitions, [30, 10, 20]);
  assert.equal(result.median, 20);
  assert.equal(result.metric, 'items/s');
  assert.equal(result.spread, 1);
  assert.equal(result.valid, true);
  assert.deepEqual(result.polls, { emptyPerItem: 0.1, fullPerItem: 0.02 });
  assert.doesNotThrow(() => v.parse(resultSchema, result));
});

test('a case that was never measured says so and has no figure', () => {
  const [, missing] = build([repetition(0, 0, 1)]);
  assert.equal(missing?.median, null);
  assert.equal(missing.valid, false);
  assert.equal(missing.why, 'not measured');
  assert.equal(missing.interval, null);
});

test('one slipped repetition makes the result invalid, with the first reason', () => {
  const [result] = build([
    repetition(0, 0, 1),
    repetition(0, 1, 1, { valid: false, why: 'the consumer ran on cpu 3' }),
    repetition(0, 2, 1, { valid: false, why: 'later' }),
  ]);
  assert.equal(result?.valid, false);
  assert.equal(result.why, 'the consumer ran on cpu 3');
});

test('what was seen is merged over the rounds', () => {
  const seen = (producer: string, migrations: number | null) => ({
    seen: { cpus: { producer, consumer: '4' }, nodes: { '1': 8 }, pageBytes: 2_097_152, migrations },
  });
  const lines = [repetition(0, 0, 1, seen('0', 2)), repetition(0, 1, 1, seen('2-3', 3))];
  assert.deepEqual(build(lines)[0]?.seen, {
    cpus: { producer: '0,2-3', consumer: '4' },
    nodes: { '1': 8 },
    pageBytes: 2_097_152,
    migrations: 5,
  });
  assert.equal(build([...lines, repetition(0, 2, 1, seen('0', null))])[0]?.seen.migrations, null);
});

test('counters are summed; one that could not be read once is unavailable, never a smaller sum', () => {
  const counters = (cycles: number | { unavailable: string }) => ({
    counters: { cycles, constructor: 1 },
  });
  const whole = build([repetition(0, 0, 1, counters(2)), repetition(0, 1, 1, counters(3))])[0];
  assert.equal(whole?.counters['cycles'], 5);
  assert.equal(Object.entries(whole.counters).find(([name]) => name === 'constructor')?.[1], 2);
  const lacking = build([
    repetition(0, 0, 1, counters(2)),
    repetition(0, 1, 1, counters({ unavailable: 'no PMU' })),
  ])[0];
  assert.deepEqual(lacking?.counters['cycles'], { unavailable: 'no PMU' });
});

test('latency is in ns, with the histograms of all rounds as one', () => {
  const latency = (round: number): RawRepetition => {
    const ring = repetition(0, round, 0);
    return {
      ...SPSC_LATENCY,
      case: 0,
      round,
      value: 300 + round,
      valid: true,
      why: null,
      counters: {},
      seen: ring.seen,
      histogram: [
        [512, 9],
        [256, 1],
      ],
    };
  };
  const [result] = build([latency(0), latency(1), latency(2)]);
  assert.equal(result?.metric, 'ns');
  assert.equal(result.median, 301);
  assert.deepEqual(result.histogram, [
    [256, 3],
    [512, 27],
  ]);
});

test('a repetition without a figure is none, not 0: it keeps its place, and the words say so', () => {
  const why = 'no round trip was completed in the measured time';
  const { seen } = repetition(0, 0, 0);
  const latency = (round: number, value: number | null): RawRepetition => {
    const held = value === null ? { valid: false, why } : { valid: true, why: null };
    return { ...SPSC_LATENCY, case: 0, round, value, ...held, counters: {}, seen, histogram: [] };
  };
  const [some] = build([latency(0, 300), latency(1, null), latency(2, 302), latency(3, 304)]);
  assert.deepEqual(some?.repetitions, [300, null, 302, 304]);
  assert.equal(some.median, 302);
  assert.ok(some.interval && some.interval[0] >= 300);
  assert.equal(some.valid, false);
  assert.equal(some.why, `${why}; 1 of 4 repetitions has no figure`);
  assert.doesNotThrow(() => v.parse(resultSchema, some));
  const [all] = build([latency(0, null), latency(1, null)]);
  assert.equal(all?.median, null);
  assert.equal(all.interval, null);
  assert.equal(all.spread, null);
  assert.equal(all.why, `${why}; 2 of 2 repetitions have no figure`);
  // Rounds are held against each other by their number, also behind one that is missing.
  const round = (figures: readonly (number | null)[]): Result => ({ ...some, repetitions: figures });
  const comparison = compareResults([round([20, null, 40, 60]), round([10, 10, 20, 30])]);
  assert.equal(comparison?.change, 1);
  assert.deepEqual(comparison.interval, [1, 1]);
});

test('memory has one thread and no polls', () => {
  const lines: RawRepetition[] = [0, 1, 2].map((round) => ({
    ...MEMORY,
    case: 0,
    round,
    value: 1e10,
    valid: true,
    why: null,
    counters: {},
    seen: { cpus: { thread: '3' }, nodes: { '1': 4 }, pageBytes: 4096, migrations: 0 },
  }));
  const where = { cpus: [3], policy: 'bind', nodes: [1] } as const;
  const place = memoryCase({ what: 'bandwidth', ...where, pages: '4k', sizeBytes: 16_384 });
  const [result] = buildResults([place], lines, { kind: () => MEMORY, emulated: true });
  assert.equal(result?.metric, 'B/s');
  assert.deepEqual(result.seen.cpus, { thread: '3' });
  assert.equal(result.polls, null);
  assert.equal(result.emulated, true);
});

test('two results are compared round by round', () => {
  const { results, comparison } = runOf({
    figures: [
      [21, 22, 21.5, 21.2, 21.8],
      [50, 52, 51, 50.5, 51.5],
    ],
  });
  assert.ok(comparison);
  assert.equal(comparison.shown, true);
  assert.ok(Math.abs(comparison.change + 0.58) < 0.01);
  const back = compareResults(results, 1, 0);
  assert.ok(back && back.change > 1.3 && back.of === 1);
});

test('no difference is claimed where the interval spans zero, none made where there are too few rounds', () => {
  const near = runOf({
    figures: [
      [10, 12, 9, 11, 10],
      [11, 9, 12, 10, 10],
    ],
  });
  assert.equal(near.comparison?.shown, false);
  assert.equal(
    runOf({
      figures: [
        [1, 1],
        [2, 2],
      ],
    }).comparison,
    null,
  );
  const { results } = near;
  assert.equal(compareResults(results, 0, 7), null);
  const other = results.map((result, index) =>
    index === 1 ? { ...result, benchmark: 'spsc-latency' as const } : result,
  );
  assert.equal(compareResults(other), null);
});
