/** The signs that a decision goes by, as a table for the terminal. */

import { formatFigure, formatPercent } from '../../text/format.ts';
import type { DecisionRow } from './signs.ts';

/** Rows of one table: the first column on the left, the rest on the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `    ${row.map((words, at) => (at === 0 ? words.padEnd(widths[0] ?? 0) : words.padStart(widths[at] ?? 0))).join('  ')}`.trimEnd(),
  );
}

function signWords({ title, value, interval, thresholds, says, why, sign }: DecisionRow): string[] {
  const words = (one: number): string =>
    sign === 'degradation' ? `${formatFigure(one)} ×` : sign === 'correlation' ? formatFigure(one) : formatPercent(one);
  const [low, high] = thresholds.map(words);
  const at = low === high ? (low ?? '') : `${low ?? ''} / ${high ?? ''}`;
  return [
    title,
    value === null ? 'unavailable' : words(value),
    interval ? interval.map(words).join(' … ') : '',
    at,
    says ?? why ?? '',
  ];
}

export const signLines = (rows: readonly DecisionRow[]): string[] =>
  aligned([['', 'value', '95 % interval', 'thresholds', 'says'], ...rows.map(signWords)]);
