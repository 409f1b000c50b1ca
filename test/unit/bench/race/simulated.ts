// Owns races without programs: every figure is a candidate's true figure times noise, some of it recorded from real programs.
import { afterRound, ranking, startElimination } from '../../../../src/model/bench/race/elimination.ts';
import { afterFinalRound, finalists, roundsOf, startFinal } from '../../../../src/model/bench/race/final.ts';
import type { Final } from '../../../../src/model/bench/race/final.ts';
import { raceOutcome } from '../../../../src/model/bench/race/outcome.ts';
import { median, randomFrom } from '../../../../src/model/run/statistics.ts';
import { TWO_REGIMES, WIDE } from './recorded.ts';

/** The next share of a true figure. */
export type Noise = () => number;
export type NoiseKind = 'calm' | 'two regimes' | 'wide';

/** @param random 0 … 1. */
export function noiseOf(kind: NoiseKind, random: () => number): Noise {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  // A quiet machine: 2 %, and one run in twenty up to half as long again.
  if (kind === 'calm') return () => Math.exp(0.02 * normal() + (random() < 0.05 ? 0.4 * random() : 0));
  const recorded = kind === 'wide' ? WIDE : TWO_REGIMES;
  // Neighbours in time resemble each other: they are taken as they came, from anywhere on.
  let at = Math.floor(random() * recorded.length);
  return () => recorded[at++ % recorded.length] ?? 1;
}

export interface RaceSeen {
  /** Null: none was claimed. */
  readonly winner: number | null;
  readonly runs: number;
  readonly final: Final;
}

/** A race to its end. @param truth times of the candidates, the baseline's first; less is better. */
export function raced(truth: readonly number[], noise: Noise): RaceSeen {
  let runs = 0;
  const round = (active: readonly number[]): Map<number, number> => {
    runs += active.length;
    return new Map(active.map((one) => [one, (truth[one] ?? NaN) * noise()]));
  };
  let elimination = startElimination(truth.length, 'less');
  while (elimination.left > 0) elimination = afterRound(elimination, round(elimination.active));
  let final = startFinal(ranking(elimination), 'less');
  while (!final.over) final = afterFinalRound(final, round(finalists(final)));
  const comparisons = final.comparisons.filter((one) => one !== null);
  const candidates = truth.map((_, at) => ({ name: String(at), why: '', out: null }));
  const record = {
    budgetMs: 0,
    better: 'less',
    candidates,
    leftOut: [],
    final: { from: 0, rounds: roundsOf(final), comparisons },
  } as const;
  return { winner: raceOutcome(record, []).winner, runs, final };
}

/** Every candidate so many times, the best median. */
export function exhaustive(truth: readonly number[], noise: Noise, rounds: number): { best: number; runs: number } {
  const figures = truth.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [one, time] of truth.entries()) figures[one]?.push(time * noise());
  }
  const medians = figures.map((own) => median(own));
  return { best: medians.indexOf(Math.min(...medians)), runs: rounds * truth.length };
}

export const seeded = (seed: number): (() => number) => randomFrom(seed);
