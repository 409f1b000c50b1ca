/** What the signs are called; apart from what they say, which a schema does not need. */

export const SIGN_NAMES = [
  'stealRate',
  'slowPollRatio',
  'crossNodeShare',
  'stealEfficiency',
  'correlation',
  'imbalance',
  'crossNodePages',
  'crossNodeCost',
  'degradation',
  'poolSteals',
] as const;
export type SignName = (typeof SIGN_NAMES)[number];
