// Weights for weighted interleave: what the kernel accepts, in proportion, and as small as the error allows.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { MOST_WEIGHT, WEIGHT_ERROR, weightsFor } from '../../../../src/model/bench/nodes/weights.ts';

const of = (...values: number[]): number[] | null => {
  const found = weightsFor(new Map(values.map((value, i) => [i * 3, value])));
  return found && [...found.weights.values()];
};

test('equal nodes weigh 1, and others as little as their proportion allows', () => {
  assert.deepEqual(of(100e9, 100e9), [1, 1]);
  assert.deepEqual(of(100e9, 101e9, 99e9), [1, 1, 1]);
  assert.deepEqual(of(60e9, 20e9), [3, 1]);
  assert.deepEqual(of(250e9, 100e9), [5, 2]);
});

test('of one node, or of one without bandwidth, there are none', () => {
  assert.equal(of(1), null);
  assert.equal(of(), null);
  assert.equal(of(1, 0), null);
  assert.equal(of(1, NaN), null);
});

test('a node far too slow for the range weighs 1, and the error says so', () => {
  const found = weightsFor(
    new Map([
      [0, 1000],
      [7, 1],
    ]),
  );
  assert.deepEqual(
    [...(found?.weights ?? [])],
    [
      [0, MOST_WEIGHT],
      [7, 1],
    ],
  );
  assert.ok((found?.error ?? 0) > 1);
});

const bandwidths = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 2, maxLength: 64 });

test('for any nodes: whole numbers from 1 to 255, a larger bandwidth never weighs less, no common divisor, units do not matter', () => {
  fc.assert(
    fc.property(bandwidths, fc.constantFrom(1e3, 2 ** 20, 1e9), (values, unit) => {
      const nodes = new Map(values.map((value, i) => [i, value]));
      const found = weightsFor(nodes);
      assert.ok(found);
      const weights = [...found.weights.values()];
      for (const weight of weights) assert.ok(Number.isInteger(weight) && weight >= 1 && weight <= MOST_WEIGHT);
      for (const [i, value] of values.entries()) {
        for (const [j, other] of values.entries()) {
          if (value > other) assert.ok((weights[i] ?? 0) >= (weights[j] ?? 0));
        }
      }
      const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
      assert.equal(weights.reduce(divisor), 1);
      const [pages, bytes] = [weights, values].map((list) => list.reduce((all, one) => all + one, 0));
      const errors = weights.map((one, i) => Math.abs(((one / (pages ?? 1)) * (bytes ?? 1)) / (values[i] ?? 1) - 1));
      assert.ok(Math.abs(Math.max(...errors) - found.error) < 1e-9);
      // Within 1 : 12 each weight is rounded by less than the bound at 255.
      if (Math.max(...values) / Math.min(...values) <= 12) assert.ok(found.error <= WEIGHT_ERROR);
      const inUnit = weightsFor(new Map(values.map((value, i) => [i, value * unit])));
      const error = inUnit?.error ?? NaN;
      assert.ok(Math.abs(error - found.error) < 1e-6 || error <= WEIGHT_ERROR);
    }),
  );
});
