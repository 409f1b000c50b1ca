/** How many rounds of layouts fit a time limit, and what they take: the same for the command line and a board, before anything is measured. */

import type { SeparationCase } from '../../cases/separation.ts';
import type { Timing } from '../bench.ts';
import { baseOf } from './loads.ts';

/** More add nothing that a sentence could use. */
export const MOST_ROUNDS = 15;
/** Of a repetition. */
export const DURATION_MS = 200;
/** Beside its time a repetition takes starting the workers and bringing memory in, at so many bytes a ms. */
const AROUND_MS = 100;
const BYTES_A_MS = 1024 ** 2;
/** Of the limit; the rest is for what no plan knows. */
const PLANNED = 0.85;

/** What a case takes each time beside what is measured. */
export const aroundMs = ({ sizeBytes }: Pick<SeparationCase, 'sizeBytes'>): number =>
  AROUND_MS + sizeBytes / BYTES_A_MS;

/** So often the agent measures first what the loads are a part of. */
const BASE_ROUNDS = 5;

/** What all rounds take, roughly, with what they are planned by. */
export function separationMs(cases: readonly SeparationCase[], { rounds, durationMs }: Timing): number {
  const each = (one: Pick<SeparationCase, 'sizeBytes'>): number => durationMs * 1.1 + aroundMs(one);
  const base = baseOf(cases);
  return (base ? BASE_ROUNDS * each(base) : 0) + rounds * cases.reduce((sum, one) => sum + each(one), 0);
}

/** As many as fit, at least one. */
export function roundsWithin(
  cases: readonly SeparationCase[],
  {
    rounds = MOST_ROUNDS,
    durationMs,
    budgetMs,
  }: Partial<Timing> & { readonly durationMs: number; readonly budgetMs: number },
): number {
  const [none, one] = [0, 1].map((count) => separationMs(cases, { rounds: count, durationMs })) as [number, number];
  const fit = Math.floor((budgetMs * PLANNED - none) / (one - none));
  return Math.max(1, Math.min(rounds, fit));
}
