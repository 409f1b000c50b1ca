/**
 * The order in which workers of a pool should steal from each other: what is nearest first, and rotated, so that those who run dry
 * together do not queue at one victim.
 */

import { indexTopology } from '../topology/relation.ts';
import type { Topology } from '../topology/topology.ts';
import { atDistance, BEYOND, byFirmware, classifier } from './classes.ts';
import type { NodeDistance, StealClass } from './classes.ts';

export interface StealList {
  readonly cpu: number;
  readonly victims: readonly number[];
  /** Of each victim: its class, by the place in `StealOrders.classes`. */
  readonly classes: readonly number[];
}

export interface StealOrders {
  /** Those that occur, the nearest first. */
  readonly classes: readonly StealClass[];
  readonly workers: readonly StealList[];
}

interface Ranked {
  readonly thief: number;
  /** The nearest first; victims in the order of the workers. */
  readonly byRank: readonly (readonly [rank: number, victims: readonly number[]])[];
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** Every worker's victims by rank, and the classes that occur. */
function rank(
  workers: readonly number[],
  classOf: (thief: number, victim: number) => StealClass,
): { readonly classes: readonly StealClass[]; readonly ranked: readonly Ranked[] } {
  const known = new Map<number, StealClass>();
  const ranked = workers.map((thief) => {
    const byRank = new Map<number, number[]>();
    for (const victim of workers) {
      if (victim === thief) continue;
      const found = classOf(thief, victim);
      const own = byRank.get(found.rank);
      if (own) own.push(victim);
      else byRank.set(found.rank, [victim]);
      known.set(found.rank, found);
    }
    return { thief, byRank: [...byRank].sort(([a], [b]) => a - b) };
  });
  return { classes: [...known.values()].sort((a, b) => a.rank - b.rank), ranked };
}

/**
 * @param workers CPUs, one a worker, each once.
 * @param distance between nodes; by default what firmware says.
 * @param words what a node at such a distance is called.
 */
export function stealOrders(
  topology: Topology,
  workers: readonly number[],
  distance: NodeDistance = byFirmware,
  words: (apart: number) => string = atDistance,
): StealOrders {
  const { places } = indexTopology(topology);
  const place = new Map(workers.map((cpu, at) => [cpu, at]));
  const before = (cpus: readonly number[], cpu: number): number =>
    cpus.filter((one) => (place.get(one) ?? 0) < (place.get(cpu) ?? 0)).length;
  const nodeOf = (cpu: number): number => places.get(cpu)?.node?.id ?? -1;
  const nodes = [...new Set(workers.map(nodeOf))];
  const onNode = new Map(nodes.map((node) => [node, workers.filter((cpu) => nodeOf(cpu) === node)]));

  const { classes, ranked } = rank(workers, classifier(topology, distance, words));
  const index = new Map(classes.map((one, at) => [one.rank, at]));
  const nearest = new Map(ranked.map(({ thief, byRank }) => [thief, byRank[0]?.[0]]));

  // Where some have nearer ones, those who have not begin with each other: the nearer ones are begun with by theirs. One who is alone
  // in that begins with whom nobody else does, where there is one.
  const begun = new Set<number>();
  const firstOf = new Map<number, readonly number[]>();
  for (const { thief, byRank } of [...ranked].sort((a, b) => (a.byRank[0]?.[0] ?? 0) - (b.byRank[0]?.[0] ?? 0))) {
    const [[own, cpus] = [0, []]] = byRank;
    const [alike, others] = [true, false].map((same) => cpus.filter((cpu) => (nearest.get(cpu) === own) === same));
    const order = [alike, others].flatMap((some = []) => rotated(some, before(some, thief)));
    const start = Math.max(0, alike?.length === 0 ? order.findIndex((cpu) => !begun.has(cpu)) : 0);
    firstOf.set(thief, rotated(order, start));
    begun.add(order[start] ?? thief);
  }

  /** @param nearer how many of those that come earlier, or the thief itself, stand before it among the workers. */
  const onOwnNode = (thief: number, rank: number, cpus: readonly number[], nearer: number): readonly number[] =>
    (nearest.get(thief) === rank ? firstOf.get(thief) : undefined) ?? rotated(cpus, before(cpus, thief) + nearer);

  /** From one node on to the next, so that nodes do not all begin with the first; in each by the thief's place in its own. */
  const beyond = (thief: number, cpus: readonly number[]): number[] => {
    const found = new Map<number, number[]>();
    for (const cpu of cpus) {
      const own = found.get(nodeOf(cpu));
      if (own) own.push(cpu);
      else found.set(nodeOf(cpu), [cpu]);
    }
    const by = onNode.get(nodeOf(thief))?.indexOf(thief) ?? 0;
    return rotated(nodes, nodes.indexOf(nodeOf(thief)) + 1).flatMap((node) => rotated(found.get(node) ?? [], by));
  };

  return {
    classes,
    workers: ranked.map(({ thief, byRank }): StealList => {
      let nearer = 0;
      const victims: number[] = [];
      const found: number[] = [];
      for (const [rank, cpus] of byRank) {
        victims.push(...(rank < BEYOND ? onOwnNode(thief, rank, cpus, nearer) : beyond(thief, cpus)));
        found.push(...cpus.map(() => index.get(rank) ?? 0));
        nearer += before(cpus, thief);
      }
      return { cpu: thief, victims, classes: found };
    }),
  };
}
