/** What makes two results the same measurement: their benchmark, their metric and all that was asked for. */

import { resultLabel } from '../verdict/text.ts';
import type { Result } from '../run/run.ts';
import { areSeveralThings } from '../cases/case.ts';
import { benchOf, figureOf } from '../bench/index.ts';
import { betterOf } from '../run/better.ts';

/** Equal for results of the same case, whatever run they are of. A map's keys in one order, so that files may differ in it. */
export function caseKey({ benchmark, metric, placement }: Result): string {
  return JSON.stringify([benchmark, metric, Object.entries(placement).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** "P#0 → P#18, padding 64, round trip": what of it is not as usual is said. */
export function caseName(result: Result): string {
  const { placement, benchmark, metric } = result;
  const aside = figureOf(benchmark)?.aside ?? null;
  return [
    resultLabel(result),
    ...benchOf(placement).unusual(placement, null),
    ...(aside === null ? [] : [aside]),
    ...(areSeveralThings(placement) ? [metric] : []),
  ].join(', ');
}

/** Whether more of this metric is worse: a time is, a rate is not. */
export const isTime = (metric: string): boolean => betterOf(metric) === 'less';
