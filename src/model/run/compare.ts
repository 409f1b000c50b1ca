/** One result held against another of the same run, round by round, and which two of a run those are. */

import { areSeveralThings } from '../cases/case.ts';
import type { Comparison, Result, Run } from './run.ts';
import { pairedRatio } from './statistics.ts';

/** Null when either was not measured in enough rounds (three), or they measure different things. */
export function compareResults(results: readonly Result[], of = 0, against = 1): Comparison | null {
  const [one, two] = [results[of], results[against]];
  if (!one || one.benchmark !== two?.benchmark) return null;
  if (areSeveralThings(one.placement)) return null;
  const ratio = pairedRatio(one.repetitions, two.repetitions);
  if (!ratio?.interval) return null;
  const [low, high] = ratio.interval;
  return { of, against, change: ratio.change, interval: [low, high], shown: low > 0 || high < 0 };
}

/** The result a run is about, and the one it is held against: of a guided run these are not the first two. */
export function pair({ comparison, results }: Pick<Run, 'comparison' | 'results'>): {
  readonly of: Result | null;
  readonly against: Result | null;
} {
  if (!comparison) return { of: results[0] ?? null, against: null };
  return { of: results[comparison.of] ?? null, against: results[comparison.against] ?? null };
}
