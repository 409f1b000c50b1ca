/** The streets between bodies, where lines run that no link carries. */

import { max, min } from 'd3-array';
import { bottomOf, rightOf } from './box.ts';
import type { BodyBox, Layout } from './types.ts';

/** px outside a body's edge. */
export const OUTSIDE = 8;

export const columnLeft = (layout: Layout, column: number): number | undefined =>
  min(
    layout.bodies.filter((body) => body.column === column),
    (body) => body.x,
  );
export const columnRight = (layout: Layout, column: number): number | undefined =>
  max(
    layout.bodies.filter((body) => body.column === column),
    rightOf,
  );

/** Where a line may run between two rows; below the last row, just outside. */
export function streetBelow(layout: Layout, row: number, where: 'middle' | 'upper'): number {
  const low =
    max(
      layout.bodies.filter((body) => body.row === row),
      bottomOf,
    ) ?? 0;
  const next = [
    ...layout.bodies.filter((body) => body.row === row + 1),
    ...layout.nodes.filter((node) => node.bare && layout.bodies[node.body]?.row === row + 1),
  ];
  const high = min(next, (box) => box.y);
  return high === undefined || where === 'upper' ? low + OUTSIDE : (low + high) / 2;
}

/** Middle of the street beside a body; outermost, just outside it. */
export function streetBeside(layout: Layout, body: BodyBox, side: 1 | -1): number {
  const own = side > 0 ? (columnRight(layout, body.column) ?? 0) : (columnLeft(layout, body.column) ?? 0);
  const next = side > 0 ? columnLeft(layout, body.column + 1) : columnRight(layout, body.column - 1);
  return next === undefined ? own + side * OUTSIDE : (own + next) / 2;
}
