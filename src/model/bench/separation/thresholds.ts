/** The thresholds of the table that decides whether two pools belong apart. Shares are parts of 1. */

import { PinboardError } from '../../problem.ts';
import { thresholdsWith } from '../../thresholds.ts';
import type { Threshold } from '../../thresholds.ts';

export const SEPARATION_THRESHOLDS = {
  'steal-rate-low': {
    value: 0.05,
    unit: 'share',
    reason: 'of jobs stolen: below it workers nearly always find work of their own',
  },
  'steal-rate-high': { value: 0.15, unit: 'share', reason: 'above it every seventh job brings its data along' },
  'slow-polls-low': { value: 0.2, unit: 'share', reason: 'of jobs longer than 1 ms: below it few wait behind one' },
  'slow-polls-high': {
    value: 0.4,
    unit: 'share',
    reason: 'above it short jobs usually wait behind a long one of the same pool',
  },
  'cross-node-low': { value: 0.1, unit: 'share', reason: 'at twice the latency a tenth of far accesses costs 10 %' },
  'cross-node-high': {
    value: 0.25,
    unit: 'share',
    reason: 'at twice the latency a quarter of far accesses makes memory 25 % slower',
  },
  'steal-efficiency': {
    value: 0.3,
    unit: 'share',
    reason: 'of searches that end with a stolen job: below it most of them only disturb those who work',
  },
  'correlation-low': {
    value: 0.02,
    unit: "Pearson's r",
    reason: 'of stolen and slow jobs by worker: below it there is none',
  },
  'correlation-high': { value: 0.05, unit: "Pearson's r", reason: 'above it who steals more is slow more often' },
  imbalance: {
    value: 0.3,
    unit: 'share',
    reason: 'how much less busy the idlest node is than the busiest: above it a third of a node is wasted',
  },
  degradation: {
    value: 3,
    unit: 'times',
    reason: 'p99 at 200 % of what can be served against 60 %: full queues alone about treble it',
  },
  'pool-steals': {
    value: 2,
    unit: 'times',
    reason: 'how much more one pool steals than the other: above it the two are not alike in their load',
  },
} as const satisfies Readonly<Record<string, Threshold>>;

export type SeparationThreshold = keyof typeof SEPARATION_THRESHOLDS;
export type SeparationLimits = Readonly<Record<SeparationThreshold, number>>;

/** Two of one sign: below the first nothing is to be done, above the second there is reason to separate. */
const PAIRS = [
  ['steal-rate-low', 'steal-rate-high'],
  ['slow-polls-low', 'slow-polls-high'],
  ['cross-node-low', 'cross-node-high'],
  ['correlation-low', 'correlation-high'],
] as const satisfies readonly (readonly [SeparationThreshold, SeparationThreshold])[];

/** @throws PinboardError `usage` for a name that is none, a value that is no number of at least 0, or a pair the wrong way round. */
export function separationLimits(changed: Readonly<Record<string, number>>): SeparationLimits {
  const limits = thresholdsWith(SEPARATION_THRESHOLDS, 'The separation of pools', changed);
  for (const [low, high] of PAIRS)
    if (limits[low] > limits[high])
      throw new PinboardError(
        'usage',
        `The threshold ${low} (${String(limits[low])}) is above ${high} (${String(limits[high])}).`,
        'Set both, the lower one first.',
      );
  return limits;
}

export const PRESET_SEPARATION: SeparationLimits = separationLimits({});

/** As a run keeps them. A file may name some that this version does not know: they judge nothing here. */
export function limitsOf(kept: Readonly<Record<string, number>> = {}): SeparationLimits {
  const known = Object.entries(kept).filter(([name]) => Object.hasOwn(SEPARATION_THRESHOLDS, name));
  return { ...PRESET_SEPARATION, ...Object.fromEntries(known) };
}
