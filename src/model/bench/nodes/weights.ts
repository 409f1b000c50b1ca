/** Weights for the kernel's weighted interleave: small integers in the proportion of bandwidths. */

/** What the kernel accepts (Documentation/ABI/testing/sysfs-kernel-mm-mempolicy-weighted-interleave). */
const LEAST_WEIGHT = 1;
export const MOST_WEIGHT = 255;

/**
 * How far a node's share of the pages may be from its share of the bandwidth. The kernel places as many pages in a row on a
 * node as it weighs, so small weights spread better than exact ones.
 */
export const WEIGHT_ERROR = 0.05;

export interface Weights {
  /** By node, in the order given. */
  readonly weights: ReadonlyMap<number, number>;
  /** The largest relative error of a node's share of the pages. */
  readonly error: number;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** With the largest bandwidth weighing `most`. */
function scaled(bandwidths: readonly number[], most: number): { weights: number[]; error: number } {
  const largest = Math.max(...bandwidths);
  const weights = bandwidths.map((value) => Math.max(LEAST_WEIGHT, Math.round((value / largest) * most)));
  const [pages, bytes] = [sum(weights), sum(bandwidths)];
  const errors = weights.map((weight, i) => Math.abs(weight / pages / ((bandwidths[i] ?? 0) / bytes) - 1));
  return { weights, error: Math.max(...errors) };
}

/**
 * The smallest weights whose error is within `WEIGHT_ERROR`; where none are, those that err least.
 * @param bandwidths by node, in one unit.
 * @returns null for fewer than two nodes, or where one has no bandwidth.
 */
export function weightsFor(bandwidths: ReadonlyMap<number, number>): Weights | null {
  const values = [...bandwidths.values()];
  if (values.length < 2 || values.some((value) => !(value > 0 && Number.isFinite(value)))) return null;
  let best = scaled(values, LEAST_WEIGHT);
  for (let most = LEAST_WEIGHT + 1; most <= MOST_WEIGHT && best.error > WEIGHT_ERROR; most++) {
    const next = scaled(values, most);
    if (next.error < best.error) best = next;
  }
  return {
    weights: new Map([...bandwidths.keys()].map((node, i) => [node, best.weights[i] ?? LEAST_WEIGHT])),
    error: best.error,
  };
}
