/**
 * Which pairs of a machine to measure, one after another, and what is known of all of them at any time. Classes by
 * topology come first; the class whose median is least sure is measured next; a class that turns out to hold two kinds
 * of pairs is split. Once all are sure enough, single pairs are drawn from the whole machine, which may show more to split.
 *
 * Pure: whoever drives it measures what `next` names, or looks it up, and hands it to `add` until its budget is used.
 */

import type { Topology } from '../../../topology/topology.ts';
import { ClassEstimator } from './class-estimator.ts';
import type { Setting } from './class-estimator.ts';
import type { Pair, PairClass } from '../../../cases/matrix.ts';
import { kindNames } from './names.ts';
import { classNames, sitesOf } from './sites.ts';
import { APART } from './split.ts';

/** A median known to this share of it is known well enough. With 0.03 the worst published class is 0.85 % off for 0.66. */
const NARROW = 0.01;

export interface Explorer {
  /** The next pair to measure, or null when all are. Several may be asked for before the first is answered. */
  next(): Pair | null;
  /** What was measured of a pair that `next` named; null where it could not be measured. */
  add(pair: Pair, value: number | null): void;
  /** All classes, the cheapest first; every pair is in one of them. */
  classes(): PairClass[];
  readonly measuredPairs: number;
}

function byTopology(topology: Topology, pairs: readonly Pair[], setting: Setting): ClassEstimator[] {
  const named = new Map<string, Pair[]>();
  classNames(topology, pairs, setting.ordered).forEach((name, at) => {
    const pair = pairs[at];
    const own = named.get(name);
    if (own && pair) own.push(pair);
    else if (pair) named.set(name, [pair]);
  });
  return [...named].map(([name, own]) => new ClassEstimator(name, own, setting));
}

/** Kinds of one class that turned out to cost the same after all are one kind. */
function joinAlike(estimators: readonly ClassEstimator[]): ClassEstimator[] {
  const sorted = estimators.toSorted((a, b) => a.median - b.median);
  const joined: [ClassEstimator, ...ClassEstimator[]][] = [];
  for (const estimator of sorted) {
    const like = joined.find(([first]) => first.name === estimator.name && estimator.median / first.median - 1 < APART);
    if (like) like.push(estimator);
    else joined.push([estimator]);
  }
  return joined.map((own) => (own.length === 1 ? own[0] : ClassEstimator.of(own)));
}

/**
 * @param ordered the line of a pair lies on the node of its first CPU (see `orderedPairs`).
 * @param random in [0, 1); the same sequence makes the same choices.
 */
export function explore(topology: Topology, pairs: readonly Pair[], ordered: boolean, random: () => number): Explorer {
  const setting: Setting = { sites: sitesOf(topology).sites, ordered, random };
  let estimators = byTopology(topology, pairs, setting);
  const asked = new Map<Pair, number>();
  let measuredPairs = 0;

  const leastSure = (): ClassEstimator | undefined => {
    let [found, most]: [ClassEstimator | undefined, number] = [undefined, NARROW];
    for (const estimator of estimators) {
      const unsure = estimator.unsure();
      if (unsure > most) [found, most] = [estimator, unsure];
    }
    return found;
  };
  const anyPair = (): ClassEstimator | undefined => {
    let draw = random() * estimators.reduce((sum, { left }) => sum + left, 0);
    return estimators.find(({ left }) => (draw -= left) < 0);
  };
  /** Where a pair is now: a split may have moved it since it was asked for. */
  const placeOf = (pair: Pair): { estimator: ClassEstimator; at: number } | null => {
    const hint = asked.get(pair) ?? -1;
    asked.delete(pair);
    for (const estimator of estimators) {
      const at = estimator.pairs[hint] === pair ? hint : estimator.pairs.indexOf(pair);
      if (at >= 0) return { estimator, at };
    }
    return null;
  };

  return {
    next() {
      const estimator = leastSure() ?? anyPair();
      const at = estimator?.next() ?? null;
      const pair = at === null ? undefined : estimator?.pairs[at];
      if (pair === undefined || at === null) return null;
      asked.set(pair, at);
      return pair;
    },
    add(pair, value) {
      const place = asked.has(pair) ? placeOf(pair) : null;
      if (!place) return;
      if (value !== null) measuredPairs++;
      if (!place.estimator.add(place.at, value)) return;
      estimators = estimators.flatMap((one) => (one === place.estimator ? one.split() : [one]));
    },
    classes() {
      const joined = joinAlike(estimators);
      const found = joined
        .map((estimator) => estimator.result())
        .sort((a, b) => (a.median ?? Infinity) - (b.median ?? Infinity));
      const names = kindNames(topology, found);
      return found.map((one, at) => ({ ...one, name: names[at] ?? one.name }));
    },
    get measuredPairs() {
      return measuredPairs;
    },
  };
}
