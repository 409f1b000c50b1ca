/**
 * The same blocks unpinned, by simulation: each thread on a CPU drawn at random, and its memory in equal parts where such threads touched
 * it first, drawn anew, for a kernel moves threads and leaves memory. Real kernels do better or worse; it is what nothing promises more than.
 */

import { quantile, randomFrom } from '../../run/statistics.ts';
import { sharesOf } from '../crossing.ts';
import type { Shares } from '../crossing.ts';
import type { PlanMachine } from '../machine.ts';

export const DRAWS = 1000;
/** So that all draws of a large plan end within seconds. */
const MOST_PARTS = 5_000_000;
const SEED = 17;

export const drawsFor = (parts: number): number =>
  Math.max(20, Math.min(DRAWS, Math.floor(MOST_PARTS / Math.max(1, parts))));

/** Where so many draws of a node, each as likely as it has CPUs, fell. */
function drawn(machine: PlanMachine, count: number, random: () => number): Shares {
  const weights = new Map<number, number>();
  for (const { node, cpus } of machine.cores) {
    if (node !== null) weights.set(node, (weights.get(node) ?? 0) + cpus.length);
  }
  const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const hits = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    let at = random() * all;
    for (const [node, weight] of weights) {
      at -= weight;
      if (at > 0) continue;
      hits.set(node, (hits.get(node) ?? 0) + 1);
      break;
    }
  }
  return sharesOf(hits);
}

export interface Draw {
  readonly cpus: Shares;
  readonly memory: Shares;
}

/** @param threads by block. */
export function* drawPlacements(machine: PlanMachine, threads: readonly number[], draws: number): Generator<Draw[]> {
  const random = randomFrom(SEED);
  for (let i = 0; i < draws; i++) {
    yield threads.map((count) => ({
      cpus: drawn(machine, Math.max(1, count), random),
      memory: drawn(machine, Math.max(1, count), random),
    }));
  }
}

/** Within which 95 of 100 draws lie. */
export const interval = (values: readonly number[]): [low: number, high: number] => [
  quantile(values, 0.025),
  quantile(values, 0.975),
];
