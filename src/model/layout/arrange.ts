/** Where bodies stand to each other: near ones share a column, far ones face each other over a wide gap. */

import { min, permute } from 'd3-array';
import { nodeDistance, nodesOf } from './tree.ts';
import type { BodyTree } from './tree-types.ts';

/** Distance by index of two bodies; null where the host says none. */
export type Distances = (a: number, b: number) => number | null;

/** Firmware distance of the nearest two nodes. */
export function bodyDistances(bodies: readonly BodyTree[]): Distances {
  const nodes = bodies.map(nodesOf);
  const table = nodes.map((own) =>
    nodes.map((others) => min(own.flatMap((a) => others.map((b) => nodeDistance(a, b) ?? Infinity))) ?? Infinity),
  );
  return (a, b) => {
    const distance = table[a]?.[b] ?? Infinity;
    return Number.isFinite(distance) ? distance : null;
  };
}

/** Gap between bodies without a distance: nothing stands in it. */
const NO_GAP = 24;

/** px between columns, by firmware distance. */
export function gapFor(distance: number | null): number {
  return distance === null ? NO_GAP : Math.max(88, Math.min(172, 40 + 7 * (distance - 10)));
}

/** px between rows of one column. */
export function rowGapFor(distance: number | null): number {
  return distance === null ? NO_GAP : Math.max(48, gapFor(distance) * 0.6);
}

const far = (distance: number | null): number => distance ?? 1e6;

/** Takes the item of the least cost out of the list; the first of equals. */
function takeBest(items: number[], cost: (item: number) => number): number | undefined {
  const best = items.reduce((a, b) => (cost(b) < cost(a) ? b : a), items[0] ?? 0);
  return items.splice(items.indexOf(best), 1)[0];
}

/** Groups of `rows` bodies: each starts with the first one left, and takes what is nearest to all in it. */
function cluster(count: number, rows: number, distance: Distances): number[][] {
  const left = Array.from({ length: count }, (_, i) => i);
  const columns: number[][] = [];
  while (left.length > 0) {
    const column = left.splice(0, 1);
    while (column.length < rows && left.length > 0) {
      const next = takeBest(left, (b) => column.reduce((sum, a) => sum + far(distance(a, b)), 0));
      if (next !== undefined) column.push(next);
    }
    columns.push(column);
  }
  return columns;
}

/** All orders up to this many rows are tried; beyond, the order found stays. */
const TRY_ORDERS = 4;

function orders(count: number): number[][] {
  if (count === 0) return [[]];
  return orders(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, at) => [...order.slice(0, at), count - 1, ...order.slice(at)]),
  );
}

/** The column in the order in which the pairs that face each other are nearest. */
function facing(column: readonly number[], neighbour: readonly number[], distance: Distances): number[] {
  if (column.length > TRY_ORDERS) return [...column];
  const cost = (order: readonly number[]): number =>
    order.reduce((sum, body, row) => {
      const other = neighbour[row];
      return sum + (other === undefined ? 0 : far(distance(body, other)));
    }, 0);
  const first = [...column];
  return orders(column.length)
    .map((order) => permute(column, order))
    .reduce((a, b) => (cost(b) < cost(a) ? b : a), first);
}

/** Columns of body indices, each of at most `rows`; nearest columns stand side by side. */
export function arrange(count: number, rows: number, distance: Distances): number[][] {
  const left = cluster(count, rows, distance);
  const columns = left.splice(0, 1);
  while (left.length > 0) {
    const last = columns.at(-1) ?? [];
    const spread = (column: readonly number[]): number =>
      column.reduce((sum, a) => sum + last.reduce((part, b) => part + far(distance(a, b)), 0), 0) / column.length;
    // An incomplete column ends the row: a hole belongs into the corner.
    const best = left.reduce((a, b) => {
      if (a.length !== b.length) return a.length > b.length ? a : b;
      return spread(b) < spread(a) ? b : a;
    });
    left.splice(left.indexOf(best), 1);
    columns.push(facing(best, last, distance));
  }
  return columns;
}
