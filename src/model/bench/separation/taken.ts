/** Results of layouts by what they are of. */

import type { Benchmark } from '../../cases/case.ts';
import type { Layout, Scenario, SeparationCase } from '../../cases/separation.ts';
import type { Result } from '../../run/run.ts';
import { unknownSign } from './signs.ts';
import type { SignFigure } from './signs.ts';

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

export const TOO_FEW = 'too few rounds for an interval';

/** Why a result does not count, as part of a sentence. */
export const slipWords = ({ why }: Pick<Result, 'why'>): string => (why ?? 'the placement slipped').replace(/\.$/, '');

/** Why a figure of this result judges nothing; null: it does. */
export function unjudged(result: Pick<Result, 'valid' | 'why' | 'interval'>): string | null {
  if (!result.valid) return `does not count: ${slipWords(result)}`;
  return result.interval === null ? TOO_FEW : null;
}

/** Of the mixed layout at 100 % load. */
export function figureOf(taken: readonly Taken[], title: string, benchmark: Benchmark): SignFigure {
  const found = find(taken, benchmark, 'mixed', '100%')?.result;
  if (!find(taken, 'separation', 'mixed', '100%'))
    return unknownSign(title, 'the mixed layout was not measured at 100 % load');
  if (found?.median == null) return unknownSign(title, found?.why ?? 'there was nothing to count');
  // Shares are in percent there.
  const unit = found.metric === '%' ? 100 : 1;
  const interval = found.interval && ([found.interval[0] / unit, found.interval[1] / unit] as const);
  return { title, value: found.median / unit, interval, why: unjudged(found) };
}
