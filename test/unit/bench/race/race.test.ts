// What a race may claim and what it costs, over thousands of races with noise as real programs have it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { exhaustive, noiseOf, raced, seeded } from './simulated.ts';
import type { NoiseKind } from './simulated.ts';

const NOISES: readonly NoiseKind[] = ['calm', 'two regimes', 'wide'];

const alike = (count: number): number[] => Array.from({ length: count }, () => 1);

for (const noise of NOISES) {
  for (const count of [2, 12]) {
    test(`of 1,000 races of ${String(count)} without a difference at most 5 % name a winner, noise: ${noise}`, () => {
      const random = seeded(count);
      const races = Array.from({ length: 1000 }, () => raced(alike(count), noiseOf(noise, random)));
      const claimed = races.filter(({ winner }) => winner !== null).length;
      assert.ok(claimed <= 50, `${String(claimed)} of 1000`);
    });
  }
}

/** An exhaustive comparison runs every candidate so often. */
const EXHAUSTIVE_ROUNDS = 40;
/** Of an exhaustive comparison's runs. */
const MOST_RUNS = 0.25;
const NEAR = 1.03;
const RACES = 250;

interface Field {
  /** Times, the baseline's first. */
  readonly truth: readonly number[];
  /** How many of the races name a winner that is as good as the exhaustive one's, at least; the others name none. */
  readonly good: Readonly<Record<NoiseKind, number>>;
  /** Likewise, how many name one that is not. */
  readonly wrong: Readonly<Record<NoiseKind, number>>;
}

const never = { calm: 0.02, 'two regimes': 0.02, wide: 0.02 };

const FIELDS: Readonly<Record<string, Field>> = {
  'a factor of three, the others close behind': {
    truth: [3, 1, 1.05, 1.2, 1.3, 1.5, 2, 2.2, 2.5, 2.8, 3, 3.3],
    good: { calm: 0.95, 'two regimes': 0.95, wide: 0.6 },
    wrong: { ...never, wide: 0.4 },
  },
  'one better by 13 %': {
    truth: [1, 0.87, 1, 1, 1, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 10],
    good: { calm: 0.95, 'two regimes': 0.65, wide: 0.15 },
    wrong: never,
  },
  'one better by 5 %': {
    truth: [1, ...alike(10), 0.95],
    good: { calm: 0.8, 'two regimes': 0.05, wide: 0 },
    wrong: { calm: 0.03, 'two regimes': 0.03, wide: 0.03 },
  },
};

for (const [name, { truth, good, wrong }] of Object.entries(FIELDS)) {
  for (const noise of NOISES) {
    test(`${name}, noise: ${noise}: the winner is as good as that of four times the runs, or none is named`, () => {
      const random = seeded(name.length);
      let [near, far, most] = [0, 0, 0];
      for (let race = 0; race < RACES; race++) {
        const { winner, runs } = raced(truth, noiseOf(noise, random));
        const all = exhaustive(truth, noiseOf(noise, random), EXHAUSTIVE_ROUNDS);
        most = Math.max(most, runs / all.runs);
        if (winner === null) continue;
        if ((truth[winner] ?? NaN) <= NEAR * (truth[all.best] ?? NaN)) near++;
        else far++;
      }
      assert.ok(most <= MOST_RUNS, `${String(most)} of the runs`);
      assert.ok(near >= good[noise] * RACES, `${String(near)} of ${String(RACES)} races`);
      assert.ok(far <= wrong[noise] * RACES, `${String(far)} of ${String(RACES)} races`);
    });
  }
}
