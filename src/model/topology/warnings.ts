/** What the reading of a machine had to say, as people are shown it: warnings that differ in their numbers alone are one. */

import { plural } from '../text/format.ts';
import { clean } from '../text/clean.ts';

export interface WarningGroup {
  /** The first of them. */
  readonly words: string;
  /** The others like it, in their order; empty where it stands alone. */
  readonly alike: readonly string[];
}

/** Longer ones are cut (UTF-16 units): what a host names in one may be as long as it likes. */
const LONGEST = 2000;

/** "3", "0-17,36-53", "0x1f": the same thing said of other CPUs, nodes or packages. */
const NUMBERS = /\b(?:0x[\da-f]+|\d+(?:[-,]\d+)*)/gi;

/** Cleaned of what could hide or reorder them, each once, in the order in which they were first said. */
export function groupWarnings(warnings: readonly string[]): WarningGroup[] {
  const cleaned = warnings.map((words) => clean(words, LONGEST)).filter((words) => words !== '');
  const groups = new Map<string, string[]>();
  for (const words of new Set(cleaned)) {
    const key = words.replace(NUMBERS, '#');
    const group = groups.get(key);
    if (group) group.push(words);
    else groups.set(key, [words]);
  }
  return [...groups.values()].map(([words = '', ...alike]) => ({ words, alike }));
}

/** "2 warnings"; empty where there is none. */
export function warningCount(warnings: readonly string[]): string {
  const { length } = groupWarnings(warnings);
  return length === 0 ? '' : plural(length, 'warning');
}

/** One line a group: "… (and 6 more like it)". */
export const warningLine = ({ words, alike }: WarningGroup): string =>
  alike.length === 0 ? words : `${words} (and ${alike.length} more like it)`;
