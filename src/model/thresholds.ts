/** Limits that something is judged by, as a table with the reason for each value; a person may set any of them (`--threshold NAME=VALUE`, a setting). */

import { PinboardError } from './problem.ts';

export interface Threshold {
  readonly value: number;
  readonly unit: string;
  readonly reason: string;
}

/**
 * @param whose who goes by them, as in "The doctor".
 * @throws PinboardError `usage` for a name that is none, or a value that is no number of at least 0.
 */
export function thresholdsWith<N extends string>(
  table: Readonly<Record<N, Threshold>>,
  whose: string,
  changed: Readonly<Record<string, number>>,
): Readonly<Record<N, number>> {
  const names = Object.keys(table) as N[];
  for (const [name, value] of Object.entries(changed)) {
    if (!Object.hasOwn(table, name))
      throw new PinboardError(
        'usage',
        `${whose} has no threshold named "${name}".`,
        `Thresholds are: ${names.join(', ')}.`,
      );
    if (!Number.isFinite(value) || value < 0)
      throw new PinboardError('usage', `The threshold ${name} takes a number of at least 0.`);
  }
  const preset = Object.fromEntries(names.map((name) => [name, table[name].value])) as Record<N, number>;
  return { ...preset, ...changed };
}

/** For the end of a command's help. */
export const thresholdLines = (table: Readonly<Record<string, Threshold>>): string =>
  Object.entries(table)
    .map(([name, { value, unit, reason }]) => `  ${name}=${String(value)}  (${unit}) ${reason}`)
    .join('\n');

/** As options of a command line. */
export const thresholdWords = (changed: Readonly<Record<string, number>> = {}): string[] =>
  Object.entries(changed).flatMap(([name, value]) => ['--threshold', `${name}=${String(value)}`]);
