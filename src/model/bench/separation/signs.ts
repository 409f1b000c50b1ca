/**
 * The signs by which two pools of a service may be better apart, and what a value of each says: the same for pools that were measured here
 * and for a service that tells its own figures.
 */

export type Advice = 'skip' | 'investigate' | 'separate';

export const SIGN_NAMES = [
  'stealRate',
  'slowPollRatio',
  'crossNodeShare',
  'stealEfficiency',
  'correlation',
  'imbalance',
  'degradation',
] as const;
export type SignName = (typeof SIGN_NAMES)[number];

export interface DecisionRow {
  readonly sign: SignName;
  readonly title: string;
  readonly value: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  /** Below the first nothing is to be done, above the second there is reason to separate; of efficiency the other way round. */
  readonly thresholds: readonly [low: number, high: number];
  /** Null where there is no value, and `why` says the reason. */
  readonly says: Advice | null;
  readonly why: string | null;
}

export interface Sign {
  readonly thresholds: readonly [low: number, high: number];
  /** Little of it is what is bad. */
  readonly fewer?: true;
  /** It hints, and alone is no reason to separate. */
  readonly hint?: true;
}

export const SIGNS: Readonly<Record<SignName, Sign>> = {
  stealRate: { thresholds: [0.05, 0.15] },
  slowPollRatio: { thresholds: [0.2, 0.4] },
  crossNodeShare: { thresholds: [0.1, 0.25] },
  stealEfficiency: { thresholds: [0.3, 0.3], fewer: true, hint: true },
  correlation: { thresholds: [0.02, 0.05], hint: true },
  imbalance: { thresholds: [0.3, 0.3], hint: true },
  /** Times as long as at 60 %. */
  degradation: { thresholds: [3, 3], hint: true },
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
function saidBy([low, high]: readonly [number, number], { thresholds: [least, most], fewer, hint }: Sign): Advice {
  const [quiet, loud] = fewer ? [low >= most, high < least] : [high < least, low > most];
  return quiet ? 'skip' : loud && !hint ? 'separate' : 'investigate';
}

export function signRow(sign: SignName, figure: SignFigure): DecisionRow {
  const { thresholds } = SIGNS[sign];
  const { title, value, interval, why } = figure;
  if (value === null) return { sign, title, value, interval: null, thresholds, says: null, why };
  return {
    sign,
    title,
    value,
    interval,
    thresholds,
    says: saidBy(interval ?? [value, value], SIGNS[sign]),
    why: null,
  };
}
