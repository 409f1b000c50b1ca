/** Owns how closely two series of figures go together. */

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
