// Classes of few measured pairs, inferred together: what one of them shows of a core counts in the others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inferTogether } from '../../../../src/model/bench/matrix/infer/pooled.ts';
import { allPairs, measurable, sitesOf } from '../../../../src/model/bench/matrix/pairs.ts';
import { median, randomFrom } from '../../../../src/model/run/statistics.ts';
import { machine } from '../../topologies.ts';

const topology = machine({ packages: 2, coresPerNode: 4 });
const { sites } = sitesOf(topology);
const near = allPairs(measurable(topology)).filter(([a, b]) => a < 4 && b < 4);
const far = allPairs(measurable(topology)).filter(([a, b]) => a < 4 && b >= 4);

test('a core that is dear in pairs of one class is taken for dear in those of another', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3 }),
      fc.double({ min: 1.15, max: 1.5, noNaN: true }),
      fc.integer({ min: 1, max: 2 ** 30 }),
      (odd, dearer, seed) => {
        const random = randomFrom(seed);
        const cost = ([a, b]: readonly [number, number]): number =>
          (b < 4 ? 30 : 110) * (a === odd || b === odd ? dearer : 1) * (1 + (random() - 0.5) / 100);
        const truth = [near.map(cost), far.map(cost)] as const;
        // Of the six near pairs the two that no core is in twice: alone they do not tell which of two cores is dear.
        const apart = near.flatMap(([a, b], at) => ((a === 0 && b === 1) || (a === 2 && b === 3) ? [at] : []));
        const known = (of: readonly number[], at: readonly number[]): Map<number, number> =>
          new Map(at.map((one) => [one, of[one] ?? NaN]));
        const [one, two] = inferTogether(
          [
            { pairs: near, measured: known(truth[0], apart) },
            {
              pairs: far,
              measured: known(
                truth[1],
                [...far.keys()].filter((at) => at % 5 === 0),
              ),
            },
          ],
          sites,
        );
        assert.ok(one && two);
        assert.ok(Math.abs(one.median / median(truth[0]) - 1) < 0.05, `${one.median} for ${median(truth[0])}`);
        near.forEach(([a, b], at) => {
          const off = (one.figures[at] ?? NaN) / (truth[0][at] ?? NaN) - 1;
          assert.ok(Math.abs(off) < 0.1, `CPUs ${a} and ${b} with ${odd} dear: off by ${off}`);
        });
        for (const at of apart) assert.equal(one.figures[at], truth[0][at], 'what was measured stands');
        assert.ok(one.interval[0] <= one.median && one.median <= one.interval[1]);
      },
    ),
    { numRuns: 20 },
  );
});

test('a lone figure far out of line is left alone, and classes measured whole have the median of their figures', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: far.length - 1 }),
      fc.double({ min: 2, max: 4, noNaN: true }),
      (at, times) => {
        const figures = far.map(([a, b], one) => 110 * (1 + ((a * 7 + b * 3) % 5) / 500) * (one === at ? times : 1));
        const some = [...far.keys()].filter((one) => one % 2 === 0 || one === at);
        const whole = near.map(([a, b]) => 30 + a + b);
        const [rest, all] = inferTogether(
          [
            { pairs: far, measured: new Map(some.map((one) => [one, figures[one] ?? NaN])) },
            { pairs: near, measured: new Map(whole.entries()) },
          ],
          sites,
        );
        assert.ok(rest && all);
        assert.ok(Math.abs(rest.median / median(figures) - 1) < 0.02, `${rest.median} for ${median(figures)}`);
        assert.deepEqual(all.figures, whole);
        assert.deepEqual([all.median, all.interval], [median(whole), [median(whole), median(whole)]]);
      },
    ),
    { numRuns: 20 },
  );
});
