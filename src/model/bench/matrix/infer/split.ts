/**
 * Whether a class holds two kinds of pairs, and what tells them apart: the block of parts a pair joins ("package 1"),
 * or how many of its ends lie in a costly group of parts. The rule is found in what the fit predicts for all pairs and
 * has to hold in what was measured; nothing else is looked at.
 */

import { median } from '../../../run/statistics.ts';
import type { Pair } from '../../../cases/matrix.ts';
import { PARTS } from './sites.ts';
import type { Site } from './sites.ts';
import { blockOf } from './design.ts';

/** Which side of the rule each pair of the class is on: 0, 1 (and for two ends 2). */
export type Sides = readonly number[];

/**
 * Share of the pairs' mean deviation from their median that a rule must take away. Even gradients stay below 0.45. With 0.3 the
 * worst published class is 1.2 % off for 0.7 and a machine has 3.7 classes for 2.6; with 0.7 here and below it is 1.0 % off.
 */
const EXPLAINS = 0.5;
/** An even gradient over the cores can be cut in three and explain that much: with 0.5 the Graviton has 3 classes for 1, 2.2 % off. */
const EXPLAINS_BY_ENDS = 0.65;
/**
 * Medians of the two kinds nearer than this are one class. With 0.16 the worst published class is 1.1 % off for 0.7; 0.04
 * leaves it is.
 */
export const APART = 0.08;
/**
 * Of few pairs a rule among many explains a good part by luck: so much more is asked, over the root of their number. Without it three
 * invented machines of chiplets fall into 4.7 classes on average for 3.7.
 */
const LUCK = 0.6;
/**
 * Measured pairs a new class starts with at least, unless it is measured whole. With 1 the worst class of invented machines is 3.4 % off for
 * 1.1, and they fall into 5.1 classes for 2.8.
 */
const LEAST = 4;

/** Best cut of ascending values into two groups by squared distance: how many go into the first. */
function cut(sorted: readonly { readonly mean: number; readonly weight: number }[]): number {
  const total = sorted.reduce((sum, { mean, weight }) => sum + mean * weight, 0);
  const mass = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let [sum, own, best, where] = [0, 0, -1, 0];
  for (let i = 0; i + 1 < sorted.length; i++) {
    const { mean, weight } = sorted[i] ?? { mean: 0, weight: 0 };
    sum += mean * weight;
    own += weight;
    // Between-group sum of squares, up to a constant.
    const between = sum ** 2 / own + (total - sum) ** 2 / (mass - own);
    if (between > best) [best, where] = [between, i + 1];
  }
  return where;
}

/** Keys whose pairs are predicted costly. */
function costlyKeys(keys: readonly (readonly string[])[], predicted: Float64Array): ReadonlySet<string> {
  const sums = new Map<string, { sum: number; weight: number }>();
  keys.forEach((own, at) => {
    for (const key of own) {
      const entry = sums.get(key) ?? { sum: 0, weight: 0 };
      entry.sum += predicted[at] ?? 0;
      entry.weight++;
      sums.set(key, entry);
    }
  });
  const sorted = [...sums]
    .map(([key, { sum, weight }]) => ({ key, mean: sum / weight, weight }))
    .sort((a, b) => a.mean - b.mean);
  return new Set(sorted.slice(cut(sorted)).map(({ key }) => key));
}

function deviation(values: readonly number[]): number {
  const middle = median(values);
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0);
}

/** How much of the measured deviation, `whole`, the sides take away; 0 where a side would be too thin or too like the other. */
function explained(side: readonly number[], measured: ReadonlyMap<number, number>, whole: number): number {
  const groups = new Map<number, number[]>();
  for (const [at, value] of measured) {
    const one = side[at] ?? 0;
    const group = groups.get(one);
    if (group) group.push(value);
    else groups.set(one, [value]);
  }
  const sizes = new Map<number, number>();
  for (const one of side) sizes.set(one, (sizes.get(one) ?? 0) + 1);
  if (sizes.size < 2) return 0;
  let within = 0;
  const medians: number[] = [];
  for (const [one, size] of sizes) {
    const own = groups.get(one) ?? [];
    if (own.length < Math.min(LEAST, size)) return 0;
    within += deviation(own);
    medians.push(median(own));
  }
  medians.sort((a, b) => a - b);
  const [low = NaN, next = NaN] = medians;
  if (!(next / low - 1 >= APART)) return 0;
  return whole === 0 ? 0 : 1 - within / whole;
}

/**
 * The rule that tells two kinds of pairs apart, or null where the class is of one kind.
 * @param predicted by place in the class.
 * @param measured value by place in the class.
 */
export function findRule(
  pairs: readonly Pair[],
  sites: ReadonlyMap<number, Site>,
  predicted: Float64Array,
  measured: ReadonlyMap<number, number>,
  ordered: boolean,
): Sides | null {
  let best: Sides | null = null;
  let most = 0;
  const whole = deviation([...measured.values()]);
  const consider = (sides: Sides, least: number): void => {
    const explains = explained(sides, measured, whole);
    // From the outside in: a finer rule has to be better than a coarser one.
    if (explains < least + LUCK / Math.sqrt(measured.size) || explains <= most) return;
    [best, most] = [sides, explains];
  };
  const ends = pairs.map(([a, b]) => [sites.get(a), sites.get(b)] as const);
  for (const part of PARTS) {
    const parts = ends.map(([one, two]) => [String(one?.[part]), String(two?.[part])]);
    if (part !== 'core') {
      const joined = parts.map(([one, two]) => (one === two ? 0 : 1));
      consider(joined, EXPLAINS);
      const blocks = ends.map(([one, two]) => [one && two ? blockOf(one, two, part, ordered) : '']);
      const costly = costlyKeys(blocks, predicted);
      const apart = blocks.map(([block = '']) => (costly.has(block) ? 1 : 0));
      consider(apart, EXPLAINS);
    }
    const costly = costlyKeys(parts, predicted);
    const inCostly = parts.map((own) => own.filter((key) => costly.has(key)).length);
    consider(inCostly, EXPLAINS_BY_ENDS);
  }
  return best;
}
