import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  histogramPercentile,
  isNoisy,
  median,
  medianInterval,
  pairedRatio,
  quantile,
  randomFrom,
  RESAMPLES,
  SEED,
  spread,
  unpairedRatio,
} from '../../../src/model/run/statistics.ts';
import { signedRank, signInterval } from '../../../src/model/run/ranks.ts';

const figure = fc.double({ min: -1e12, max: 1e12, noNaN: true });
const rate = fc.double({ min: 1, max: 1e12, noNaN: true });

test('quantiles are those of type 7, as R and NumPy print them', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(quantile([1, 2, 3, 4], 0.25), 1.75);
  assert.equal(quantile([10], 0.99), 10);
  assert.ok(Number.isNaN(median([])));
});

test('the bootstrap interval is that of medians of resamples, whatever the order of the values, and lies within them', () => {
  const resampled = (values: readonly number[]): [number, number] => {
    const random = randomFrom(SEED);
    const sorted = [...values].sort((a, b) => a - b);
    const draw = (): number => sorted[Math.floor(random() * sorted.length)] ?? NaN;
    const medians = Array.from({ length: RESAMPLES }, () => median(values.map(draw)));
    return [quantile(medians, 0.025), quantile(medians, 0.975)];
  };
  fc.assert(
    fc.property(fc.array(figure, { minLength: 3, maxLength: 25 }), (values) => {
      const interval = medianInterval(values);
      assert.ok(interval);
      const [low, high] = interval;
      assert.ok(Math.min(...values) <= low && low <= high && high <= Math.max(...values));
      assert.deepEqual(medianInterval(values.toReversed()), interval);
      assert.deepEqual(resampled(values), interval);
    }),
    { numRuns: 20 },
  );
});

test('the interval covers the median of a known distribution about as often as it says', () => {
  // A fixed stream of its own, so that the test cannot fail by chance.
  let state = 1;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  let covered = 0;
  for (let i = 0; i < 1000; i++) {
    const interval = medianInterval(Array.from({ length: 15 }, next));
    if (interval && interval[0] <= 0.5 && interval[1] >= 0.5) covered++;
  }
  assert.ok(covered >= 900 && covered < 1000, `${covered} of 1000`);
});

test('an unpaired ratio draws both series by themselves', () => {
  const values = [100, 101, 103, 106, 110, 115, 121];
  const same = unpairedRatio(values, values);
  assert.ok(same?.change === 0 && same.interval[0] < -0.02 && same.interval[1] > 0.02);
  assert.equal(unpairedRatio(values, [1, 2]), null);
});

test('fewer than three values carry no interval, and a figure without interval is noisy', () => {
  assert.equal(medianInterval([1, 2]), null);
  assert.equal(isNoisy(1, null), true);
  assert.equal(isNoisy(100, [96, 104]), false);
  assert.equal(isNoisy(100, [90, 104]), true);
  assert.equal(isNoisy(0, [0, 0]), true);
});

test('spread is the range over the median', () => {
  assert.equal(spread([90, 100, 120]), 0.3);
  assert.equal(spread([]), null);
  assert.equal(spread([0, 0]), null);
});

test('a paired ratio takes drift out that hits both', () => {
  const drift = [1, 2, 3, 4, 5, 6, 7];
  const ratio = pairedRatio(
    drift.map((factor) => 42 * factor),
    drift.map((factor) => 100 * factor),
  );
  assert.ok(ratio?.interval);
  assert.ok(Math.abs(ratio.change + 0.58) < 1e-9);
  assert.ok(ratio.interval[1] - ratio.interval[0] < 1e-9);
});

test('a paired ratio leaves out what has no partner or no meaning', () => {
  assert.equal(pairedRatio([], [1]), null);
  assert.equal(pairedRatio([1, 1], [0, 0]), null);
  assert.equal(pairedRatio([2, 9], [1])?.change, 1);
});

test('a paired ratio of a series with itself is nothing, and scales as its figures do', () => {
  fc.assert(
    fc.property(fc.array(rate, { minLength: 3, maxLength: 12 }), (values) => {
      assert.deepEqual(pairedRatio(values, values), { change: 0, interval: [0, 0] });
      const half = pairedRatio(
        values.map((value) => value / 2),
        values,
      );
      assert.ok(half && Math.abs(half.change + 0.5) < 1e-9);
    }),
    { numRuns: 40 },
  );
});

test('percentiles of a histogram are upper bounds of buckets that hold something', () => {
  const buckets = [
    [100, 0],
    [200, 90],
    [400, 9],
    [800, 1],
    [1600, 0],
  ] as const;
  const at = (share: number): number | null => histogramPercentile(buckets, share);
  assert.deepEqual([0, 0.5, 0.9, 0.99, 0.999, 1].map(at), [200, 200, 200, 400, 800, 800]);
  assert.equal(histogramPercentile([], 0.5), null);
  assert.equal(histogramPercentile([[100, 0]], 0.5), null);
});

test('the exact interval of a median: the order statistics of published tables, and none where the values are too few', () => {
  const values = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
  // Conover, Practical Nonparametric Statistics: for n = 10 and 95 % the 2nd and the 9th value; for n = 20 the 6th and 15th.
  assert.deepEqual(signInterval(values(10), 0.95), [2, 9]);
  assert.deepEqual(signInterval(values(20), 0.95), [6, 15]);
  assert.deepEqual(signInterval(values(6), 0.95), [1, 6]);
  assert.equal(signInterval(values(5), 0.95), null);
  assert.equal(signInterval([], 0.95), null);
});

test('the exact interval covers the median as often as it says', () => {
  const random = randomFrom(7);
  const trials = 2000;
  let missed = 0;
  for (let i = 0; i < trials; i++) {
    const interval = signInterval(
      Array.from({ length: 11 }, () => random() ** 3 - 0.125),
      0.99,
    );
    if (!interval || interval[0] > 0 || interval[1] < 0) missed++;
  }
  // At most 20 are expected; more than 40 come once in 10,000 times.
  assert.ok(missed <= 40, String(missed));
});

test('the interval of signed ranks leaves out the middle of a symmetric distribution as seldom as it says, and no seldomer than it must', () => {
  // Every way to sign eight values of different size is as likely as any other where the middle is 0.
  const sizes = [1, 2.1, 3.3, 4.7, 6.2, 7.9, 9.8, 12];
  const signed = Array.from({ length: 2 ** sizes.length }, (_, bits) =>
    sizes.map((size, at) => ((bits >> at) & 1 ? size : -size)),
  );
  for (const [confidence, outside] of [
    [0.99, 2],
    [0.98, 4],
    [0.95, 10],
  ] as const) {
    const left = signed.filter((values) => {
      const [low, high] = signedRank(values, confidence)?.interval ?? assert.fail('no interval');
      return low > 0 || high < 0;
    });
    assert.equal(left.length, outside);
    assert.ok(outside <= (1 - confidence) * signed.length);
  }
  assert.equal(signedRank(sizes, 0.995), null);
  assert.equal(signedRank([], 0.95), null);
});

test('the estimate of signed ranks is the median of all means of two, within its interval', () => {
  const { middle, interval } = signedRank([1, 2, 3, 4, 5, 6, 7, 100], 0.95) ?? assert.fail('no interval');
  assert.equal(middle, 4.5);
  assert.deepEqual(interval, [2, 52.5]);
});
