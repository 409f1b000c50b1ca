/** What the board measures of two pools. */

import { PRESET_LAYOUTS, SCENARIOS } from '../../cases/separation.ts';
import type { PresetLayout, Scenario } from '../../cases/separation.ts';
import type { Timing } from '../bench.ts';

/** Layouts that are measured beside what is placed. */
export const LAYOUT_SETS = {
  all: PRESET_LAYOUTS,
  two: ['mixed', 'separated'],
  mixed: ['mixed'],
} as const satisfies Record<string, readonly PresetLayout[]>;
export type LayoutSet = keyof typeof LAYOUT_SETS;

export const LOAD_SETS = {
  all: SCENARIOS,
  levels: ['60%', '100%', '200%'],
  full: ['100%'],
} as const satisfies Record<string, readonly Scenario[]>;
export type LoadSet = keyof typeof LOAD_SETS;

/** `rounds` is the most: as many are measured as fit the time limit. */
export interface SeparationWorkload extends Timing {
  readonly kind: 'separation';
  readonly layouts: LayoutSet;
  readonly loads: LoadSet;
  /** Of the store; null: beyond the caches, as memory is free. */
  readonly sizeBytes: number | null;
  readonly budgetMs: number;
}

/** More rounds add nothing that a sentence could use. */
export const MOST_ROUNDS = 15;
/** Of a repetition. */
export const DURATION_MS = 200;

export const DEFAULT_SEPARATION_WORKLOAD: SeparationWorkload = {
  kind: 'separation',
  layouts: 'all',
  loads: 'all',
  sizeBytes: null,
  budgetMs: 300_000,
  rounds: MOST_ROUNDS,
  durationMs: DURATION_MS,
};
