/**
 * Which pairs of a machine to measure, one after another, and what is known of all of them at any time. Classes by
 * topology come first; the class whose median is least sure is measured next; a class that turns out to hold two kinds
 * of pairs is split. Once all are sure enough, single pairs are drawn from the whole machine, which may show more to split.
 *
 * Pure: whoever drives it measures what `next` names, or looks it up, and hands it to `add` until its budget is used.
 */

import type { Topology } from '../../../topology/topology.ts';
import { inferTogether } from './pooled.ts';
import { Group } from './group.ts';
import type { PairClass, Setting } from './group.ts';
import { kindNames } from '../names.ts';
import { classNames, sitesOf } from '../pairs.ts';
import type { Pair } from '../pairs.ts';
import { APART } from './split.ts';

/** A median known to this share of it is known well enough. */
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

function byTopology(topology: Topology, pairs: readonly Pair[], setting: Setting): Group[] {
  const named = new Map<string, Pair[]>();
  classNames(topology, pairs, setting.ordered).forEach((name, at) => {
    const pair = pairs[at];
    const own = named.get(name);
    if (own && pair) own.push(pair);
    else if (pair) named.set(name, [pair]);
  });
  return [...named].map(([name, own]) => new Group(name, own, setting));
}

/** Kinds of one class that turned out to cost the same after all are one kind. */
function joinAlike(groups: readonly Group[]): Group[] {
  const sorted = groups.toSorted((a, b) => a.median - b.median);
  const joined: [Group, ...Group[]][] = [];
  for (const group of sorted) {
    const like = joined.find(([first]) => first.name === group.name && group.median / first.median - 1 < APART);
    if (like) like.push(group);
    else joined.push([group]);
  }
  return joined.map((own) => (own.length === 1 ? own[0] : Group.of(own)));
}

/**
 * @param ordered the line of a pair lies on the node of its first CPU (see `orderedPairs`).
 * @param random in [0, 1); the same sequence makes the same choices.
 */
export function explore(topology: Topology, pairs: readonly Pair[], ordered: boolean, random: () => number): Explorer {
  const setting: Setting = { sites: sitesOf(topology).sites, ordered, random };
  let groups = byTopology(topology, pairs, setting);
  const asked = new Map<Pair, number>();
  let measuredPairs = 0;

  const leastSure = (): Group | undefined => {
    let [found, most]: [Group | undefined, number] = [undefined, NARROW];
    for (const group of groups) {
      const unsure = group.unsure();
      if (unsure > most) [found, most] = [group, unsure];
    }
    return found;
  };
  const anyPair = (): Group | undefined => {
    let draw = random() * groups.reduce((sum, { left }) => sum + left, 0);
    return groups.find(({ left }) => (draw -= left) < 0);
  };
  /** Where a pair is now: a split may have moved it since it was asked for. */
  const placeOf = (pair: Pair): { group: Group; at: number } | null => {
    const hint = asked.get(pair) ?? -1;
    asked.delete(pair);
    for (const group of groups) {
      const at = group.pairs[hint] === pair ? hint : group.pairs.indexOf(pair);
      if (at >= 0) return { group, at };
    }
    return null;
  };

  return {
    next() {
      const group = leastSure() ?? anyPair();
      const at = group?.next() ?? null;
      const pair = at === null ? undefined : group?.pairs[at];
      if (pair === undefined || at === null) return null;
      asked.set(pair, at);
      return pair;
    },
    add(pair, value) {
      const place = asked.has(pair) ? placeOf(pair) : null;
      if (!place) return;
      if (value !== null) measuredPairs++;
      if (!place.group.add(place.at, value)) return;
      groups = groups.flatMap((one) => (one === place.group ? one.split() : [one]));
    },
    classes() {
      const joined = joinAlike(groups);
      const scarce = joined.filter((group) => group.scarce);
      const inferred = inferTogether(
        joined.flatMap((group) => group.scarce ?? []),
        setting.sites,
      );
      const found = joined
        .map((group) => group.result(inferred[scarce.indexOf(group)]))
        .sort((a, b) => (a.median ?? Infinity) - (b.median ?? Infinity));
      const names = kindNames(topology, found);
      return found.map((one, at) => ({ ...one, name: names[at] ?? one.name }));
    },
    get measuredPairs() {
      return measuredPairs;
    },
  };
}
