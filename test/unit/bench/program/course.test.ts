// A program before and after what was done to it: what may be told of two series that were not measured in turn, and what not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { changeWords, severalWords, steps, stepSentences } from '../../../../src/model/bench/program/course.ts';
import type { Change } from '../../../../src/model/bench/program/course.ts';
import type { Course, CourseMark, CourseSeries } from '../../../../src/model/cases/course.ts';
import { rankRatio } from '../../../../src/model/run/ranks.ts';
import { randomFrom } from '../../../../src/model/run/statistics.ts';
import { clockWords, courseMarks, courseWords } from '../../../../src/model/svg/course.ts';

const mark = (seconds: number, of: Partial<CourseMark> = {}): CourseMark => ({
  ...{ seconds, until: seconds, act: 'pin', what: 'worker \u00d7 4 to cpu 0', ...of },
});
const printed = (values: readonly number[], metric = 'queries/s'): CourseSeries => ({
  ...{ kind: 'printed', metric },
  points: values.map((value, i) => [i + 1, value] as const),
});
const course = (marks: readonly CourseMark[], ...series: readonly CourseSeries[]): Course => ({
  seconds: Math.max(...series.flatMap(({ points }) => points.map(([seconds]) => seconds))),
  ...{ series, marks },
});
function only(of: Course): Change {
  const [change, ...others] = steps(of).flatMap(({ changes }) => changes);
  assert.ok(change && others.length === 0);
  return change;
}

/** Normal, by Box and Muller. */
function noise(seed: number): () => number {
  const random = randomFrom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

test('the interval of a ratio by ranks is that of the tables, and there is none for fewer than four of each', () => {
  assert.equal(rankRatio([1, 2, 3], [1, 2, 3], 0.95), null);
  assert.ok(rankRatio([1, 2, 3, 4], [1, 2, 3, 4], 0.95));
  // Mann and Whitney's table: 12 and 12 at 5 %, two-sided, U at most 37: the 38th quotient from either end.
  const of = Array.from({ length: 12 }, (_, i) => 1000 + 97 * ((i * 5) % 12) + i);
  const against = Array.from({ length: 12 }, (_, i) => 900 + 89 * ((i * 7) % 12) + i);
  const sorted = of.flatMap((a) => against.map((b) => a / b - 1)).sort((a, b) => a - b);
  assert.deepEqual(rankRatio(of, against, 0.95)?.interval, [sorted[37], sorted[144 - 38]]);
});

test('a change is told with its interval, and whether more is better follows from the unit', () => {
  const flat = (of: number): number[] => [0, 1, 2, 1, 0, 2].map((more) => of + more);
  const faster = only(course([mark(6.5)], printed([...flat(100), 0.1, ...flat(130)])));
  assert.equal(faster.weight, 'shown');
  assert.equal(faster.tone, 'gain');
  assert.match(changeWords(faster, false), /^\+30 % \(95\u00a0% \+2[78][\d.]* to \+3[12][\d.]*\u00a0%\)$/);
  // The figure that came first after it is of time on both sides: it counts for neither.
  assert.deepEqual(faster.sides, [101, 131]);
  const slower = only(course([mark(6.5)], printed([...flat(100), 1, ...flat(130)], 'p99 ms')));
  assert.equal(slower.tone, 'loss');
  const neither = only(course([mark(6.5)], printed([...flat(100), 1, ...flat(130)], 'recall')));
  assert.equal(neither.tone, 'neutral');
});

test('without a difference, with noise, a trend, too few or unfit figures no figure of a change is told', () => {
  const same = only(course([mark(8.5)], printed([9, 11, 10, 9, 11, 10, 9, 11, 5, 10, 9, 11, 10, 9, 11, 10])));
  assert.equal(same.weight, 'no-difference');
  assert.match(changeWords(same, false), /^no difference shown: between \u2212/);
  const noisy = only(course([mark(6.5)], printed([10, 50, 20, 40, 30, 25, 1, 110, 500, 200, 400, 300])));
  assert.equal(noisy.weight, 'noisy');
  const trend = only(course([mark(12.5)], printed(Array.from({ length: 24 }, (_, i) => 100 + i))));
  assert.deepEqual([trend.weight, trend.moving, trend.sides], ['moving', 'before', null]);
  const few = only(course([mark(7.5)], printed([1, 2, 1, 2, 1, 2, 1, 3, 4])));
  assert.equal(few.weight, 'too-few');
  assert.match(changeWords(few, false), /7 figures before and 1 after, 4 of each/);
  const zero = only(course([mark(4.5)], printed([0, 1, 1, 1, 1, 2, 2, 2, 2])));
  assert.equal(zero.weight, 'not-positive');
  for (const change of [same, noisy, trend, few, zero]) {
    assert.equal(change.tone, 'neutral');
    assert.equal(change.sides, null);
  }
});

test('acts that follow each other at once are one step, and a page move is not part of either side', () => {
  const values = [...Array<number>(8).fill(100), ...Array<number>(8).fill(50), ...Array<number>(8).fill(100)];
  const of = course(
    [mark(8.1), mark(8.4), mark(13.2, { act: 'pages', until: 17.2, what: '1 GB of pages to node 1' })],
    printed(values),
  );
  const [first, second, ...others] = steps(of);
  assert.ok(first && second && others.length === 0);
  assert.deepEqual([first.number, first.marks.length, second.number], [1, 2, 3]);
  assert.deepEqual(first.changes[0]?.counts, [8, 4]);
  assert.deepEqual(second.changes[0]?.counts, [4, 6]);
  const [sentence] = stepSentences(of, false);
  assert.match(
    sentence ?? '',
    /^Moved worker \u00d7 4 to cpu 0, then moved worker \u00d7 4 to cpu 0: queries\/s \u221250 % /,
  );
});

test('every figure of an emulated host says so, in words and in the picture', () => {
  const of = course([mark(4.5)], printed([1, 1, 1, 1, 1, 2, 2, 2, 2]));
  const [sentence] = stepSentences(of, true);
  assert.match(sentence ?? '', /%, emulated\)\.$/);
  const drawn = courseMarks(of, { width: 300, plot: 40 }, true);
  assert.match(JSON.stringify(drawn?.marks), /"queries\/s, emulated"/);
  assert.match(courseWords(of, true), /^Over .*, emulated\. /);
});

test('what it says of itself counts, else its CPU time; several intervals say that each stands for itself', () => {
  const cpus: CourseSeries = { ...printed([1, 1, 1, 1, 1, 2, 2, 2, 2], 'CPUs'), kind: 'cpus' };
  const threads: CourseSeries = { ...printed([1, 1, 1, 1, 1, 9, 9, 9, 9], 'threads'), kind: 'threads' };
  const one = steps(course([mark(4.5)], cpus, threads));
  assert.deepEqual(
    one.flatMap(({ changes }) => changes.map(({ metric, weight, tone }) => [metric, weight, tone])),
    [['CPUs', 'shown', 'neutral']],
  );
  assert.equal(severalWords(one), null);
  const two = steps(
    course([mark(4.5)], printed([1, 1, 1, 1, 1, 2, 2, 2, 2]), printed([1, 1, 1, 1, 1, 2, 2, 2, 2], 'x'), cpus),
  );
  assert.deepEqual(
    two.flatMap(({ changes }) => changes.map(({ metric }) => metric)),
    ['queries/s', 'x'],
  );
  assert.match(severalWords(two) ?? '', /about one/);
});

test('of a thousand programs that nothing changed at most 5 % are said to have changed, and hardly one with a trend', () => {
  for (const [count, trend] of [
    [5, 0],
    [12, 0],
    [40, 0],
    [20, 0.01],
  ] as const) {
    const next = noise(count);
    let claimed = 0;
    for (let i = 0; i < 1000; i++) {
      const values = Array.from({ length: 2 * count + 1 }, (_, t) => 100 * Math.exp(0.04 * next() + trend * t));
      if (only(course([mark(count + 0.5)], printed(values))).weight === 'shown') claimed++;
    }
    assert.ok(claimed <= 50, `${String(count)} figures, trend ${String(trend)}: ${String(claimed)}`);
  }
});

test('the picture has a line a figure, and numbers acts that stand close together as one', () => {
  const of = course([mark(3), mark(3.1), mark(20)], printed(Array.from({ length: 30 }, (_, i) => i)));
  const drawn = courseMarks(of, { width: 300, plot: 40 }, false);
  assert.ok(drawn);
  const words = JSON.stringify(drawn.marks);
  assert.match(words, /1\u20132/);
  assert.match(words, /queries\/s/);
  assert.equal(courseMarks({ seconds: 1, series: [], marks: [] }, { width: 300, plot: 40 }, false), null);
  assert.deepEqual([5, 65, 3600, 90_061].map(clockWords), ['5 s', '1:05', '1:00:00', '25:01:01']);
});
