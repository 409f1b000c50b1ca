/** The pairs of one class while it is explored: which were measured, what is known of the rest, how sure its median is. */

import { chooser } from './choose.ts';
import type { Chooser } from './choose.ts';
import { estimate } from './estimate.ts';
import type { Estimate } from './estimate.ts';
import { learn, predict } from './ridge.ts';
import type { Checked } from './ridge.ts';
import type { Pair, PairClass } from '../../../cases/matrix.ts';
import type { Site } from './sites.ts';
import { findRule } from './split.ts';
import { designOf } from './design.ts';
import type { Design } from './design.ts';

/** What all classes of a machine share. */
export interface Setting {
  readonly sites: ReadonlyMap<number, Site>;
  /** The line of a pair lies on the node of its first CPU. */
  readonly ordered: boolean;
  readonly random: () => number;
}

/**
 * So many pairs of each class come first, or half of a smaller one: an interval from fewer says little. With 3 and priors for
 * the spread instead, the worst published class was 1.8 % off for 1.4.
 */
const FIRST = 12;
/** By definition more than any interval: classes of which too little is known come first. */
const UNKNOWN = 1000;
/**
 * Figures are worked out anew when a class has this many times the pairs of the last time: bounds the work. With 1.5 the worst
 * published class is 0.8 % off for 0.7.
 */
const AGAIN = 1.2;
/** Middle 80 % of the pairs within this share of their median agree: no rule is looked for. Bounds the work; with 0 the classes are the same. */
const AGREE = 0.1;

export class ClassEstimator {
  readonly name: string;
  readonly pairs: readonly Pair[];
  readonly #setting: Setting;
  /** Value by place in `pairs`, in the order measured. */
  readonly #measured: Map<number, number>;
  /** Asked for and not answered yet. */
  readonly #pending: Set<number>;
  readonly #design: Design;
  readonly #chooser: Chooser;
  #known: { readonly count: number; readonly checked: Checked; readonly estimate: Estimate } | null = null;

  constructor(
    name: string,
    pairs: readonly Pair[],
    setting: Setting,
    measured = new Map<number, number>(),
    pending = new Set<number>(),
  ) {
    this.name = name;
    this.pairs = pairs;
    this.#setting = setting;
    this.#measured = measured;
    this.#pending = pending;
    this.#design = designOf(pairs, setting.sites, setting.ordered);
    this.#chooser = chooser(pairs, setting.sites, new Set([...measured.keys(), ...pending]), setting.random);
  }

  /** Pairs nobody has asked for. */
  get left(): number {
    return this.#chooser.left.length;
  }

  /** Place in `pairs` of the next to measure. */
  next(): number | null {
    const at = this.#chooser.next();
    if (at !== null) this.#pending.add(at);
    return at;
  }

  /** @returns true when figures were worked out anew. */
  add(at: number, value: number | null): boolean {
    this.#pending.delete(at);
    if (value === null) return false;
    this.#measured.set(at, value);
    return this.#refresh(false);
  }

  #refresh(exactly: boolean): boolean {
    const count = this.#measured.size;
    const known = this.#known?.count ?? 0;
    if (count === known || (!exactly && count < known * AGAIN && count < this.pairs.length)) return false;
    const rows = this.#design.rows;
    const samples = [...this.#measured].map(([at, value]) => ({ row: rows[at] ?? [], value }));
    const checked = learn(samples, this.#design);
    const rest = rows.filter((_, at) => !this.#measured.has(at));
    this.#known = { count, checked, estimate: estimate(samples, rest, checked) };
    return true;
  }

  /** How far the median may be off, as a share of it. */
  unsure(): number {
    if (this.left === 0) return 0;
    const count = this.#measured.size + this.#pending.size;
    if (!this.#known || count < Math.min(FIRST, this.pairs.length / 2)) return UNKNOWN / (1 + count);
    const { median, interval } = this.#known.estimate;
    // What was asked for since and has no answer yet narrows the interval as well.
    return ((interval[1] - interval[0]) / 2 / Math.abs(median)) * Math.sqrt(this.#known.count / count);
  }

  /** Itself, or what it falls into where its pairs are of several kinds. */
  split(): ClassEstimator[] {
    const measured = this.#measured;
    if (!this.#known) return [this];
    const { median, tenth, ninetieth } = this.#known.estimate;
    if ((ninetieth - tenth) / Math.abs(median) <= AGREE) return [this];
    const { fit } = this.#known.checked;
    const predicted = Float64Array.from(this.#design.rows, (row) => predict(fit, row));
    const { sites, ordered } = this.#setting;
    const side = findRule(this.pairs, sites, predicted, measured, ordered);
    if (!side) return [this];
    return [...new Set(side)].flatMap((one) => {
      const made = ClassEstimator.of([this], (at) => side[at] === one);
      made.#refresh(true);
      return made.split();
    });
  }

  get median(): number {
    return this.#known?.estimate.median ?? Infinity;
  }

  /** What is known of the class, worked out with all that was measured. */
  result(): PairClass {
    this.#refresh(true);
    const { estimate: found, checked } = this.#known ?? {};
    const measured = this.#measured;
    return {
      name: this.name,
      pairs: this.pairs,
      median: found?.median ?? null,
      interval: found?.interval ?? null,
      measuredPairs: measured.size,
      figures: checked ? this.#design.rows.map((row, at) => measured.get(at) ?? predict(checked.fit, row)) : [],
      measured: [...measured.keys()].sort((a, b) => a - b),
    };
  }

  /** One class of the kept pairs of several, with all that is known of them. */
  static of(
    parts: readonly [ClassEstimator, ...ClassEstimator[]],
    keep: (at: number) => boolean = () => true,
  ): ClassEstimator {
    const [first] = parts;
    const pairs: Pair[] = [];
    const measured = new Map<number, number>();
    const pending = new Set<number>();
    for (const part of parts) {
      const places = new Map<number, number>();
      part.pairs.forEach((pair, at) => {
        if (keep(at)) places.set(at, pairs.push(pair) - 1);
      });
      for (const [at, value] of part.#measured) {
        const to = places.get(at);
        if (to !== undefined) measured.set(to, value);
      }
      for (const at of part.#pending) {
        const to = places.get(at);
        if (to !== undefined) pending.add(to);
      }
    }
    return new ClassEstimator(first.name, pairs, first.#setting, measured, pending);
  }
}
