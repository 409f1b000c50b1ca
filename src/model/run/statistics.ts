/** Figures about figures: medians, seeded bootstrap intervals, spread. Same input, same output, on every machine. Exact intervals: ranks.ts. */

/** Type-7 quantile (linear between closest ranks; R's and NumPy's default). NaN for no values. */
export function quantile(values: readonly number[] | Float64Array, q: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), q);
}

/** `quantile` of values in ascending order. */
export function quantileOfSorted(sorted: Float64Array, q: number): number {
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

/** By seed and length; bounded, for a run that goes on has a new length each round. */
const drawnMiddles = new Map<string, Uint32Array>();
const MOST_KEPT = 64;

/**
 * Of each resample of so many values, drawn with replacement, the ranks that its median lies between, one after the other: the same
 * whatever the values are, so that they are drawn once and an interval does not hang on the order of its values.
 */
function middlesOf(length: number, seed: number): Uint32Array {
  const key = `${String(seed)} ${String(length)}`;
  const kept = drawnMiddles.get(key);
  if (kept) return kept;
  const random = randomFrom(seed);
  const middles = new Uint32Array(2 * RESAMPLES);
  const drawn = new Uint32Array(length);
  for (let at = 0; at < middles.length; at += 2) {
    for (let i = 0; i < length; i++) drawn[i] = Math.floor(random() * length);
    drawn.sort();
    middles.set([drawn[(length - 1) >> 1] ?? 0, drawn[length >> 1] ?? 0], at);
  }
  if (drawnMiddles.size >= MOST_KEPT) drawnMiddles.clear();
  drawnMiddles.set(key, middles);
  return middles;
}

/** Medians of the resamples of a series. */
function resampledMedians(values: readonly number[], seed = SEED): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const middles = middlesOf(values.length, seed);
  return new Float64Array(RESAMPLES).map((_, i) => {
    const below = sorted[middles[2 * i] ?? 0] ?? NaN;
    return below + ((sorted[middles[2 * i + 1] ?? 0] ?? NaN) - below) / 2;
  });
}

/** The middle 95 % of what was resampled. */
function percentileInterval(resampled: Float64Array): [low: number, high: number] {
  resampled.sort();
  return [quantileOfSorted(resampled, 0.025), quantileOfSorted(resampled, 0.975)];
}

/**
 * 95 % percentile-bootstrap interval of the median (Efron 1979): medians of 2,000 resamples with replacement, cut at
 * 2.5 % and 97.5 %. Lies within the values' range. Null for fewer than three values: they carry no interval.
 */
export function medianInterval(values: readonly number[]): [low: number, high: number] | null {
  return values.length < 3 ? null : percentileInterval(resampledMedians(values));
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
): { change: number; interval: [low: number, high: number] } | null {
  if (of.length < 3 || against.length < 3 || median(against) === 0) return null;
  // Drawn by seeds of their own: one would draw both alike.
  const below = resampledMedians(against, SEED + 1);
  const ratios = resampledMedians(of).map((above, i) => above / (below[i] ?? NaN) - 1);
  return { change: median(of) / median(against) - 1, interval: percentileInterval(ratios) };
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
