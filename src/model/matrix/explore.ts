/**
 * Which pairs of a machine to measure, one after another, and what is known of all of them at any time. Classes by
 * topology come first; the class whose median is least sure is measured next; a class that turns out to hold two kinds
 * of pairs is split. Once all are sure enough, single pairs are drawn from the whole machine, which may show more to split.
 *
 * Pure: whoever drives it measures what `next` names, or looks it up, and hands it to `add` until its budget is used.
 */

import type { Topology } from '../topology.ts';
import { chooser } from './choose.ts';
import type { Chooser } from './choose.ts';
import { estimate } from './estimate.ts';
import type { Estimate } from './estimate.ts';
import { learn, predict } from './fit.ts';
import type { Checked, Sample } from './fit.ts';
import { classNames, sitesOf } from './pairs.ts';
import type { Pair, Site } from './pairs.ts';
import { findRule } from './split.ts';
import type { Measured } from './split.ts';
import { columnsOf } from './terms.ts';
import type { Columns } from './terms.ts';
import { kindNames } from './names.ts';

/** Half the interval below this share of the median: the class is measured well enough. */
const NARROW = 0.01;
/** Spread of a class nobody has measured yet, as a share of its figure; as published machines have it. */
const PRIOR: readonly [RegExp, number][] = [
  [/^same core/, 0.03],
  [/^same L2/, 0.05],
];
const PRIOR_ELSE = 0.09;
/** The prior weighs as much as this many measured pairs, and counts while there are fewer than so many. */
const BELIEF = 3;
const TRUST = 12;
/** So many pairs of each class come first: the third outvotes one that is out of line. */
const OUTVOTED = 3;
const UNKNOWN = 1000;
/** Figures are worked out anew when a class has this many times the pairs of the last time. */
const AGAIN = 1.15;
/** A class of fewer measured pairs is not split: its pairs disagree by chance. */
const SPLIT_FROM = 8;
const LEARN_FROM = 12;
/** Middle 80 % of the pairs within this share of their median agree. */
const AGREE = 0.1;

export interface Cell {
  readonly pair: Pair;
  readonly value: number;
  readonly measured: boolean;
}

export interface PairClass {
  readonly name: string;
  readonly pairs: readonly Pair[];
  /** Null where nothing of the class was measured. */
  readonly median: number | null;
  /** 95 % */
  readonly interval: readonly [low: number, high: number] | null;
  readonly measuredPairs: number;
  readonly cells: readonly Cell[];
}

class Group {
  readonly name: string;
  readonly pairs: readonly Pair[];
  readonly measured: Measured[];
  readonly chooser: Chooser;
  readonly #columns: Columns;
  readonly #prior: number;
  #known: { readonly count: number; readonly checked: Checked; readonly estimate: Estimate } | null = null;

  constructor(name: string, pairs: readonly Pair[], measured: Measured[], machine: MachineOf) {
    this.name = name;
    this.pairs = pairs;
    this.measured = measured;
    this.#columns = columnsOf(pairs, machine.sites, machine.ordered);
    this.chooser = chooser(pairs, machine.sites, new Set(measured.map(({ at }) => at)), machine.random);
    this.#prior = PRIOR.find(([pattern]) => pattern.test(name))?.[1] ?? PRIOR_ELSE;
  }

  #samples(): Sample[] {
    return this.measured.map(({ at, value }) => ({ row: this.#columns.rows[at] ?? [], value }));
  }

  /** True when figures were worked out anew. */
  refresh(exactly = false): boolean {
    const count = this.measured.length;
    const enough = this.#known === null || count >= this.#known.count * AGAIN || this.chooser.left.length === 0;
    if (count === 0 || this.#known?.count === count || !(enough || exactly)) return false;
    const samples = this.#samples();
    const checked = learn(samples, this.#columns);
    const rest = this.chooser.left.map((at) => this.#columns.rows[at] ?? []);
    this.#known = { count, checked, estimate: estimate(samples, rest, checked) };
    return true;
  }

  get estimate(): Estimate | null {
    return this.#known?.estimate ?? null;
  }

  get predicted(): Float64Array | null {
    const { checked } = this.#known ?? {};
    return checked ? Float64Array.from(this.#columns.rows, (row) => predict(checked.fit, row)) : null;
  }

  /** Half the interval of the median, as a share of it; as guessed from the prior where little is measured. */
  unsure(): number {
    const [count, left] = [this.measured.length, this.chooser.left.length];
    if (left === 0) return 0;
    if (!this.#known || count < OUTVOTED) return UNKNOWN / (1 + count);
    const { median, interval, tenth, ninetieth } = this.#known.estimate;
    const share = left / (left + count);
    if (count < TRUST) {
      // Few figures that happen to agree prove little: their deviation is weighed against the prior one.
      let squares = BELIEF * this.#prior ** 2;
      for (const { value } of this.measured) squares += Math.min(4 * this.#prior, Math.abs(value / median - 1)) ** 2;
      return 2.5 * Math.sqrt((squares / (BELIEF + count - 1) / count) * share);
    }
    const seen = ((interval[1] - interval[0]) / 2 / Math.abs(median)) * Math.sqrt(this.#known.count / count);
    // What was learned from few pairs looks surer than it is: the scatter as a whole keeps a say that fades with count.
    const scatter = Math.max(this.#prior, (ninetieth - tenth) / 2.56 / Math.abs(median));
    return Math.max(seen, (2 * 2.5 * scatter * Math.sqrt(share)) / count);
  }

  disagrees(): boolean {
    if (!this.#known || this.measured.length < SPLIT_FROM) return false;
    const { median, tenth, ninetieth } = this.#known.estimate;
    return (ninetieth - tenth) / Math.abs(median) > AGREE;
  }

  result(): PairClass {
    this.refresh(true);
    const values = new Map(this.measured.map(({ at, value }) => [at, value]));
    const predicted = this.predicted;
    const known = this.#known;
    return {
      name: this.name,
      pairs: this.pairs,
      median: known?.estimate.median ?? null,
      interval: known?.estimate.interval ?? null,
      measuredPairs: values.size,
      cells: predicted
        ? this.pairs.map((pair, at) => ({ pair, value: values.get(at) ?? predicted[at] ?? NaN, measured: values.has(at) }))
        : [],
    };
  }
}

interface MachineOf {
  readonly topology: Topology;
  readonly sites: ReadonlyMap<number, Site>;
  readonly ordered: boolean;
  readonly random: () => number;
}

export interface Explorer {
  /** The next pair to measure, or null when all are. */
  next(): Pair | null;
  /** What was measured of the pair that `next` named last; null where it could not be measured. */
  add(value: number | null): void;
  /** All classes, the dearest last; every pair in one of them. */
  classes(): PairClass[];
  /** Nothing is left to doubt: every median is known to 1 %. */
  readonly narrow: boolean;
  readonly measuredPairs: number;
}

/**
 * @param ordered the line of a pair lies on the node of its first CPU (see `orderedPairs`).
 * @param random in [0, 1); the same sequence makes the same choices.
 */
export function explore(topology: Topology, pairs: readonly Pair[], ordered: boolean, random: () => number): Explorer {
  const machine: MachineOf = { topology, sites: sitesOf(topology).sites, ordered, random };
  const named = new Map<string, Pair[]>();
  classNames(topology, pairs, ordered).forEach((name, at) => {
    const pair = pairs[at];
    if (!pair) return;
    const own = named.get(name);
    if (own) own.push(pair);
    else named.set(name, [pair]);
  });
  let groups = [...named].map(([name, own]) => new Group(name, own, [], machine));
  let asked: { group: Group; at: number } | null = null;
  let measuredPairs = 0;

  const split = (group: Group): Group[] => {
    const { predicted } = group;
    const rule =
      group.disagrees()
        ? findRule(group.pairs, machine.sites, group.measured.length < LEARN_FROM ? null : predicted, group.measured, machine.ordered)
        : null;
    if (!rule) return [group];
    return [...new Set(rule.side)].sort().flatMap((side) => {
      const own: Pair[] = [];
      const moved = new Map<number, number>();
      group.pairs.forEach((pair, at) => {
        if (rule.side[at] !== side) return;
        moved.set(at, own.length);
        own.push(pair);
      });
      const measured = group.measured.flatMap(({ at, value }) => {
        const to = moved.get(at);
        return to === undefined ? [] : [{ at: to, value }];
      });
      const made = new Group(group.name, own, measured, machine);
      made.refresh();
      return split(made);
    });
  };

  return {
    next() {
      const doubtful = groups.reduce((one, two) => (two.unsure() > one.unsure() ? two : one), groups[0] as Group);
      let group = groups.length === 0 ? undefined : doubtful;
      if (group && group.unsure() <= NARROW) {
        let draw = random() * groups.reduce((sum, { chooser: { left } }) => sum + left.length, 0);
        group = groups.find(({ chooser: { left } }) => (draw -= left.length) < 0);
      }
      const at = group?.chooser.next() ?? null;
      asked = group && at !== null ? { group, at } : null;
      return asked ? (asked.group.pairs[asked.at] ?? null) : null;
    },
    add(value) {
      if (!asked) return;
      const { group, at } = asked;
      asked = null;
      if (value === null) return;
      measuredPairs++;
      group.measured.push({ at, value });
      if (group.refresh()) groups = groups.flatMap((one) => (one === group ? split(one) : [one]));
    },
    classes() {
      const found = groups
        .map((group) => group.result())
        .sort((a, b) => (a.median ?? Infinity) - (b.median ?? Infinity));
      const names = kindNames(topology, found);
      return found.map((one, at) => ({ ...one, name: names[at] ?? one.name }));
    },
    get narrow() {
      return groups.every((group) => group.unsure() <= NARROW);
    },
    get measuredPairs() {
      return measuredPairs;
    },
  };
}
