/**
 * The measures in the order of the heat bar and its number keys. A new one is a file here and a row: bar, keys, help, legend, tables
 * and sentence follow.
 */

import { allocations } from './allocations.ts';
import { busy } from './busy.ts';
import { free } from './free.ts';
import { huge } from './huge.ts';
import type { Measure } from './measure.ts';
import { process } from './process.ts';
import { remote } from './remote.ts';

/** The first is shown until another one is chosen. */
export const MEASURES: readonly [Measure, ...Measure[]] = [busy, allocations, remote, free, huge, process];

/** The first where there is none of that key. */
export function measureOf(key: string): Measure {
  return MEASURES.find((measure) => measure.key === key) ?? MEASURES[0];
}

/** 0 (below the first limit, or unknown) to 6. */
export function step(limits: readonly number[], value: number | null): number {
  return value === null ? 0 : limits.filter((limit) => value >= limit).length;
}
