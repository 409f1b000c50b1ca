/** Figures about figures: medians, seeded bootstrap intervals, spread. Same input, same output, on every machine. */

/** Type-7 quantile (linear between closest ranks; R's and NumPy's default). NaN for no values. */
export function quantile(values: readonly number[] | Float64Array, q: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), q);
}

function quantileOfSorted(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return NaN;
  const at = (sorted.length - 1) * Math.min(1, Math.max(0, q));
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export function median(values: readonly number[] | Float64Array): number {
  return quantile(values, 0.5);
}

/** mulberry32: 32 bits of state are plenty for a few thousand resamples, and it is the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Of every bootstrap: said in reports, so that an interval can be worked out again. */
export const RESAMPLES = 2000;
export const SEED = 20_260_101;

/**
 * 95 % percentile-bootstrap interval of the median (Efron 1979): medians of 2,000 resamples with replacement, cut at
 * 2.5 % and 97.5 %. Lies within the values' range. Null for fewer than three values: they carry no interval.
 */
export function medianInterval(values: readonly number[], seed = SEED): [low: number, high: number] | null {
  if (values.length < 3) return null;
  const random = randomFrom(seed);
  const medians = new Float64Array(RESAMPLES);
  const resample = new Float64Array(values.length);
  for (let round = 0; round < RESAMPLES; round++) {
    for (let i = 0; i < resample.length; i++) resample[i] = values[Math.floor(random() * values.length)] ?? NaN;
    resample.sort();
    medians[round] = quantileOfSorted(resample, 0.5);
  }
  medians.sort();
  return [quantileOfSorted(medians, 0.025), quantileOfSorted(medians, 0.975)];
}

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

/** (max − min) ÷ median; null without values or with a median of 0. */
export function spread(values: readonly number[]): number | null {
  const middle = median(values);
  if (values.length === 0 || middle === 0) return null;
  return (Math.max(...values) - Math.min(...values)) / Math.abs(middle);
}

/** Half the interval above this share of the median: the figure is called noisy instead of being rounded. */
const NOISY_HALF_WIDTH = 0.05;

/** True as well when there are too few values for an interval: one repetition proves nothing. */
export function isNoisy(middle: number | null, interval: readonly [number, number] | null): boolean {
  if (middle === null || middle === 0 || interval === null) return true;
  return (interval[1] - interval[0]) / 2 > NOISY_HALF_WIDTH * Math.abs(middle);
}

/**
 * Relative difference of two interleaved series: the median over rounds of `of[i] ÷ against[i]`, minus 1, so that drift
 * which hits both in a round cancels. Pairs beyond the shorter series, and rounds in which either has no figure, are left
 * out. Null without a usable pair.
 * @param intervalOf of the median of the ratios.
 */
export function pairedRatio(
  of: readonly (number | null)[],
  against: readonly (number | null)[],
  intervalOf: (ratios: readonly number[]) => [low: number, high: number] | null = (ratios) => medianInterval(ratios),
): { change: number; interval: [low: number, high: number] | null } | null {
  const ratios: number[] = [];
  for (let i = 0; i < Math.min(of.length, against.length); i++) {
    const [a, b] = [of[i] ?? NaN, against[i] ?? NaN];
    if (Number.isFinite(a / b)) ratios.push(a / b - 1);
  }
  return ratios.length === 0 ? null : { change: median(ratios), interval: intervalOf(ratios) };
}

/**
 * Relative difference of two series that were not measured in turn: median of one ÷ median of the other, minus 1, with a
 * 95 % percentile-bootstrap interval in which each is drawn from by itself. Null for fewer than three values of either.
 */
export function unpairedRatio(
  of: readonly number[],
  against: readonly number[],
  seed = SEED,
): { change: number; interval: [low: number, high: number] } | null {
  if (of.length < 3 || against.length < 3 || median(against) === 0) return null;
  const random = randomFrom(seed);
  const drawn = (values: readonly number[]): number =>
    quantileOfSorted(Float64Array.from(values, () => values[Math.floor(random() * values.length)] ?? NaN).sort(), 0.5);
  const ratios = Float64Array.from({ length: RESAMPLES }, () => drawn(of) / drawn(against) - 1).sort();
  const change = median(of) / median(against) - 1;
  return { change, interval: [quantileOfSorted(ratios, 0.025), quantileOfSorted(ratios, 0.975)] };
}

/** The percentiles of a latency that are worth a column, by the names they go by. */
export const PERCENTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['p99.9', 0.999],
  ['max', 1],
] as const;

/** Percentile of a histogram of [upper bound, count]: the upper bound of the bucket it falls into. Null when empty. */
export function histogramPercentile(
  histogram: readonly (readonly [upper: number, count: number])[],
  share: number,
): number | null {
  const total = histogram.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [upper, count] of histogram) {
    seen += count;
    if (count > 0 && seen >= total * share) return upper;
  }
  return histogram.at(-1)?.[0] ?? null;
}

/**
 * Pearson's correlation, with its 95 % interval by Fisher's transformation, which needs four pairs and takes them to be independent. Null for
 * fewer than three pairs, and where one of both does not vary.
 */
export function pearson(
  pairs: readonly (readonly [number, number])[],
): { value: number; interval: [low: number, high: number] | null } | null {
  const mean = (at: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const [x, y] = [mean(0), mean(1)];
  const sum = (of: (a: number, b: number) => number): number =>
    pairs.reduce((all, [a, b]) => all + of(a - x, b - y), 0);
  const spread = Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b));
  if (pairs.length < 3 || spread === 0) return null;
  const value = Math.max(-1, Math.min(1, sum((a, b) => a * b) / spread));
  if (pairs.length < 4 || Math.abs(value) === 1) return { value, interval: null };
  const half = 1.959964 / Math.sqrt(pairs.length - 3);
  return { value, interval: [Math.tanh(Math.atanh(value) - half), Math.tanh(Math.atanh(value) + half)] };
}
