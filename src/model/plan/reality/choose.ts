/** Whom to look at closely for a plan, or for what may become one. */

import type { TableRow } from '../../doctor/facts/table.ts';
import type { Table } from '../../doctor/facts/table.ts';
import type { Placed } from '../place.ts';
import { catalogue } from './catalogue.ts';
import type { Listed } from './catalogue.ts';
import { matching, namesOf } from './match.ts';
import type { ToolNames } from './reality.ts';

const MOST_MACHINES = 128;
/** Groups of one block or container, and processes of one program. */
export const MOST_OF_ONE = 64;
const MOST_OTHERS = 64;
/** CPUs' worth from which on somebody is in the way of others. */
export const BUSY = 0.05;

export interface Choice {
  readonly pids: readonly number[];
  readonly passed: readonly number[];
}

/** One process for each control group: fences and memory are the group's. */
function perGroup(rows: readonly TableRow[]): TableRow[] {
  const found = new Map<string | null, TableRow>();
  for (const row of rows) if (!found.has(row.group)) found.set(row.group, row);
  return [...found.values()].slice(0, MOST_OF_ONE);
}

const busiest = (rows: readonly TableRow[]): TableRow[] => rows.toSorted((a, b) => b.busy - a.busy);

/** @param blocks of a plan; null: whatever could be one. */
export function choose(table: Table, names: ToolNames, blocks: readonly Placed[] | null): Choice {
  const { machines, others } = catalogue(table, names);
  const called = namesOf(blocks ?? []);
  const meant: Listed[] = blocks
    ? blocks.flatMap((placed) => matching(placed, called.get(placed) ?? [], others))
    : others.filter(({ kind }) => kind === 'container' || kind === 'unit');
  const walked = [
    ...machines.slice(0, MOST_MACHINES),
    ...meant.flatMap(({ kind, rows }) => (kind === 'program' ? busiest(rows).slice(0, MOST_OF_ONE) : [])),
  ];
  const passed = [
    ...meant.flatMap(({ kind, rows }) => (kind === 'program' ? [] : perGroup(rows))),
    ...busiest(table.rows)
      .filter(({ busy }) => busy >= BUSY)
      .slice(0, MOST_OTHERS),
  ];
  const pages = new Set(walked.map(({ pid }) => pid));
  const without = new Set(passed.map(({ pid }) => pid).filter((pid) => !pages.has(pid)));
  return { pids: [...pages, ...without], passed: [...without] };
}
