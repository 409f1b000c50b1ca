/**
 * What may make one pair of a class costlier than another, as columns of 0 and 1: which parts its ends lie in (a side),
 * and which two parts it joins (a block). Only what varies within the class is kept.
 */

import type { Pair } from '../../../cases/matrix.ts';
import { PARTS, RUNS } from './sites.ts';
import type { Part, Site } from './sites.ts';

/** `core`: one column a core. `parts`: sides and blocks of everything larger that the topology names. Else: of runs. */
export type Level = 'parts' | 'core' | 'half' | 'third' | 'quarter' | 'eighth';

export interface Design {
  readonly level: readonly Level[];
  /** Columns of each pair, by its place in the class. */
  readonly rows: readonly (readonly number[])[];
}

const RUN_PARTS = RUNS.map(([part]) => part as 'half' | 'third' | 'quarter' | 'eighth');
const NAMED = PARTS.filter((part) => part !== 'core' && !RUNS.some(([run]) => run === part));

/** The two parts a pair joins, the smaller number first unless order counts. */
export function blockOf(one: Site, two: Site, part: Part, ordered: boolean): string {
  const [a, b] = [one[part], two[part]];
  return ordered || a <= b ? `${String(a)}-${String(b)}` : `${String(b)}-${String(a)}`;
}

/** @param ordered the first CPU's node holds the line: then a part costs other on this side than on that. */
export function designOf(pairs: readonly Pair[], sites: ReadonlyMap<number, Site>, ordered: boolean): Design {
  const level: Level[] = [];
  const rows: number[][] = pairs.map(() => []);
  const known = new Set<string>();
  const add = (of: Level, keys: readonly (readonly string[])[]): void => {
    const numbers = new Map<string, number>();
    const numbered = keys.map((own) =>
      own.map((key) => numbers.get(key) ?? (numbers.set(key, numbers.size), numbers.size - 1)),
    );
    // A term that is the same everywhere, or the same as one before it, explains nothing.
    const shape = numbered.map((own) => own.join()).join(';');
    if (numbers.size < 2 || known.has(shape)) return;
    known.add(shape);
    const first = level.length;
    for (let i = 0; i < numbers.size; i++) level.push(of);
    numbered.forEach((own, at) => rows[at]?.push(...new Set(own.map((number) => first + number))));
  };
  const ends = pairs.map(([a, b]) => [sites.get(a), sites.get(b)] as const);
  const each = (of: (one: Site, two: Site) => string[]): string[][] =>
    ends.map(([one, two]) => (one && two ? of(one, two) : []));
  const side = (part: Part) => (one: Site, two: Site) =>
    ordered ? [`from ${String(one[part])}`, `to ${String(two[part])}`] : [String(one[part]), String(two[part])];
  // First: where each core has an L2 of its own, the columns are the core's.
  add('core', each(side('core')));
  for (const part of NAMED) {
    add(
      'parts',
      each((one, two) => [blockOf(one, two, part, ordered)]),
    );
    add('parts', each(side(part)));
  }
  for (const part of RUN_PARTS) {
    add(
      part,
      each((one, two) => [String(one[part] === two[part])]),
    );
    add(
      part,
      each((one, two) => [blockOf(one, two, part, ordered)]),
    );
  }
  return { level, rows };
}
