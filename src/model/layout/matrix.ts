/** A free corner for the table of distances, on machines of more than two nodes. */

import { max, min } from 'd3-array';
import { bottomOf, overlaps, rightOf } from './box.ts';
import type { Box } from './box.ts';
import type { Size } from './fit.ts';
import type { Boxes } from './place.ts';
import { MARGIN, PAD } from './spec.ts';

export const MATRIX_CELL: Size = { w: 26, h: 18 };
/** Title and column numbers above, row numbers left. */
export const MATRIX_HEAD: Size = { w: 20, h: 30 };
/** A larger table is for the table view. */
const MOST_NODES = 16;

export function matrixSize(nodes: number): Size {
  const w = MATRIX_HEAD.w + nodes * MATRIX_CELL.w;
  return { w: Math.max(w, 132), h: MATRIX_HEAD.h + nodes * MATRIX_CELL.h };
}

/** Above a body that has no bare nodes, in a hole of the grid, or beside the machine. */
export function matrixCorner(
  nodes: number,
  size: Size,
  boxes: Boxes,
  rooms: readonly Box[],
  strip: Box | null,
): Box | null {
  if (nodes <= 2 || nodes > MOST_NODES) return null;
  const own = matrixSize(nodes);
  const taken: Box[] = [...boxes.bodies, ...boxes.nodes, ...rooms, ...(strip ? [strip] : [])];
  // The gaps between bodies hold links and their words: bodies count as one block a row.
  const rows = new Set(boxes.bodies.map((body) => body.row));
  for (const row of rows) {
    const inRow = boxes.bodies.filter((body) => body.row === row);
    const [x, y] = [min(inRow, (body) => body.x) ?? 0, min(inRow, (body) => body.y) ?? 0];
    taken.push({ x, y, w: (max(inRow, rightOf) ?? 0) - x, h: (max(inRow, bottomOf) ?? 0) - y });
  }
  const left = min(boxes.bodies, (body) => body.x) ?? MARGIN;
  const right = max(boxes.bodies, rightOf) ?? size.w;
  const low = max(boxes.bodies, bottomOf) ?? size.h;
  const high = min(taken, (box) => box.y) ?? MARGIN;
  const corners = [
    ...boxes.bodies.filter((body) => body.row === 0).map((body) => [body.x + PAD, high] as const),
    ...boxes.bodies.map((body) => [body.x + PAD, bottomOf(body) + PAD * 4] as const),
    [size.w - MARGIN - own.w, high] as const,
    [right + PAD, low - own.h] as const,
    [left + PAD, low + PAD] as const,
    [MARGIN, low - own.h] as const,
    [left + PAD, high - PAD - own.h] as const,
  ];
  const fits = (box: Box): boolean =>
    box.x >= MARGIN / 2 &&
    box.y >= MARGIN / 2 &&
    rightOf(box) <= size.w - MARGIN / 2 &&
    bottomOf(box) <= size.h - MARGIN / 2 &&
    !taken.some((other) => overlaps({ x: box.x - 8, y: box.y - 8, w: box.w + 16, h: box.h + 16 }, other));
  return corners.map(([x, y]) => ({ x, y, ...own })).find(fits) ?? null;
}
