/**
 * Figures that the agent sums up on the host (native/src/readers.h): rows by name, cells by the id of a CPU or node. They come as
 * differences; here they are put together again. What is read before stays as it is, so that two readings can be compared.
 */

import { MAX_ID } from '../text/cpulist.ts';

export type Table = ReadonlyMap<string, ReadonlyMap<number, number>>;
/** Why there is none. */
export interface NoTable {
  readonly unavailable: string;
}

export const isTable = (table: Table | NoTable | undefined): table is Table => table instanceof Map;

/** Above any reader's; what comes from a host is bounded. */
const MAX_ROWS = 4096;
const MAX_NAME = 64;
const MAX_CELLS = 1_000_000;

/** Numbers are in base 36, but for how many ids stay as they are. */
const WORD = /^(?:=(-?[\da-z]{1,11})|(-?[\da-z]{1,11})|~(\d{1,5})|(!))$/;
const BASE = 36;

/** The row after its changes: "=a" is 10, "3" is 3 more, "~7" leaves 7 ids as they are, "!" is no longer there. Null: not so written. */
function changedRow(row: ReadonlyMap<number, number>, words: string): ReadonlyMap<number, number> | null {
  const cells = new Map(row);
  let id = 0;
  for (const word of words.split(' ', MAX_ID + 2)) {
    const [, set, add, skip, gone] = WORD.exec(word) ?? [];
    if (skip !== undefined) {
      id += Number(skip);
      continue;
    }
    const before = cells.get(id);
    const change = parseInt(set ?? add ?? '', BASE);
    const value = set === undefined ? (before ?? NaN) + change : change;
    if (gone !== undefined && before !== undefined) cells.delete(id);
    else if (Number.isSafeInteger(value)) cells.set(id, value);
    else return null;
    if (id++ > MAX_ID) return null;
  }
  return cells;
}

/** Null where the changes do not fit what is there. */
export function changedTable(table: Table, changes: Readonly<Record<string, string>>): Table | null {
  const rows = new Map(table);
  for (const [name, words] of Object.entries(changes)) {
    const row = changedRow(rows.get(name) ?? new Map<number, number>(), words);
    if (!row || name.length > MAX_NAME) return null;
    rows.set(name, row);
  }
  let cells = 0;
  for (const row of rows.values()) cells += row.size;
  return rows.size > MAX_ROWS || cells > MAX_CELLS ? null : rows;
}
