/** What makes two results the same measurement: their benchmark, their metric and all that was asked for. */

import { resultLabel } from '../run-text.ts';
import type { Result } from '../run.ts';
import { DEFAULT_WORKLOAD } from '../workload.ts';
import { isSpscCase } from '../plan.ts';

/** Settings of a ring beside where its ends and its memory are. */
export const SETTINGS = ['padding', 'capacity', 'batch', 'pages'] as const;

/** Equal for results of the same case, whatever run they are of. A map's keys in one order, so that files may differ in it. */
export function caseKey({ benchmark, metric, placement }: Result): string {
  return JSON.stringify([benchmark, metric, Object.entries(placement).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** "P#0 → P#18, padding 64, latency": what of it is not as usual is said. */
export function caseName(result: Result): string {
  const { placement, benchmark } = result;
  if (!isSpscCase(placement)) return resultLabel(result);
  const unusual = SETTINGS.filter((key) => placement[key] !== DEFAULT_WORKLOAD[key]).map(
    (key) => `${key} ${placement[key]}`,
  );
  const memory = typeof placement.memory === 'number' ? [`memory on node ${placement.memory}`] : [];
  const latency = benchmark === 'spsc-latency' ? ['round trip'] : [];
  return [resultLabel(result), ...memory, ...unusual, ...latency].join(', ');
}

/** Whether more of this metric is worse: a time is, a rate is not. */
export const isTime = (metric: string): boolean => metric === 'ns' || metric === 's';
