/** Finds the grid the bodies stand in: how many rows, with what gaps, so that CPUs come out as large as they can. */

import { max, sum } from 'd3-array';
import { arrange } from './arrange.ts';
import type { Distances } from './arrange.ts';
import { memoryOnlyHeight, barsIn } from './memory-only.ts';
import { columnChoices, fitInto } from './fit.ts';
import type { Fit, Least, Size } from './fit.ts';
import { cellSizes } from './place.ts';
import { clearGaps, groupsOf, parted } from './groups.ts';
import { MARGIN, NODE_LOW, NODE_TALL, specOf } from './spec.ts';
import type { Spec } from './spec.ts';
import { stripHeight } from './strip.ts';
import type { MachineTree } from './tree-types.ts';

/** A chip with the figure hangs below a machine of one column. */
const FOOT = 60;
/** Threads narrower than this have no number on them: then gaps give way. */
const NUMBERED = 24;
/** Threads lower than this leave no room for a node's key line. */
const LOW_PU = 16;

/** One way to lay out the bodies: who stands where, and the room between and above them. */
export interface Grid {
  readonly columns: readonly (readonly number[])[];
  readonly rows: number;
  readonly gapsX: readonly number[];
  readonly gapsY: readonly number[];
  readonly foot: number;
}

export interface Attempt {
  readonly grid: Grid;
  /** px above each row for nodes without CPUs. */
  readonly above: readonly number[];
  /** What their bars may take in all. */
  readonly barsWidth: number;
  readonly spec: Spec;
  readonly fit: Fit;
}

function gridOf(tree: MachineTree, rows: number, distance: Distances): Grid {
  const columns = arrange(tree.bodies.length, rows, distance);
  const nearest = (pairs: readonly (readonly [number | undefined, number | undefined])[]): number | null => {
    const known = pairs.flatMap(([a, b]) => (a === undefined || b === undefined ? [] : [distance(a, b) ?? Infinity]));
    const least = Math.min(...known);
    return Number.isFinite(least) ? least : null;
  };
  const across = columns.slice(1).map((column, i) => nearest(column.map((b, row) => [columns[i]?.[row], b])));
  const down = Array.from({ length: rows - 1 }, (_, row) =>
    nearest(columns.map((column) => [column[row], column[row + 1]])),
  );
  const [gapsX, gapsY] = clearGaps(across, down);
  return {
    columns,
    rows,
    gapsX,
    gapsY,
    foot: columns.length === 1 ? FOOT : 0,
  };
}

function aboveRows(tree: MachineTree, grid: Grid, node: number, width: number): number[] {
  return Array.from({ length: grid.rows }, (_, row) => {
    const inRow = grid.columns.flatMap((column) => tree.bodies[column[row] ?? -1] ?? []);
    return max(inRow, (body) => memoryOnlyHeight(body, width, node)) ?? 0;
  });
}

/** Bars are as wide as the bodies, which are as wide as what is left beside the bars: settled by trying again. */
const TRIES = 4;

function attempt(tree: MachineTree, grid: Grid, size: Size, least: Least, spec: Spec): Attempt | null {
  const cell = (size.w - 2 * MARGIN - sum(grid.gapsX)) / grid.columns.length;
  const taken = 2 * MARGIN + grid.foot + sum(grid.gapsY) + stripHeight(tree.loose.length, size.w);
  let width = cell;
  for (let i = 0; i < TRIES; i++) {
    const above = aboveRows(tree, grid, spec.node, width);
    const fit = fitInto(spec, { w: cell, h: (size.h - taken - sum(above)) / grid.rows }, least);
    if (!fit) return null;
    const own = cellSizes(spec, fit)[0]?.w ?? cell;
    const barsWidth = barsIn(own);
    const needed = aboveRows(tree, grid, spec.node, barsWidth);
    if (sum(above) > 0 && barsWidth > cell) return null;
    if (sum(needed) <= sum(above)) return { grid, above: needed, barsWidth, spec, fit };
    width = barsWidth;
  }
  return null;
}

/** px wide a px high from which a board is too flat for two rows. */
const FLAT = 3;

/** Two and three bodies stand side by side where the board lets them; from four on, near ones share a column. */
function preference(bodies: number, rows: number, { w, h }: Size): number {
  if (bodies <= 3) return rows === 1 ? 6 : 0;
  return rows === 1 && w < FLAT * h ? -Infinity : 0;
}

interface Wanted {
  readonly size: Size;
  readonly least: Least;
  readonly cpus: number;
  /** Also grids in which no straight gap parts what is far from each other. */
  readonly mixed: boolean;
  /** px each node bar is higher by: what stands below it. */
  readonly belowNodes: number;
}

function sized(tree: MachineTree, grid: Grid, wanted: Wanted, dense: boolean): Attempt | null {
  const { size, least, cpus, belowNodes } = wanted;
  const tryWith = (node: number): Attempt | null =>
    attempt(tree, grid, size, least, specOf(tree.bodies, node + belowNodes, cpus, dense, size));
  const tall = tryWith(NODE_TALL);
  return least.named || (tall && tall.fit.pu.h >= LOW_PU) ? tall : tryWith(NODE_LOW);
}

function bestOf(tree: MachineTree, grids: readonly Grid[], wanted: Wanted, dense: boolean): Attempt | null {
  let best: Attempt | null = null;
  let most = -Infinity;
  for (const grid of grids) {
    const one = sized(tree, grid, wanted, dense);
    const score = one ? one.fit.score + preference(tree.bodies.length, grid.rows, wanted.size) : -Infinity;
    if (score > most) [best, most] = [one, score];
  }
  return best;
}

/** Null where no thread of the smallest size would fit. */
export function bestGrid(tree: MachineTree, distance: Distances, wanted: Wanted): Attempt | null {
  const groups = groupsOf(tree.bodies.length, distance);
  const grids = columnChoices(tree.bodies.length)
    .map((rows) => gridOf(tree, rows, distance))
    .filter((grid) => wanted.mixed || parted(grid.columns, groups));
  const usual = bestOf(tree, grids, wanted, false);
  if (!usual) return bestOf(tree, grids, wanted, true);
  if (wanted.least.named || usual.fit.pu.w >= NUMBERED) return usual;
  return bestOf(tree, [usual.grid], wanted, true) ?? usual;
}
