/** The signs that a decision goes by, as a table for the terminal. */

import { SIGN_HEAD, signWords } from './sign-words.ts';
import type { DecisionRow } from './signs.ts';

/** Rows of one table: the first column on the left, and the last one where it is of words; the rest on the right. */
export function aligned(rows: readonly (readonly string[])[], words = false): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `    ${row.map((cell, at) => (at === 0 || (words && at === row.length - 1) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')}`.trimEnd(),
  );
}

export const signLines = (rows: readonly DecisionRow[]): string[] =>
  aligned(
    [
      ['', ...SIGN_HEAD.slice(1)],
      ...rows.map((row) => {
        const { title, value, interval, thresholds, says } = signWords(row);
        return [title, value, interval, thresholds, says];
      }),
    ],
    true,
  );
