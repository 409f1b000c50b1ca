/** Comparisons of one run that are told together: each interval is as wide as it takes for all of them to hold at once. */

import type { Comparison, Result } from './run.ts';
import { signInterval } from './ranks.ts';
import { pairedRatio } from './statistics.ts';

/** All intervals of a run hold together with this confidence. */
const TOGETHER = 0.95;

/** A result with its place in the run. */
export interface Placed {
  readonly index: number;
  readonly result: Result;
}

/** Rounds below which one comparison of so many carries no statement: all ratios on one side of zero come by chance then. */
export function roundsNeeded(comparisons: number): number {
  return 1 + Math.ceil(Math.log2(Math.max(1, comparisons) / (1 - TOGETHER)));
}

/**
 * @param comparisons of the run: with n of them each interval holds with 1 − 5 % ÷ n (Bonferroni), so that many comparisons
 * do not find by chance what one would not.
 * @returns null where the rounds are too few.
 */
export function compareJointly(of: Placed, against: Placed, comparisons: number): Comparison | null {
  const confidence = 1 - (1 - TOGETHER) / Math.max(1, comparisons);
  const intervalOf = (ratios: readonly number[]): ReturnType<typeof signInterval> => signInterval(ratios, confidence);
  const ratio = pairedRatio(of.result.repetitions, against.result.repetitions, intervalOf);
  if (!ratio?.interval) return null;
  const { change, interval } = ratio;
  return { of: of.index, against: against.index, change, interval, shown: interval[0] > 0 || interval[1] < 0 };
}
