/** Where bodies stand to each other: near ones share a column or face each other, far ones stand apart. */

import { max, min, sum } from 'd3-array';
import { nodeDistance } from './homes.ts';
import { nodesOf } from './tree.ts';
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

type Cost = (a: number, b: number) => number;

/** A pair of which nothing is known counts as farther than any other. */
const FARTHER = 1.5;

/** The same both ways, where firmware says two figures: their mean. */
export function costOf(count: number, distance: Distances): Cost {
  const own = Array.from({ length: count }, (_, i) => i);
  const between = (a: number, b: number): number | null => {
    const [there, back] = [distance(a, b), distance(b, a)];
    return there === null || back === null ? (there ?? back) : (there + back) / 2;
  };
  const table = own.map((a) => own.map((b) => between(a, b)));
  const most = max(table.flat(), (one) => one ?? 1) ?? 1;
  return (a, b) => table[a]?.[b] ?? most * FARTHER;
}

/** Takes the item of the least cost out of the list; the first of equals. */
function takeBest(items: number[], cost: (item: number) => number): number | undefined {
  const best = items.reduce((a, b) => (cost(b) < cost(a) ? b : a), items[0] ?? 0);
  return items.splice(items.indexOf(best), 1)[0];
}

/** Column by column: each starts with the first one left, and takes what is nearest to all in it. */
function clustered(count: number, rows: number, cost: Cost): number[] {
  const left = Array.from({ length: count }, (_, i) => i);
  const order: number[] = [];
  while (left.length > 0) {
    const column = left.splice(0, 1);
    while (column.length < rows && left.length > 0) {
      const next = takeBest(left, (b) => column.reduce((all, a) => all + cost(a, b), 0));
      if (next !== undefined) column.push(next);
    }
    order.push(...column);
  }
  return order;
}

/** A step down a column is shorter on the board than one to the next column. */
const DOWN = 0.6;

/** How near two places of the grid are, 1 at most; places are counted down the columns. */
function nearnessIn(rows: number): (a: number, b: number) => number {
  return (a, b) => {
    const across = Math.abs(Math.floor(a / rows) - Math.floor(b / rows));
    return 1 / (1 + across + DOWN * Math.abs((a % rows) - (b % rows)));
  };
}

/** Sum over all pairs of distance by nearness on the board: small where near nodes are drawn near. */
export function strain(order: readonly number[], rows: number, cost: Cost): number {
  const near = nearnessIn(rows);
  return sum(order, (a, i) => sum(order.slice(i + 1), (b, j) => cost(a, b) * near(i, i + 1 + j)));
}

/** Machines of more bodies keep the order that was found first. */
const MOST_TO_TRY = 32;
const EPSILON = 1e-9;

/** Swaps any two as long as that brings near ones nearer. */
function settled(start: readonly number[], rows: number, cost: Cost): number[] {
  const order = [...start];
  const near = nearnessIn(rows);
  const gain = (i: number, j: number): number => {
    const [a, b] = [order[i] ?? 0, order[j] ?? 0];
    return sum(order, (c, k) => (k === i || k === j ? 0 : (cost(a, c) - cost(b, c)) * (near(i, k) - near(j, k))));
  };
  let better = order.length <= MOST_TO_TRY;
  while (better) {
    better = false;
    for (let i = 0; i < order.length; i++) {
      for (let j = i + 1; j < order.length; j++) {
        if (gain(i, j) <= EPSILON) continue;
        [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
        better = true;
      }
    }
  }
  return order;
}

const columnsOf = (order: readonly number[], rows: number): number[][] =>
  Array.from({ length: Math.ceil(order.length / rows) }, (_, c) => order.slice(c * rows, (c + 1) * rows));

/** Of what looks the same in a mirror, the one that starts with the lowest number; a hole stays in the last corner. */
function upright(columns: number[][], rows: number): number[][] {
  if (columns.some((column) => column.length < rows)) return columns;
  const turned = (all: readonly number[][]): number[][] => all.map((column) => [...column].reverse());
  const ways = [columns, turned(columns), [...columns].reverse(), turned([...columns].reverse())];
  return ways.reduce((a, b) => ((b[0]?.[0] ?? 0) < (a[0]?.[0] ?? 0) ? b : a));
}

/** Columns of body indices, each of `rows` but the last: near ones near each other, in their own order where all are alike. */
export function arrange(count: number, rows: number, distance: Distances): number[][] {
  const cost = costOf(count, distance);
  const own = Array.from({ length: count }, (_, i) => i);
  const tried = [own, clustered(count, rows, cost)].map((start) => settled(start, rows, cost));
  const strains = tried.map((order) => strain(order, rows, cost));
  const best = (strains[1] ?? 0) < (strains[0] ?? 0) - EPSILON ? tried[1] : tried[0];
  return upright(columnsOf(best ?? own, rows), rows);
}
