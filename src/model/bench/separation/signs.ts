/**
 * The signs by which two pools of a service may be better apart, and what a value of each says: the same for pools that were measured here
 * and for a service that tells its own figures.
 */

import type { SignName } from './sign-names.ts';
import { PRESET_SEPARATION } from './thresholds.ts';
import type { SeparationLimits, SeparationThreshold } from './thresholds.ts';

export type Advice = 'skip' | 'investigate' | 'separate';

export interface DecisionRow {
  readonly sign: SignName;
  readonly title: string;
  readonly value: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  /** Below the first nothing is to be done, above the second there is reason to separate; of efficiency the other way round. */
  readonly thresholds: readonly [low: number, high: number];
  /** Null where there is no value, or none that says anything by itself, and `why` says the reason. */
  readonly says: Advice | null;
  readonly why: string | null;
}

interface Sign {
  /** Names of its thresholds, of which one may be both. */
  readonly limits: readonly [low: SeparationThreshold, high: SeparationThreshold];
  /** Little of it is what is bad. */
  readonly fewer?: true;
  /** It hints, and alone is no reason to separate. */
  readonly hint?: true;
}

const SIGNS: Readonly<Record<SignName, Sign>> = {
  stealRate: { limits: ['steal-rate-low', 'steal-rate-high'] },
  slowPollRatio: { limits: ['slow-polls-low', 'slow-polls-high'] },
  crossNodeShare: { limits: ['cross-node-low', 'cross-node-high'] },
  crossNodePages: { limits: ['cross-node-low', 'cross-node-high'], hint: true },
  /** By how much slower, in parts of 1: what the thresholds of a share stand for. */
  crossNodeCost: { limits: ['cross-node-low', 'cross-node-high'] },
  stealEfficiency: { limits: ['steal-efficiency', 'steal-efficiency'], fewer: true, hint: true },
  correlation: { limits: ['correlation-low', 'correlation-high'], hint: true },
  imbalance: { limits: ['imbalance', 'imbalance'], hint: true },
  /** Times as long as at 60 %. */
  degradation: { limits: ['degradation', 'degradation'], hint: true },
  /** Times as much as the other pool. */
  poolSteals: { limits: ['pool-steals', 'pool-steals'], hint: true },
};

/** What is known of a sign, whoever tells it. */
export type SignFigure = Pick<DecisionRow, 'title' | 'value' | 'interval' | 'why'>;

export const unknownSign = (title: string, why: string): SignFigure => ({
  title,
  value: null,
  interval: null,
  why,
});

/** By the whole interval where there is one: what reaches over a threshold is to be looked into. */
function saidBy(
  [low, high]: readonly [number, number],
  [least, most]: readonly [number, number],
  { fewer, hint }: Sign,
): Advice {
  const [quiet, loud] = fewer ? [low >= most, high < least] : [high < least, low > most];
  return quiet ? 'skip' : loud && !hint ? 'separate' : 'investigate';
}

export function signRow(sign: SignName, figure: SignFigure, limits: SeparationLimits = PRESET_SEPARATION): DecisionRow {
  const [least, most] = SIGNS[sign].limits;
  const thresholds = [limits[least], limits[most]] as const;
  const { title, value, interval, why } = figure;
  if (value === null || why !== null) return { sign, title, value, interval, thresholds, says: null, why };
  const says = saidBy(interval ?? [value, value], thresholds, SIGNS[sign]);
  return { sign, title, value, interval, thresholds, says, why: null };
}
