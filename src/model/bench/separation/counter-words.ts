/** What is said against separating, in words: the same in a terminal and on a page. */

import { formatPercent } from '../../text/format.ts';
import type { CounterRow } from './counter.ts';

export const COUNTER_OF = 'Said against separating, held against mixed pools';
export const COUNTER_HEAD: readonly string[] = ['argument', 'figure', 'interval', ''];

const sign = (value: number): string => (value < 0 ? '\u2212' : value > 0 ? '+' : '');
const signed = (value: number): string => `${sign(value)}${formatPercent(Math.abs(value))}`;
const points = (value: number): string => `${sign(value)}${String(Math.round(Math.abs(value) * 100))} points`;

/** A change in percent, a difference of shares in points, a share in percent. */
const WORDS: Readonly<Record<CounterRow['argument'], (value: number) => string>> = {
  'idle-node': points,
  parallelism: signed,
  'hand-over': signed,
  balancing: points,
  batching: formatPercent,
  operations: formatPercent,
};

export function counterWords({ argument, title, value, interval, says }: CounterRow): string[] {
  const words = WORDS[argument];
  return [title, value === null ? '' : words(value), interval ? interval.map(words).join(' \u2026 ') : '', says];
}
