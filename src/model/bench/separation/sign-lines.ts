/** The signs that a decision goes by, as a table for the terminal. */

import { SIGN_HEAD, signWords } from './sign-words.ts';
import type { DecisionRow } from './signs.ts';

/** Rows of one table: the first column on the left, the rest on the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `    ${row.map((words, at) => (at === 0 ? words.padEnd(widths[0] ?? 0) : words.padStart(widths[at] ?? 0))).join('  ')}`.trimEnd(),
  );
}

export const signLines = (rows: readonly DecisionRow[]): string[] =>
  aligned([
    ['', ...SIGN_HEAD.slice(1)],
    ...rows.map((row) => {
      const { title, value, interval, thresholds, says } = signWords(row);
      return [title, value, interval, thresholds, says];
    }),
  ]);
