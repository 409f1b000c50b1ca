/** What a placement is held against when nobody chose: a near neighbour of the producer. */

import { cpuRefusal } from '../../placement/usable.ts';
import { indexTopology, relate } from '../../topology/relation.ts';
import type { RelationKind } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import type { SpscCase } from '../../cases/spsc.ts';
import { memoryBeside } from './slots.ts';

/** Nearest first: what a queue across a gap is fairly held against, without the special case of one shared core. */
const NEIGHBOURS: readonly RelationKind[] = ['same-l3', 'same-die', 'same-package', 'same-l2', 'sibling', 'unknown'];

/** Rank of a pair among the neighbours, 0 the fairest; −1 for one that is none (another node, another package). */
export function neighbourRank(topology: Topology, producer: number, consumer: number): number {
  const relation = relate(topology, producer, consumer);
  return relation.otherNode ? -1 : NEIGHBOURS.indexOf(relation.kind);
}

/** Fairest pair first, lowest CPU first among equals. */
function nearNeighbour(topology: Topology, producer: number): { readonly cpu: number; readonly rank: number } | null {
  let best: { cpu: number; rank: number } | null = null;
  for (const cpu of indexTopology(topology).places.keys()) {
    if (cpu === producer || cpuRefusal(topology, cpu) !== null) continue;
    const found = neighbourRank(topology, producer, cpu);
    if (found >= 0 && (best === null || found < best.rank)) best = { cpu, rank: found };
  }
  return best;
}

/** A pair that is as near as its fairest neighbour already is held against itself, not pinned. */
export function automaticBaseline(topology: Topology, placed: SpscCase): SpscCase {
  const near = nearNeighbour(topology, placed.producer);
  if (near === null || near.rank === neighbourRank(topology, placed.producer, placed.consumer))
    return { ...placed, pin: false };
  const memory = memoryBeside(topology, placed.producer);
  return { ...placed, consumer: near.cpu, memory };
}
