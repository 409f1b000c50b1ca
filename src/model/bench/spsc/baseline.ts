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

interface Neighbour {
  readonly cpu: number;
  readonly rank: number;
  /** CPUs as near that were passed over: they have other work to do. */
  readonly passed: readonly number[];
}

/** Of the fairest pairs the lowest CPU that is not busy; where all are, the lowest. */
function nearNeighbour(topology: Topology, producer: number, busy: readonly number[]): Neighbour | null {
  const ranked = [...indexTopology(topology).places.keys()]
    .filter((cpu) => cpu !== producer && cpuRefusal(topology, cpu) === null)
    .map((cpu) => ({ cpu, rank: neighbourRank(topology, producer, cpu) }))
    .filter(({ rank }) => rank >= 0);
  const rank = ranked.reduce((best, one) => Math.min(best, one.rank), NEIGHBOURS.length);
  const near = ranked.filter((one) => one.rank === rank).map(({ cpu }) => cpu);
  const quiet = near.findIndex((cpu) => !busy.includes(cpu));
  const cpu = near[Math.max(quiet, 0)];
  return cpu === undefined ? null : { cpu, rank, passed: quiet < 0 ? near : near.slice(0, quiet) };
}

export interface AutomaticBaseline {
  readonly case: SpscCase;
  /** Why it is not the first that one would think of, as a sentence; null where it is. */
  readonly chosen: string | null;
}

/** A pair that is as near as its fairest neighbour already is held against itself, not pinned. */
export function automaticBaseline(
  topology: Topology,
  placed: SpscCase,
  busy: readonly number[] = [],
): AutomaticBaseline {
  const near = nearNeighbour(topology, placed.producer, busy);
  if (near === null || near.rank === neighbourRank(topology, placed.producer, placed.consumer))
    return { case: { ...placed, pin: false }, chosen: null };
  const memory = memoryBeside(topology, placed.producer);
  return { case: { ...placed, consumer: near.cpu, memory }, chosen: chosenWords(near) };
}

/** More are counted, not named. */
const NAMED = 4;

function chosenWords({ cpu, passed }: Neighbour): string | null {
  if (passed.length === 0) return null;
  if (passed.includes(cpu)) return 'Every CPU as near to the producer is busy.';
  const who = passed.length > NAMED ? `${passed.length} CPUs` : passed.map((one) => `P#${one}`).join(', ');
  return `${who} ${passed.length === 1 ? 'is' : 'are'} as near, but busy.`;
}
