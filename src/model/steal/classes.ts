/** How far one CPU is from another for who steals: in classes, each of which counts as equally far. */

import { parseCpuList } from '../text/cpulist.ts';
import { indexTopology, relationKind } from '../topology/relation.ts';
import type { Group, NumaNode, Topology } from '../topology/topology.ts';

/** How far a victim is: what it shares with the thief on their node, else how far its node is. */
export interface StealClass {
  /** For people: "same L3", "node at distance 21". */
  readonly words: string;
  /** Classes compare by it; the nearest is the least. */
  readonly rank: number;
}

/** From one node to another, in whatever unit; null: unknown, which counts as farthest. */
export type NodeDistance = (from: NumaNode, to: NumaNode) => number | null;

export const byFirmware: NodeDistance = (from, to) => from.distances[String(to.id)] ?? null;
export const atDistance = (apart: number): string => `node at distance ${String(Math.round(apart * 100) / 100)}`;

/** On one node, the nearest first. */
const WITHIN = [
  ['sibling', 'same core'],
  ['same-l2', 'same L2'],
  ['same-cluster', 'same cluster'],
  ['same-l3', 'same L3'],
  ['same-die', 'same die'],
  ['same-package', 'same package'],
  ['unknown', 'same node'],
  ['other-package', 'other package, same node'],
] as const;
/** Every node is beyond everything on the own one. */
export const BEYOND = WITHIN.length;
/** Beyond every distance, in 10 ths of local access or in ns. */
const FARTHEST = 1e6;
/** Where nodes of the own package and of others are at one distance, the others are this much farther. */
const OUTSIDE = 1e-6;
/** Of a CPU that the host puts on no node. */
const NO_NODE: StealClass = { words: 'node unknown', rank: BEYOND + FARTHEST + 1 };

/** Clusters (Arm, some Atoms) that are a part of what an L3 serves; others say no more than the caches. */
function innerClusters(topology: Topology): ReadonlySet<Group> {
  const { places } = indexTopology(topology);
  const count = (list: string): number => parseCpuList(list).length;
  return new Set(
    topology.clusters.filter(({ cpus }) => {
      const own = parseCpuList(cpus);
      const outer = own.map((cpu) => places.get(cpu)?.caches.get(3)?.cpus);
      return [...new Set(outer)].every((list) => list === undefined || count(list) > own.length);
    }),
  );
}

/** @param words what a node at a distance is called. */
export function classifier(
  topology: Topology,
  distance: NodeDistance,
  words: (apart: number) => string,
): (thief: number, victim: number) => StealClass {
  const { places } = indexTopology(topology);
  const inner = innerClusters(topology);
  const within = new Map(WITHIN.map(([kind, own], rank) => [kind as string, { words: own, rank }]));
  return (thief, victim) => {
    const [one, two] = [places.get(thief), places.get(victim)];
    const [from, to] = [one?.node ?? null, two?.node ?? null];
    if (from && to && from !== to) {
      const apart = distance(from, to);
      const called = apart === null ? 'other node' : words(apart);
      const rank = BEYOND + Math.min(FARTHEST, apart ?? FARTHEST);
      return one?.package && one.package === two?.package
        ? { words: `${called}, same package`, rank }
        : { words: called, rank: rank + OUTSIDE };
    }
    const found = relationKind(topology, thief, victim);
    const together = from !== null && to !== null;
    if (!together && (found === 'other-package' || found === 'unknown')) return NO_NODE;
    const clustered = found !== 'sibling' && found !== 'same-l2' && one?.cluster === two?.cluster;
    const kind = clustered && one?.cluster && inner.has(one.cluster) ? 'same-cluster' : found;
    return within.get(kind) ?? NO_NODE;
  };
}
