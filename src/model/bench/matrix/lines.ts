/** A matrix for the terminal. */

import type { Result } from '../../run/run.ts';
import { classWords, measuredWords } from './result.ts';

/** The classes of a matrix, a line each: name, median, interval, pairs measured. */
export function classLines(result: Result): string[] {
  const rows = classWords(result);
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  const { placement } = result;
  const simulated =
    placement.kind === 'matrix' && placement.simulated !== null ? `, simulated from ${placement.simulated}` : '';
  return [
    `  ${measuredWords(result)}${simulated}`,
    ...rows.map(
      ({ name, median, interval, pairs }) =>
        `  ${name.padEnd(width)}  ${median.padStart(14)}  95 % ${interval}, ${pairs} pairs measured`,
    ),
  ];
}
