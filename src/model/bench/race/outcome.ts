/** Who has won a race, and the sentence that says so: nothing beyond what the final's two comparisons carry. */

import type { Comparison, RaceRecord, Result, Verdict } from '../../run/run.ts';
import { median } from '../../run/statistics.ts';
import { formatBound, formatMetric, formatPercent, plural } from '../../text/format.ts';
import { BASELINE } from './elimination.ts';
import { FEWEST_ROUNDS } from './final.ts';

interface RaceOutcome {
  readonly winner: number | null;
  /** What the verdict rests on. */
  readonly comparison: Comparison | null;
  readonly verdict: Omit<Verdict, 'question'>;
}

/** The same two, seen from the other. */
function inverted({ of, against, change, interval: [low, high], shown }: Comparison): Comparison {
  const other = (share: number): number => 1 / (1 + share) - 1;
  return { of: against, against: of, change: other(change), interval: [other(high), other(low)], shown };
}

const isBetter = ({ shown, change }: Comparison, better: RaceRecord['better']): boolean =>
  shown && change > 0 === (better === 'more');

/** As the better of the two would put it; as it stands where no difference was shown. */
const fromTheBetter = (one: Comparison, better: RaceRecord['better']): Comparison =>
  one.shown && !isBetter(one, better) ? inverted(one) : one;

function decide({ final, better }: RaceRecord): Pick<RaceOutcome, 'winner' | 'comparison'> {
  const [first, second] = final?.comparisons ?? [];
  if (!first) return { winner: null, comparison: null };
  // As the placement would change it, also where leaving it alone led.
  if (!first.shown) return { winner: null, comparison: first.of === BASELINE ? inverted(first) : first };
  const evidence = fromTheBetter(first, better);
  // Better than what has beaten the baseline.
  const beaten = second?.of === evidence.of && second.shown && !isBetter(second, better);
  const comparison = beaten ? inverted(second) : evidence;
  return { winner: comparison.of, comparison };
}

const bounds = ({ interval: [low, high] }: Comparison): string => `${formatBound(low)} to ${formatBound(high)}`;

/** How much better it may be, at the most; null: its interval does not reach that far. */
function missed({ interval: [low, high] }: Comparison, better: RaceRecord['better']): number | null {
  const most = better === 'more' ? high : -low;
  return most > 0 ? most : null;
}

/**
 * Both medians with the interval. Where figures are noisy, or their medians do not change as the rounds do pair by pair, they would deny
 * what is known: then the interval alone.
 */
function figuresWords(
  { of, against, interval: [low, high] }: Comparison,
  results: readonly Result[],
  [one, two]: readonly [number | null, number | null],
): string {
  const alone = `the change lies between ${formatBound(low)} and ${formatBound(high)}`;
  if (one === null || two === null || two <= 0 || [of, against].some((at) => results[at]?.noisy)) return alone;
  const change = one / two - 1;
  if (change < low || change > high) return alone;
  const words = (value: number): string => formatMetric(value, results[of]?.metric ?? '');
  return `${words(one)} against ${words(two)} (${formatBound(low)} to ${formatBound(high)})`;
}

/** @returns the sentence without its full stop. */
function sentence(
  record: RaceRecord,
  results: readonly Result[],
  found: Pick<RaceOutcome, 'winner' | 'comparison'>,
): string {
  const { final, candidates, better } = record;
  const { winner, comparison } = found;
  if (!comparison) {
    if (candidates.every(({ out }, at) => at === BASELINE || out !== null))
      return 'No answer: no placement ran to its end';
    const had = final === null ? 'the final was not begun' : `the final had ${plural(final.rounds, 'round')}`;
    return `Too few rounds for an answer: ${had} and needs at least ${FEWEST_ROUNDS}`;
  }
  const nameOf = (one: number): string => candidates[one]?.name ?? '';
  const rivals = candidates.length - 1;
  const best = rivals > 1 ? `, the best of ${plural(rivals, 'placement')} in the elimination,` : '';
  const outOf = rivals > 1 ? `, out of ${plural(rivals, 'placement')}` : '';
  if (winner === null) {
    const most = missed(comparison, better);
    const limit = most === null ? '' : `: a gain of more than ${formatPercent(most)} would have been seen`;
    return `No difference could be shown; ${nameOf(comparison.of)}${best} changes it by ${bounds(comparison)}${limit}`;
  }
  /** In the rounds of the proof. */
  const figure = (one: number): number | null => {
    const { from = 0, rounds = 0 } = final ?? {};
    const values = results[one]?.repetitions.slice(from, from + rounds).filter((value) => value !== null) ?? [];
    return values.length > 0 ? median(values) : null;
  };
  const against = figuresWords(comparison, results, [figure(winner), figure(comparison.against)]);
  if (winner === BASELINE) return `Leave it unpinned: ${nameOf(comparison.against)}${best} is worse: ${against}`;
  const [first, second] = final?.comparisons ?? [];
  const chosen = `${nameOf(winner)} beats ${nameOf(comparison.against)}: ${against}`;
  // Who was beaten last had beaten the program as it is.
  if (first && comparison.against !== BASELINE)
    return `${chosen}${outOf}; ${nameOf(comparison.against)} beats ${nameOf(BASELINE)} (${bounds(fromTheBetter(first, better))})`;
  if (second?.of !== winner || second.against === comparison.against) return `${chosen}${outOf}`;
  const runnerUp = isBetter(second, better)
    ? `it beats the runner-up, ${nameOf(second.against)}, as well`
    : `the runner-up, ${nameOf(second.against)}, may be as good`;
  return `${chosen}${outOf}; ${runnerUp} (${bounds(second)})`;
}

/** On an emulated host the sentence itself says so. */
export function raceOutcome(record: RaceRecord, results: readonly Result[]): RaceOutcome {
  const found = decide(record);
  const emulated = results.some((result) => result.emulated) ? ', on an emulated host' : '';
  const tone =
    found.winner === null ? (found.comparison ? 'even' : 'neutral') : found.winner === BASELINE ? 'neutral' : 'gain';
  return { ...found, verdict: { tone, sentence: `${sentence(record, results, found)}${emulated}.` } };
}
