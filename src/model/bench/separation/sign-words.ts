/** The signs that a decision goes by in words: the same in a terminal, on a board and on a page. */

import { formatChange, formatFigure, formatPercent } from '../../text/format.ts';
import type { DecisionRow } from './signs.ts';

export interface SignWords {
  readonly title: string;
  readonly value: string;
  readonly interval: string;
  readonly thresholds: string;
  /** What it speaks for, or why it has no value. */
  readonly says: string;
}

export const SIGN_HEAD: readonly string[] = ['sign', 'value', '95 % interval', 'thresholds', 'says'];

export function signWords({ title, value, interval, thresholds, says, why, sign }: DecisionRow): SignWords {
  // Several tasks at once may be got by one steal.
  const times =
    sign === 'degradation' || sign === 'poolSteals' || (sign === 'stealEfficiency' && value !== null && value > 1);
  const words = (one: number): string =>
    times ? `${formatFigure(one)} ×` : sign === 'correlation' ? formatFigure(one) : formatPercent(one);
  const told = sign === 'crossNodeCost' ? formatChange : words;
  const [low = '', high = ''] = thresholds.map(words);
  const unjudged = value !== null && says === null;
  return {
    title,
    value: value === null ? 'unavailable' : told(value),
    interval: interval ? interval.map(told).join(' … ') : '',
    thresholds: unjudged ? '' : low === high ? low : `${low} / ${high}`,
    says: says ?? why ?? '',
  };
}
