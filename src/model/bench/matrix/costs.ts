/**
 * A matrix as a board holds it: which class each pair of CPUs is in, row by row, in as few numbers as runs of equals take.
 * The run itself names every pair (two megabytes at 512 CPUs), and is kept where files are.
 */

import { parseCpuList } from '../../text/cpulist.ts';
import type { Run } from '../../run/run.ts';
import { median } from '../../run/statistics.ts';
import { indexTopology } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import type { PairClass } from '../../cases/matrix.ts';
import { cellsOf, NONE } from './cells.ts';
import type { Cells } from './cells.ts';

/** What is known of a class of pairs, without the pairs. */
export interface CostClass extends Pick<PairClass, 'name' | 'median' | 'interval' | 'measuredPairs'> {
  readonly pairs: number;
}

export interface CostTable {
  /** Id of the run it is of. */
  readonly run: string;
  /** "ns" one way, or "items/s". */
  readonly metric: string;
  readonly emulated: boolean;
  /** Name of the file whose figures stood in for a clock, or null. */
  readonly simulated: string | null;
  /** CPUs in ascending order: the rows and columns. */
  readonly cpus: readonly number[];
  /** The cheapest first. */
  readonly classes: readonly CostClass[];
  /** For each CPU, as the one on whose node the line lies: class, how many CPUs, class, how many …; -1: no figure. */
  readonly rows: readonly (readonly number[])[];
  /** For each of them the columns that were measured: the first, how many, the first, how many …; the others are inferred. */
  readonly measured: readonly (readonly number[])[];
}

/** Where its figures come from, in words: "measured", "measured, emulated", "simulated from epyc.csv". */
export function originWords({ emulated, simulated }: CostTable): string {
  if (simulated !== null) return `simulated from ${simulated}`;
  return emulated ? 'measured, emulated' : 'measured';
}

/** @returns null where the run is no matrix, or nothing of it was measured. */
export function costTable({ id, results }: Run): CostTable | null {
  const found = results.find(({ placement, classes }) => placement.kind === 'matrix' && classes !== undefined);
  if (found?.placement.kind !== 'matrix') return null;
  const classes = found.classes ?? [];
  if (classes.every((own) => own.median === null)) return null;
  const cpus = parseCpuList(found.placement.cpus);
  const cells = cellsOf(classes, cpus);
  const own = (row: number): readonly [number, number] => [row * cells.size, (row + 1) * cells.size];
  return {
    run: id,
    metric: found.metric,
    emulated: found.emulated,
    simulated: found.placement.simulated,
    cpus,
    classes: classes.map(({ name, pairs, median: middle, interval, measuredPairs }) => ({
      name,
      pairs: pairs.length,
      median: middle,
      interval,
      measuredPairs,
    })),
    rows: cpus.map((_, row) => packed(cells.classes.subarray(...own(row)))),
    measured: cpus.map((_, row) => ranges(cells.measured.subarray(...own(row)))),
  };
}

function packed(row: Int16Array): number[] {
  const runs: number[] = [];
  for (const value of row) {
    const last = runs.length - 2;
    if (last >= 0 && runs[last] === value) runs[last + 1] = (runs[last + 1] ?? 0) + 1;
    else runs.push(value, 1);
  }
  return runs;
}

/** Where a row is 1. */
function ranges(row: Uint8Array): number[] {
  const found: number[] = [];
  row.forEach((value, column) => {
    if (value !== 1) return;
    if (column > 0 && row[column - 1] === 1) found.push((found.pop() ?? 0) + 1);
    else found.push(column, 1);
  });
  return found;
}

const unfolded = new WeakMap<CostTable, Pick<Cells, 'classes' | 'measured'>>();

/** Every cell of it. Made once a table. */
export function unfold(table: CostTable): Pick<Cells, 'classes' | 'measured'> {
  const known = unfolded.get(table);
  if (known) return known;
  const size = table.cpus.length;
  const cells = { classes: new Int16Array(size * size).fill(NONE), measured: new Uint8Array(size * size) };
  table.rows.forEach((runs, row) => {
    let at = row * size;
    for (let i = 0; i + 1 < runs.length; i += 2) {
      const [value = NONE, count = 0] = runs.slice(i, i + 2);
      cells.classes.fill(value, at, (at += count));
    }
  });
  table.measured.forEach((own, row) => {
    for (let i = 0; i + 1 < own.length; i += 2) {
      const from = row * size + (own[i] ?? 0);
      cells.measured.fill(1, from, from + (own[i + 1] ?? 0));
    }
  });
  unfolded.set(table, cells);
  return cells;
}

function unpacked(table: CostTable, from: number): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const runs = table.rows[table.cpus.indexOf(from)] ?? [];
  let column = 0;
  for (let at = 0; at + 1 < runs.length; at += 2) {
    const [value = NONE, count = 0] = runs.slice(at, at + 2);
    for (const cpu of table.cpus.slice(column, column + count)) if (value !== NONE) found.set(cpu, value);
    column += count;
  }
  return found;
}

const rows = new WeakMap<CostTable, Map<number, ReadonlyMap<number, number>>>();

/** Class of each CPU as the other end of a line on the node of `from`; empty where it was not measured. */
export function classesFrom(table: CostTable, from: number): ReadonlyMap<number, number> {
  const known = rows.get(table) ?? new Map<number, ReadonlyMap<number, number>>();
  rows.set(table, known);
  const row = known.get(from) ?? unpacked(table, from);
  known.set(from, row);
  return row;
}

/** Class of each CPU as the one on whose node the line lies, with `to` as the other end. */
export function classesTo(table: CostTable, to: number): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const from of table.cpus) {
    const at = classesFrom(table, from).get(to);
    if (at !== undefined) found.set(from, at);
  }
  return found;
}

/** Median of what the pairs between two groups of CPUs cost, by their classes; null where none was measured. */
function costBetween(table: CostTable, from: readonly number[], to: readonly number[]): number | null {
  const figures = from.flatMap((cpu) => {
    const row = classesFrom(table, cpu);
    return to.flatMap((other) => table.classes[row.get(other) ?? NONE]?.median ?? []);
  });
  return figures.length === 0 ? null : median(figures);
}

/** Between the CPUs of two nodes. With 2,048 CPUs a million pairs: some of each node speak for it. */
export function costBetweenNodes(table: CostTable, topology: Topology, from: number, to: number): number | null {
  const { cpusOfNode } = indexTopology(topology);
  const some = (node: number): number[] => {
    const all = cpusOfNode.get(node) ?? [];
    const step = Math.ceil(all.length / SOME);
    return all.filter((_, at) => at % step === 0);
  };
  return costBetween(table, some(from), some(to));
}

const SOME = 16;

/** From a CPU to the others below its last-level cache, those of its own core left out; null where none was measured. */
export function costWithinCache(
  table: CostTable,
  topology: Topology,
  cpu: number,
): { readonly level: number; readonly ns: number } | null {
  const { places } = indexTopology(topology);
  const own = places.get(cpu);
  const level = Math.max(...(own?.caches.keys() ?? []));
  const cache = own?.caches.get(level);
  if (!cache) return null;
  const others = parseCpuList(cache.cpus).filter((other) => places.get(other)?.core !== own?.core);
  const ns = costBetween(table, [cpu], others);
  return ns === null ? null : { level, ns };
}
