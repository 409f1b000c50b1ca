/** Results of layouts by what they are of. */

import type { Benchmark } from '../../cases/case.ts';
import type { Layout, Scenario, SeparationCase } from '../../cases/separation.ts';
import type { Result } from '../../run/run.ts';

export interface Taken {
  readonly index: number;
  readonly result: Result;
  readonly one: SeparationCase;
}

export const takenFrom = (results: readonly Result[]): Taken[] =>
  results.flatMap((result, index) =>
    result.placement.kind === 'separation' ? [{ index, result, one: result.placement }] : [],
  );

export const find = (taken: readonly Taken[], benchmark: Benchmark, layout: Layout, scenario: Scenario): Taken | null =>
  taken.find(
    ({ result, one }) => result.benchmark === benchmark && one.layout === layout && one.scenario === scenario,
  ) ?? null;
