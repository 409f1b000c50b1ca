/**
 * A matrix as it is looked at: node by node first, where there are too many pairs to see, then CPU by CPU. Rows and columns stand in
 * the order of the topology; a row is the CPU (or node) on which the line lies.
 */

import type { Part } from '../../placement/placement.ts';
import { listed, formatCount, formatMetric, plural } from '../../text/format.ts';
import { logicalOf } from '../../topology/logical.ts';
import type { CpuNumbers } from '../../topology/numbering.ts';
import { indexTopology, nodeOf } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import { NONE } from './cells.ts';
import { unfold } from './costs.ts';
import type { CostTable } from './costs.ts';

export interface Head {
  /** As short as it stands beside the cells. */
  readonly short: string;
  /** In a sentence. */
  readonly name: string;
  /** What it is on the machine; null for CPUs of no node together. */
  readonly part: Part | null;
  /** What begins with it: a node, or a last-level cache. Null: nothing. */
  readonly begins: 'node' | 'cache' | null;
}

export interface SheetCell {
  /** Place in the classes of the table; -1: no figure. */
  readonly class: number;
  readonly figure: number | null;
  /** Whether what stands here was measured; of several pairs, whether any was. */
  readonly measured: boolean;
}

export interface Sheet {
  readonly level: 'nodes' | 'cpus';
  readonly rows: readonly Head[];
  readonly columns: readonly Head[];
  cell(row: number, column: number): SheetCell;
  /** "CPU 3 to CPU 17: 112 ns, class other socket, inferred". */
  words(row: number, column: number): string;
}

/** CPUs of a node (null: of none), in the order of the topology. */
export interface Group {
  readonly node: number | null;
  readonly cpus: readonly number[];
}

/** Of the CPUs that the table is of; those that have no node come last. */
export function groupsOf(topology: Topology, { cpus }: Pick<CostTable, 'cpus'>): Group[] {
  const order = logicalOf(topology).cpus;
  const groups = new Map<number | null, number[]>();
  for (const cpu of [...cpus].sort((a, b) => (order.get(a) ?? a) - (order.get(b) ?? b))) {
    const node = nodeOf(topology, cpu)?.id ?? null;
    groups.set(node, [...(groups.get(node) ?? []), cpu]);
  }
  const found = [...groups].map(([node, own]): Group => ({ node, cpus: own }));
  return [...found.filter(({ node }) => node !== null), ...found.filter(({ node }) => node === null)];
}

const UNKNOWN: SheetCell = { class: NONE, figure: null, measured: false };

const className = (table: CostTable, at: number): string => `class ${table.classes[at]?.name ?? ''}`;

/** A cell of node by node: how many of its pairs are in each class, and how many were measured. */
export interface Between {
  readonly pairs: number;
  readonly measured: number;
  readonly classes: ReadonlyMap<number, number>;
}

/** What lies between two groups, each pair counted once. */
export function between(table: CostTable, from: Group, to: Group): Between {
  const { classes: all, measured: known } = unfold(table);
  const size = table.cpus.length;
  const places = new Map(table.cpus.map((cpu, at) => [cpu, at]));
  const columns = to.cpus.map((cpu) => places.get(cpu) ?? 0);
  const classes = new Map<number, number>();
  const same = from === to;
  let [pairs, measured] = [0, 0];
  for (const [at, cpu] of from.cpus.entries()) {
    const row = (places.get(cpu) ?? 0) * size;
    for (const column of same ? columns.slice(at + 1) : columns) {
      const own = all[row + column] ?? NONE;
      pairs++;
      if (own === NONE) continue;
      classes.set(own, (classes.get(own) ?? 0) + 1);
      measured += known[row + column] ?? 0;
    }
  }
  return { pairs, measured, classes };
}

/** The class that the middle one of the pairs is in; -1 where there is none. Classes are in the order of their cost. */
function middleClass({ classes }: Between): number {
  const ordered = [...classes].sort(([a], [b]) => a - b);
  const half = ordered.reduce((sum, [, count]) => sum + count, 0) / 2;
  let sum = 0;
  return ordered.find(([, count]) => (sum += count) >= half)?.[0] ?? NONE;
}

const nodeName = (node: number | null): string => (node === null ? 'CPUs of no node' : `node ${node}`);

export function nodeSheet(table: CostTable, groups: readonly Group[]): Sheet {
  const all = groups.map((from) => groups.map((to) => between(table, from, to)));
  const heads = groups.map(({ node }): Head => ({
    short: node === null ? 'none' : String(node),
    name: nodeName(node),
    part: node === null ? null : { kind: 'node', id: node },
    begins: null,
  }));
  const cell = (row: number, column: number): SheetCell => {
    const found = all[row]?.[column];
    if (!found) return UNKNOWN;
    const own = middleClass(found);
    return { class: own, figure: table.classes[own]?.median ?? null, measured: found.measured > 0 };
  };
  return {
    level: 'nodes',
    rows: heads,
    columns: heads,
    cell,
    words(row, column) {
      const found = all[row]?.[column];
      const where = row === column ? `within ${heads[row]?.name}` : `${heads[row]?.name} to ${heads[column]?.name}`;
      if (!found || found.pairs === 0) return `${where}: one CPU, no pair`;
      const { figure, class: own } = cell(row, column);
      if (figure === null) return `${where}: ${plural(found.pairs, 'pair')}, none measured or inferred`;
      const [first, ...others] = [...found.classes].sort(([, a], [, b]) => b - a);
      const names =
        others.length === 0
          ? className(table, own)
          : `classes ${listed([first, ...others].flatMap((one) => (one ? [`${table.classes[one[0]]?.name ?? ''} (${formatCount(one[1])})`] : [])))}`;
      const evidence =
        found.measured === 0
          ? 'all inferred'
          : found.measured === found.pairs
            ? 'all measured'
            : `${formatCount(found.measured)} measured, the others inferred`;
      return `${where}: ${formatMetric(figure, table.metric)} is the middle one of ${plural(found.pairs, 'pair')}, ${names}, ${evidence}`;
    },
  };
}

export interface CpusAsked {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** Row by row; null while they are not known yet: a cell then shows what its class costs. */
  readonly figures: readonly (readonly (number | null)[])[] | null;
  readonly numbers: CpuNumbers;
}

export function cpuSheet(topology: Topology, table: CostTable, asked: CpusAsked): Sheet {
  const { figures, numbers } = asked;
  const { places } = indexTopology(topology);
  const { classes, measured } = unfold(table);
  const at = new Map(table.cpus.map((cpu, place) => [cpu, place]));
  const headsOf = (cpus: readonly number[]): Head[] =>
    cpus.map((cpu, i) => {
      const { long } = numbers.name(cpu);
      const [own, before] = [places.get(cpu), places.get(cpus[i - 1] ?? -1)];
      const last = Math.max(...(own?.caches.keys() ?? []));
      const begins =
        i > 0 && own?.node !== before?.node
          ? 'node'
          : i > 0 && own?.caches.get(last) !== before?.caches.get(last)
            ? 'cache'
            : null;
      return {
        short: long,
        name: numbers.prefix === 'P#' ? `CPU ${cpu}` : `CPU ${long}`,
        part: { kind: 'cpu', id: cpu },
        begins,
      };
    });
  const [rows, columns] = [headsOf(asked.rows), headsOf(asked.columns)];
  const cell = (row: number, column: number): SheetCell => {
    const [from, to] = [at.get(asked.rows[row] ?? -1), at.get(asked.columns[column] ?? -1)];
    if (from === undefined || to === undefined) return UNKNOWN;
    const place = from * table.cpus.length + to;
    const own = classes[place] ?? NONE;
    if (own === NONE) return UNKNOWN;
    return { class: own, figure: figures?.[row]?.[column] ?? null, measured: measured[place] === 1 };
  };
  return {
    level: 'cpus',
    rows,
    columns,
    cell,
    words(row, column) {
      const where = `${rows[row]?.name} to ${columns[column]?.name}`;
      if (asked.rows[row] === asked.columns[column]) return `${rows[row]?.name}: no pair with itself`;
      const { figure, class: own, measured: known } = cell(row, column);
      if (own === NONE) return `${where}: neither measured nor inferred`;
      const median = table.classes[own]?.median ?? null;
      const words =
        figure !== null
          ? `${formatMetric(figure, table.metric)}, ${className(table, own)}`
          : `${className(table, own)}${median === null ? '' : `, whose median is ${formatMetric(median, table.metric)}`}`;
      return `${where}: ${words}, ${known ? 'measured' : 'inferred'}`;
    },
  };
}

/** One step of colour a class, the cheapest first; more classes than steps share them in order. */
export function classSteps(count: number): number[] {
  const quiet = [1, 2, 4];
  return Array.from({ length: count }, (_, at) =>
    count <= quiet.length ? (quiet[at] ?? STEPS) : count <= STEPS ? at + 1 : 1 + Math.floor((at * STEPS) / count),
  );
}

const STEPS = 6;
