/** Exact intervals by ranks: no resampling, and no assumption about how figures are distributed but what each function names. */

import { quantileOfSorted } from './statistics.ts';

/**
 * Exact interval of the median by the sign test, for any distribution (Thompson 1936): the k-th value from either end, k as
 * large as the confidence lets it. Where many intervals are to hold at once the bootstrap of a dozen values is too narrow.
 * Null where even all values do not carry it.
 */
export function signInterval(values: readonly number[], confidence: number): [low: number, high: number] | null {
  const sorted = Float64Array.from(values).sort();
  const { length } = sorted;
  // Chance that at most k of the values lie on one side of the median: a sum of binomial terms of one half.
  let term = 2 ** -length;
  let tail = 0;
  let k = 0;
  for (; k < length / 2; k++) {
    tail += term;
    if (2 * tail > 1 - confidence) break;
    term *= (length - k) / (k + 1);
  }
  const [low, high] = [sorted[k - 1], sorted[length - k]];
  return low === undefined || high === undefined ? null : [low, high];
}

/**
 * Estimate and exact interval of the middle by signed ranks, for distributions symmetric about it (Hodges and Lehmann 1963; Tukey): the
 * median of all means of two values, and the k-th such mean from either end. Logarithms of ratios of two runs between which nothing
 * differs are symmetric about 0 whatever the noise; for them it needs a third fewer rounds than the sign test.
 * Null where even all values do not carry the confidence.
 */
export function signedRank(
  values: readonly number[],
  confidence: number,
): { middle: number; interval: [low: number, high: number] } | null {
  const { length } = values;
  const means = Float64Array.from(
    values.flatMap((one, at) => values.slice(at).map((other) => (one + other) / 2)),
  ).sort();
  // Of the 2^n ways to sign the ranks 1 … n, how many have a sum of positive ranks of each size.
  const ways = new Float64Array(means.length + 1);
  ways[0] = 1;
  for (let rank = 1; rank <= length; rank++)
    for (let sum = ways.length - 1; sum >= rank; sum--) ways[sum] = (ways[sum] ?? 0) + (ways[sum - rank] ?? 0);
  let tail = 0;
  let k = 0;
  for (; k < means.length / 2; k++) {
    tail += (ways[k] ?? 0) * 2 ** -length;
    if (2 * tail > 1 - confidence) break;
  }
  const [low, high] = [means[k - 1], means[means.length - k]];
  return low === undefined || high === undefined
    ? null
    : { middle: quantileOfSorted(means, 0.5), interval: [low, high] };
}

/**
 * Ratio of two series of positive figures that were not measured in turn, with its exact interval by ranks, for any distribution that
 * differs between them by a factor only (Hodges and Lehmann 1963; Mann and Whitney 1947): the median of all quotients of one of each, and
 * the k-th such quotient from either end. Null where even all quotients do not carry the confidence: 95 % needs four of each.
 */
export function rankRatio(
  of: readonly number[],
  against: readonly number[],
  confidence: number,
): { change: number; interval: [low: number, high: number] } | null {
  const quotients = Float64Array.from(of.flatMap((one) => against.map((other) => one / other - 1))).sort();
  const ways = rankSums(of.length, against.length);
  const all = ways.reduce((sum, count) => sum + count, 0);
  let tail = 0;
  let k = 0;
  for (; k < quotients.length / 2; k++) {
    tail += (ways[k] ?? 0) / all;
    if (2 * tail > 1 - confidence) break;
  }
  const [low, high] = [quotients[k - 1], quotients[quotients.length - k]];
  return low === undefined || high === undefined
    ? null
    : { change: quantileOfSorted(quotients, 0.5), interval: [low, high] };
}

/** Of all orders in which m and n figures can stand, in how many so many pairs stand the other way round: coefficients of the Gaussian binomial. */
function rankSums(m: number, n: number): Float64Array {
  const ways = new Float64Array(m * n + 1);
  ways[0] = 1;
  for (let i = 1; i <= m; i++) {
    for (let at = ways.length - 1; at >= n + i; at--) ways[at] = (ways[at] ?? 0) - (ways[at - n - i] ?? 0);
    for (let at = i; at < ways.length; at++) ways[at] = (ways[at] ?? 0) + (ways[at - i] ?? 0);
  }
  return ways;
}
