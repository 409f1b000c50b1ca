/** One result held against another of the same run, round by round, and which two of a run those are. */

import { areSeveralThings } from '../cases/case.ts';
import { formatChange, formatInterval } from '../text/format.ts';
import type { Comparison, Result, Run } from './run.ts';
import { figuresOf } from './run.ts';
import { pairedRatio, unpairedRatio } from './statistics.ts';

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

/**
 * One result held against another of another run: each is drawn from by itself, for they were not measured in turn.
 * @returns as of a run of the two, the first against the second; or why nothing can be said.
 */
export function compareAcross(
  of: Result | null,
  against: Result | null,
): Pick<Run, 'results' | 'comparison'> | { readonly why: string } {
  if (of?.median == null || against?.median == null) return { why: 'One of them has no figure to compare.' };
  if (of.benchmark !== against.benchmark || of.metric !== against.metric)
    return {
      why: `They measure different things: ${against.benchmark} (${against.metric}) and ${of.benchmark} (${of.metric}).`,
    };
  const ratio = unpairedRatio(figuresOf(of), figuresOf(against));
  if (!ratio) return { why: 'Too few rounds for an interval: measure at least three of each.' };
  const [low, high] = ratio.interval;
  const comparison = { of: 0, against: 1, ...ratio, shown: low > 0 || high < 0 };
  return { results: [of, against], comparison };
}

/** The result a run is about, and the one it is held against: of a guided run these are not the first two. */
export function pair({ comparison, results }: Pick<Run, 'comparison' | 'results'>): {
  readonly of: Result | null;
  readonly against: Result | null;
} {
  if (!comparison) return { of: results[0] ?? null, against: null };
  return { of: results[comparison.of] ?? null, against: results[comparison.against] ?? null };
}

/**
 * How far the figures carry a comparison. Only what is `shown` may be told as one figure: of a difference that was not shown, or
 * that noisy figures show, the interval is all that is known, and of what slipped nothing.
 */
export type Weight = 'shown' | 'no-difference' | 'noisy' | 'invalid';

/** Null where nothing was compared. */
export function weightOf(run: Pick<Run, 'comparison' | 'results'>): Weight | null {
  const { of, against } = pair(run);
  if (!run.comparison || !of || !against) return null;
  if (!of.valid || !against.valid) return 'invalid';
  if (!run.comparison.shown) return 'no-difference';
  return of.noisy || against.noisy ? 'noisy' : 'shown';
}

/** For a list or a picture: the figure where there is one, else the reason why there is none. */
export function changeLabel(run: Pick<Run, 'comparison' | 'results'>): string {
  const { comparison } = run;
  switch (comparison && weightOf(run)) {
    case 'shown':
      return formatChange(comparison?.change ?? 0);
    case 'no-difference':
      return 'not shown';
    case 'noisy':
      return 'too noisy';
    case 'invalid':
      return 'not valid';
    default:
      return '';
  }
}

/** Between which bounds the change lies, for wherever no one figure may stand; null where there is one, or what slipped has none. */
export function boundsLabel(run: Pick<Run, 'comparison' | 'results'>): string | null {
  const weight = weightOf(run);
  return run.comparison && (weight === 'no-difference' || weight === 'noisy')
    ? formatInterval(run.comparison.interval)
    : null;
}
