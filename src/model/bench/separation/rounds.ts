/** How many rounds of layouts fit a time limit, and what they take: the same for the command line and a board, before anything is measured. */

import type { SeparationCase } from '../../cases/separation.ts';
import type { Timing } from '../bench.ts';

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

/** What all rounds take, roughly. */
export function separationMs(cases: readonly SeparationCase[], { rounds, durationMs }: Timing): number {
  return rounds * cases.reduce((sum, one) => sum + durationMs * 1.1 + aroundMs(one), 0);
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
  const fit = Math.floor((budgetMs * PLANNED) / separationMs(cases, { rounds: 1, durationMs }));
  return Math.max(1, Math.min(rounds, fit));
}
