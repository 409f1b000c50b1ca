/** The ways to cross a host: one pair of CPUs for each kind of distance that its usable CPUs have, all from one producer. */

import { neighbourRank } from '../spsc/baseline.ts';
import { cpuRefusal, givesMemory } from '../../placement/usable.ts';
import { crossingWords } from '../spsc/plan.ts';
import { memoryBeside } from '../spsc/slots.ts';
import { indexTopology, NEAR_TO_FAR, nodeOf, relate } from '../../topology/relation.ts';
import type { Relation } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';

export interface PairKind {
  readonly producer: number;
  readonly consumer: number;
  readonly relation: Relation;
  /** How it crosses, as the middle of a sentence; no two of a machine are alike. */
  readonly name: string;
}

/** Share of the time each CPU was busy, 0 to 1; a CPU that is not in it counts as idle. */
export type Busy = ReadonlyMap<number, number>;

/** The padding that is held against the default one. */
export const OTHER_PADDING = 64;

/** Producers that are tried a node: more of them find no other kinds of pairs, except around limits of a cpuset. */
const PRODUCERS_A_NODE = 8;
/** Differences in load below this are chance. */
const BUSY_STEP = 0.05;

/** What is against using a CPU: its load, then the core of CPU 0, because kernels serve interrupts and timers there. */
function unrest(topology: Topology, busy: Busy): (cpu: number) => number {
  const { places } = indexTopology(topology);
  const housekeeping = places.get(0)?.core ?? null;
  return (cpu) => {
    const core = places.get(cpu)?.core ?? null;
    const shared = cpu === 0 || (core !== null && core === housekeeping);
    return Math.round((busy.get(cpu) ?? 0) / BUSY_STEP) * 2 + (shared ? 1 : 0);
  };
}

function hasMemory(topology: Topology, cpu: number): boolean {
  const node = nodeOf(topology, cpu);
  return node === null || givesMemory(node);
}

/** Where the ring lies that belongs to a CPU: its own node, or the nearest whose memory can be used; null where none can be named. */
export function homeOf(topology: Topology, cpu: number): number | null {
  const target = memoryBeside(topology, cpu);
  return typeof target === 'number' ? target : null;
}

/** Nearest first: by whether it leaves the node, the package, then by firmware distance, then by what is shared. */
function nearestFirst(one: Relation, two: Relation): number {
  const keys = ({ kind, otherNode, distance }: Relation): number[] => [
    Number(otherNode || kind === 'other-package'),
    distance ?? 0,
    NEAR_TO_FAR.indexOf(kind),
  ];
  const [a, b] = [keys(one), keys(two)];
  const at = a.findIndex((key, i) => key !== b[i]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Names tell crossings apart, also where two kinds of pairs cross in the same words. */
export function namePairKinds(topology: Topology, pairs: readonly (readonly [number, number])[]): PairKind[] {
  const found = pairs.map(([producer, consumer]) => {
    const relation = relate(topology, producer, consumer);
    return { producer, consumer, relation, name: crossingWords(topology, { producer, consumer }) };
  });
  const alike = (name: string): boolean => found.filter((one) => one.name === name).length > 1;
  return found
    .map((one) => (alike(one.name) ? { ...one, name: `${one.name} (${one.relation.words})` } : one))
    .sort((one, two) => nearestFirst(one.relation, two.relation));
}

/** The consumer of each kind of pair that a producer has: a core of the same kind where there is one, a quiet one. */
function consumersOf(topology: Topology, producer: number, quiet: readonly number[]): Map<string, number> {
  const kindOf = (cpu: number): string | null => indexTopology(topology).places.get(cpu)?.cpu.kind ?? null;
  const own = kindOf(producer);
  const found = new Map<string, number>();
  for (const same of [true, false]) {
    for (const cpu of quiet) {
      if (cpu === producer || (kindOf(cpu) === own) !== same) continue;
      const { words } = relate(topology, producer, cpu);
      if (!found.has(words)) found.set(words, cpu);
    }
  }
  return found;
}

/**
 * Nearest first; empty where there are no two usable CPUs. From the producer that has the most kinds of pairs, then memory of its
 * own, then the quietest consumers.
 */
export function pairKindsOf(topology: Topology, busy: Busy = new Map()): PairKind[] {
  const cost = unrest(topology, busy);
  const usable = [...indexTopology(topology).places.keys()].filter((cpu) => cpuRefusal(topology, cpu) === null);
  const quiet = usable.sort((a, b) => cost(a) - cost(b) || a - b);
  const byNode = new Map<number | null, number[]>();
  for (const cpu of quiet) {
    const node = nodeOf(topology, cpu)?.id ?? null;
    byNode.set(node, [...(byNode.get(node) ?? []), cpu]);
  }
  const candidates = quiet.filter((cpu) => {
    const peers = byNode.get(nodeOf(topology, cpu)?.id ?? null) ?? [];
    return peers.indexOf(cpu) < PRODUCERS_A_NODE;
  });
  let best: { producer: number; consumers: Map<string, number>; score: number; unrest: number } | null = null;
  for (const producer of candidates) {
    const consumers = consumersOf(topology, producer, quiet);
    const score = consumers.size * 2 + Number(hasMemory(topology, producer));
    const around = [...consumers.values()].reduce((sum, cpu) => sum + cost(cpu), cost(producer));
    if (best === null || score > best.score || (score === best.score && around < best.unrest)) {
      best = { producer, consumers, score, unrest: around };
    }
  }
  if (best === null) return [];
  const { producer, consumers } = best;
  return namePairKinds(
    topology,
    [...consumers.values()].map((consumer) => [producer, consumer] as const),
  );
}

/** What the others are held against: the fairest near pair. Null where every pair crosses nodes. */
export function referenceOf(topology: Topology, crossings: readonly PairKind[]): PairKind | null {
  const ranked = crossings
    .map((one) => ({ one, rank: neighbourRank(topology, one.producer, one.consumer) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank);
  return ranked[0]?.one ?? null;
}

/** Whether two nodes or two packages lie between the ends. */
export const isFar = ({ relation }: PairKind): boolean => relation.otherNode || relation.kind === 'other-package';
