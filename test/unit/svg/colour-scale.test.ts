// Figures as heat: which step each has.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { binOf, colourScale } from '../../../src/model/svg/colour-scale.ts';

test('few values have a step each, and lie apart', () => {
  const shades = colourScale([21, 12, 21, 31, 12]);
  assert.deepEqual(
    shades.map(({ step, from, to }) => [step, from, to]),
    [
      [1, 12, 12],
      [3, 21, 21],
      [5, 31, 31],
    ],
  );
  assert.equal(binOf(shades, 10), 0);
  assert.equal(colourScale([]).length, 0);
});

test('every value is in one step, and more is never less', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 60 }), (values) => {
      const shades = colourScale(values);
      const sorted = [...values].sort((a, b) => a - b);
      const steps = sorted.map((value) => binOf(shades, value));
      assert.ok(steps.every((step, at) => step >= 1 && step <= 6 && step >= (steps[at - 1] ?? 0)));
      assert.ok(shades.every(({ step }, at) => at === 0 || step > (shades[at - 1]?.step ?? 0)));
    }),
  );
});
