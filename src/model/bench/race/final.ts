/**
 * The final of a race: the best of the elimination against the baseline, on rounds of its own. Its figures have chosen nobody, so however
 * many candidates there were, one comparison decides; it is looked at a few times, and the error is shared out among the looks: without
 * a difference, at most 5 % of races name a winner. The comparison with the runner-up counts only where that one has decided.
 */

import type { Comparison } from '../../run/run.ts';
import { signedRank } from '../../run/ranks.ts';
import { BASELINE } from './elimination.ts';
import type { Better } from './elimination.ts';

/** After so many rounds the final is looked at; sooner all signed ranks on one side would come by chance too often. */
export const LOOKS = [8, 11, 15] as const;
export const FEWEST_ROUNDS = LOOKS[0];
const MOST_ROUNDS = LOOKS[LOOKS.length - 1] ?? FEWEST_ROUNDS;

const ERROR = 0.05;
/** Each look's share; the intervals of all looks hold together (Bonferroni). */
const PER_LOOK = ERROR / LOOKS.length;

export interface Final {
  readonly better: Better;
  /** The best of the elimination. */
  readonly first: number;
  /** What it has to beat: the baseline, then the runner-up; one of them where the other is itself the first or absent. */
  readonly against: readonly number[];
  /** By candidate, one a round of the final. */
  readonly figures: ReadonlyMap<number, readonly number[]>;
  /** As of the last look; in the order of `against`, null: it had none yet. */
  readonly comparisons: readonly (Comparison | null)[];
  readonly over: boolean;
}

/** @param ranked who is left, the best first. */
export function startFinal(ranked: readonly number[], better: Better): Final {
  const [first = BASELINE, runnerUp = BASELINE] = ranked;
  const against =
    first === BASELINE || runnerUp === BASELINE ? [first === BASELINE ? runnerUp : BASELINE] : [BASELINE, runnerUp];
  // The baseline as the second best leaves the best of the others as runner-up.
  const third = ranked[2];
  if (runnerUp === BASELINE && third !== undefined) against.push(third);
  return {
    ...{ better, first, against },
    figures: new Map([first, ...against].map((one) => [one, []])),
    comparisons: against.map(() => null),
    over: false,
  };
}

export const roundsOf = ({ first, figures }: Final): number => figures.get(first)?.length ?? 0;

/** Who runs in the next round. */
export const finalists = ({ figures }: Final): number[] => [...figures.keys()].sort((a, b) => a - b);

/** A ratio beyond it, and one with a figure that is not above 0, only says which is more. */
const MOST = Math.log(1e6);

function logRatio(of: number, against: number): number {
  if (of === against) return 0;
  return of > 0 && against > 0 ? Math.max(-MOST, Math.min(MOST, Math.log(of / against))) : of > against ? MOST : -MOST;
}

function look(final: Final, error: number): Final {
  const { first, figures } = final;
  const own = figures.get(first) ?? [];
  const comparisons = final.against.map((against): Comparison | null => {
    const other = figures.get(against) ?? [];
    const found = signedRank(
      own.map((figure, round) => logRatio(figure, other[round] ?? figure)),
      1 - error,
    );
    if (!found) return null;
    const [low, high] = found.interval.map(Math.expm1) as [number, number];
    return { of: first, against, change: Math.expm1(found.middle), interval: [low, high], shown: low > 0 || high < 0 };
  });
  return { ...final, comparisons };
}

/** @param round of all finalists. */
export function afterFinalRound(final: Final, round: ReadonlyMap<number, number>): Final {
  const figures = new Map([...final.figures].map(([one, own]) => [one, [...own, round.get(one) ?? NaN]]));
  const ran = { ...final, figures };
  const rounds = roundsOf(ran);
  if (!LOOKS.some((at) => at === rounds)) return ran;
  const seen = look(ran, PER_LOOK);
  return { ...seen, over: rounds >= MOST_ROUNDS || seen.comparisons[0]?.shown === true };
}

/**
 * The time is up between two looks: one more, with what the looks that were not had would have taken. That holds as long as when the
 * time ends does not depend on who is ahead.
 */
export function lastLook(final: Final): Final {
  const rounds = roundsOf(final);
  if (final.over || LOOKS.some((at) => at === rounds)) return { ...final, over: true };
  const left = LOOKS.filter((at) => at > rounds).length;
  return rounds < FEWEST_ROUNDS ? { ...final, over: true } : { ...look(final, PER_LOOK * left), over: true };
}
