/** How many rounds of layouts fit a time limit, and what they take: the same for the command line and a board, before anything is measured. */

import type { SeparationCase } from '../../cases/separation.ts';
import type { Topology } from '../../topology/topology.ts';
import type { Timing } from '../bench.ts';
import { repetitionMs } from '../pool/repetition.ts';
import { baseOf } from './loads.ts';
import { MOST_ROUNDS } from './workload.ts';

/** Of the limit; the rest is for what no plan knows. */
const PLANNED = 0.85;

/** So often the agent measures first what the loads are a part of. */
const BASE_ROUNDS = 5;

/** What all rounds take, roughly, with what they are planned by. */
export function separationMs(
  topology: Topology,
  cases: readonly SeparationCase[],
  { rounds, durationMs }: Timing,
): number {
  const each = ({ walkers, workers, sizeBytes }: SeparationCase): number =>
    repetitionMs(topology, { workers: walkers.length + workers.length, bytes: sizeBytes, durationMs });
  const base = baseOf(cases);
  return (base ? BASE_ROUNDS * each(base) : 0) + rounds * cases.reduce((sum, one) => sum + each(one), 0);
}

/** As many as fit, at least one. */
export function roundsWithin(
  topology: Topology,
  cases: readonly SeparationCase[],
  {
    rounds = MOST_ROUNDS,
    durationMs,
    budgetMs,
  }: Partial<Timing> & { readonly durationMs: number; readonly budgetMs: number },
): number {
  const [none, one] = [0, 1].map((count) => separationMs(topology, cases, { rounds: count, durationMs })) as [
    number,
    number,
  ];
  const fit = Math.floor((budgetMs * PLANNED - none) / (one - none));
  return Math.max(1, Math.min(rounds, fit));
}
