/**
 * The order in which workers of a pool should steal from each other: what is nearest first, and rotated, so that those who run dry
 * together do not queue at one victim.
 */

import { indexTopology, relate } from '../topology/relation.ts';
import type { NumaNode, Topology } from '../topology/topology.ts';

/** How far a victim is: what it shares with the thief on their node, else how far its node is. */
export interface StealClass {
  /** For people: "same L3", "node at distance 21". */
  readonly words: string;
  /** Classes compare by it; the nearest is the least. */
  readonly rank: number;
}

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

/** From one node to another, in whatever unit; null: unknown, which counts as farthest. */
export type NodeDistance = (from: NumaNode, to: NumaNode) => number | null;

const firmware: NodeDistance = (from, to) => from.distances[String(to.id)] ?? null;

/** On one node, the nearest first. */
const WITHIN = {
  sibling: 'same core',
  'same-l2': 'same L2',
  'same-l3': 'same L3',
  'same-die': 'same die',
  'same-package': 'same node',
} as const;
const KINDS = Object.keys(WITHIN) as (keyof typeof WITHIN)[];
/** Every node is beyond everything on the own one. */
const BEYOND = KINDS.length;
const FARTHEST = 1e9;

function classOf(topology: Topology, thief: number, victim: number, distance: NodeDistance): StealClass {
  const { places } = indexTopology(topology);
  const [from, to] = [places.get(thief)?.node ?? null, places.get(victim)?.node ?? null];
  if (from && to && from !== to) {
    const apart = distance(from, to);
    const words = apart === null ? 'other node' : `node at distance ${String(Math.round(apart * 100) / 100)}`;
    return { words, rank: BEYOND + Math.min(FARTHEST, apart ?? FARTHEST) };
  }
  const kind = KINDS.find((one) => one === relate(topology, thief, victim).kind) ?? 'same-package';
  return { words: WITHIN[kind], rank: KINDS.indexOf(kind) };
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** A worker's victims on its own node, of one class. @param nearer those before them, and the worker itself. */
function onOwnNode(cpus: readonly number[], place: (cpu: number) => number, thief: number, nearer: number): number[] {
  const before = cpus.filter((cpu) => place(cpu) < place(thief)).length;
  return rotated(cpus, before + nearer);
}

/**
 * @param workers CPUs, one a worker, each once.
 * @param distance between nodes; by default what firmware says.
 */
export function stealOrders(
  topology: Topology,
  workers: readonly number[],
  distance: NodeDistance = firmware,
): StealOrders {
  const { places } = indexTopology(topology);
  const place = new Map(workers.map((cpu, at) => [cpu, at]));
  const at = (cpu: number): number => place.get(cpu) ?? 0;
  const nodeIds = [...new Set(workers.map((cpu) => places.get(cpu)?.node?.id ?? -1))];
  const nodeAt = (cpu: number): number => nodeIds.indexOf(places.get(cpu)?.node?.id ?? -1);
  const onNode = nodeIds.map((_, node) => workers.filter((cpu) => nodeAt(cpu) === node));
  const known = new Map<number, StealClass>();

  const ranked = workers.map((thief) => {
    const byRank = new Map<number, number[]>();
    for (const victim of workers) {
      if (victim === thief) continue;
      const found = classOf(topology, thief, victim, distance);
      known.set(found.rank, found);
      const own = byRank.get(found.rank);
      if (own) own.push(victim);
      else byRank.set(found.rank, [victim]);
    }
    return { thief, byRank: [...byRank].sort(([a], [b]) => a - b) };
  });

  const classes = [...known.values()].sort((a, b) => a.rank - b.rank);
  const index = new Map(classes.map(({ rank }, place) => [rank, place]));
  return {
    classes,
    workers: ranked.map(({ thief, byRank }): StealList => {
      const own = nodeAt(thief);
      const inNode = onNode[own]?.indexOf(thief) ?? 0;
      const nearer = [thief];
      const victims: number[] = [];
      const found: number[] = [];
      for (const [rank, cpus] of byRank) {
        const order =
          rank < BEYOND
            ? onOwnNode(cpus, at, thief, nearer.filter((cpu) => at(cpu) < at(thief)).length)
            : // From one node on to the next, so that nodes do not all begin with the first.
              rotated(nodeIds, own + 1).flatMap((id) =>
                rotated(
                  cpus.filter((cpu) => nodeIds[nodeAt(cpu)] === id),
                  inNode,
                ),
              );
        victims.push(...order);
        found.push(...order.map(() => index.get(rank) ?? 0));
        nearer.push(...cpus);
      }
      return { cpu: thief, victims, classes: found };
    }),
  };
}
