/** The pairs of one class while it is explored: which were measured, what is known of the rest, how sure its median is. */

import { chooser } from './choose.ts';
import type { Chooser } from './choose.ts';
import { estimate } from './estimate.ts';
import type { Estimate } from './estimate.ts';
import type { Inferred, Scarce } from './pooled.ts';
import { learn, predict } from './ridge.ts';
import type { Checked } from './ridge.ts';
import type { Pair, Site } from '../pairs.ts';
import { findRule } from './split.ts';
import { columnsOf } from './terms.ts';
import type { Columns } from './terms.ts';

/** What all groups of a machine share. */
export interface Setting {
  readonly sites: ReadonlyMap<number, Site>;
  /** The line of a pair lies on the node of its first CPU. */
  readonly ordered: boolean;
  readonly random: () => number;
}

export interface PairClass {
  readonly name: string;
  readonly pairs: readonly Pair[];
  /** Null where nothing of the class was measured. */
  readonly median: number | null;
  /** 95 % */
  readonly interval: readonly [low: number, high: number] | null;
  readonly measuredPairs: number;
  /** What each pair costs, by its place in `pairs`: as measured, else as inferred; empty where nothing was measured. */
  readonly figures: readonly number[];
  /** Places in `pairs` of those that were measured, ascending. */
  readonly measured: readonly number[];
}

/** Spread of a class nobody has measured yet, as a share of its figure; as published machines have it. */
const PRIOR: readonly [RegExp, number][] = [
  [/^same core/, 0.03],
  [/^same L2/, 0.05],
];
const PRIOR_ELSE = 0.09;
/** The prior weighs as much as this many measured pairs, and counts while there are fewer than so many. */
const BELIEF = 3;
const TRUST = 12;
/** So many pairs of each class come first, or half of a smaller one: the third outvotes one that is out of line. */
const OUTVOTED = 3;
const UNKNOWN = 1000;
/** Half a 95 % interval of a median of normal figures, in standard deviations, rounded up for small numbers. */
const HALF = 2.5;
/** Figures are worked out anew when a class has this many times the pairs of the last time. */
const AGAIN = 1.2;
/** With fewer measured pairs than this a class is not split, or by a rule that needs nothing learned. */
const SPLIT_FROM = 8;
const LEARNED_FROM = 12;
/** Middle 80 % of the pairs within this share of their median agree. */
const AGREE = 0.1;

/** Up to so many measured pairs a class that taught nothing by itself is inferred together with the others. */
const SCARCE = 24;

export class Group {
  readonly name: string;
  readonly pairs: readonly Pair[];
  readonly #setting: Setting;
  /** Value by place in `pairs`, in the order measured. */
  readonly #measured: Map<number, number>;
  /** Asked for and not answered yet. */
  readonly #pending: Set<number>;
  readonly #columns: Columns;
  readonly #chooser: Chooser;
  readonly #prior: number;
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
    this.#columns = columnsOf(pairs, setting.sites, setting.ordered);
    this.#chooser = chooser(pairs, setting.sites, new Set([...measured.keys(), ...pending]), setting.random);
    this.#prior = PRIOR.find(([pattern]) => pattern.test(name))?.[1] ?? PRIOR_ELSE;
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
    const rows = this.#columns.rows;
    const samples = [...this.#measured].map(([at, value]) => ({ row: rows[at] ?? [], value }));
    const checked = learn(samples, this.#columns);
    const rest = rows.filter((_, at) => !this.#measured.has(at));
    this.#known = { count, checked, estimate: estimate(samples, rest, checked) };
    return true;
  }

  /** How far the median may be off, as a share of it; as guessed from the prior where little is measured. */
  unsure(): number {
    if (this.left === 0) return 0;
    const measured = this.#measured.size;
    const count = measured + this.#pending.size;
    if (count < Math.min(OUTVOTED, this.pairs.length / 2)) return UNKNOWN / (1 + count);
    if (!this.#known) return 1 / count;
    const { median, interval, tenth, ninetieth } = this.#known.estimate;
    const share = Math.sqrt(this.left / (this.left + count));
    if (measured < TRUST) {
      // Few figures that happen to agree prove little: their deviation is weighed against the prior one.
      let squares = BELIEF * this.#prior ** 2;
      for (const value of this.#measured.values()) {
        squares += Math.min(4 * this.#prior, Math.abs(value / median - 1)) ** 2;
      }
      return HALF * Math.sqrt(squares / (BELIEF + measured - 1) / count) * share;
    }
    const seen = ((interval[1] - interval[0]) / 2 / Math.abs(median)) * Math.sqrt(this.#known.count / count);
    // What was learned from few pairs looks surer than it is: the scatter as a whole keeps a say that fades with count.
    const scatter = Math.max(this.#prior, (ninetieth - tenth) / 2.56 / Math.abs(median));
    return Math.max(seen, (2 * HALF * scatter * share) / count);
  }

  /** Itself, or what it falls into where its pairs are of several kinds. */
  split(): Group[] {
    const measured = this.#measured;
    if (!this.#known || measured.size < SPLIT_FROM) return [this];
    const { median, tenth, ninetieth } = this.#known.estimate;
    if ((ninetieth - tenth) / Math.abs(median) <= AGREE) return [this];
    const { fit } = this.#known.checked;
    const predicted =
      measured.size < LEARNED_FROM ? null : Float64Array.from(this.#columns.rows, (row) => predict(fit, row));
    const { sites, ordered } = this.#setting;
    const side = findRule(this.pairs, sites, predicted, measured, ordered);
    if (!side) return [this];
    return [...new Set(side)].flatMap((one) => {
      const made = Group.of([this], (at) => side[at] === one);
      made.#refresh(true);
      return made.split();
    });
  }

  get median(): number {
    return this.#known?.estimate.median ?? Infinity;
  }

  /** What was measured, where it is too little to stand alone; else null. */
  get scarce(): Scarce | null {
    const measured = this.#measured;
    if (measured.size === 0 || measured.size > SCARCE) return null;
    // A queue that passed nothing on has no logarithm.
    return [...measured.values()].every((value) => value > 0) ? { pairs: this.pairs, measured } : null;
  }

  /** @param inferred what is known of it together with other classes. */
  result(inferred: Inferred | undefined): PairClass {
    this.#refresh(true);
    const { estimate: found, checked } = this.#known ?? {};
    const measured = this.#measured;
    const together = checked?.fit.effects.some((effect) => effect !== 0) === true ? undefined : inferred;
    const alone = (): number[] =>
      checked ? this.#columns.rows.map((row, at) => measured.get(at) ?? predict(checked.fit, row)) : [];
    return {
      name: this.name,
      pairs: this.pairs,
      median: (together ?? found)?.median ?? null,
      interval: (together ?? found)?.interval ?? null,
      measuredPairs: measured.size,
      figures: together?.figures ?? alone(),
      measured: [...measured.keys()].sort((a, b) => a - b),
    };
  }

  /** One group of the kept pairs of several, with all that is known of them. */
  static of(groups: readonly [Group, ...Group[]], keep: (at: number) => boolean = () => true): Group {
    const [first] = groups;
    const pairs: Pair[] = [];
    const measured = new Map<number, number>();
    const pending = new Set<number>();
    for (const group of groups) {
      const places = new Map<number, number>();
      group.pairs.forEach((pair, at) => {
        if (keep(at)) places.set(at, pairs.push(pair) - 1);
      });
      for (const [at, value] of group.#measured) {
        const to = places.get(at);
        if (to !== undefined) measured.set(to, value);
      }
      for (const at of group.#pending) {
        const to = places.get(at);
        if (to !== undefined) pending.add(to);
      }
    }
    return new Group(first.name, pairs, first.#setting, measured, pending);
  }
}
