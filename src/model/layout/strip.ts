/** Offline CPUs of which nobody knows the place: a strip along the lower edge of the board. */

import type { Box } from './box.ts';
import type { Size } from './fit.ts';
import type { Boxes } from './place.ts';
import { MARGIN } from './spec.ts';

const GAP = 2;
const LABEL = 14;
/** Few are drawn to be read, many to be complete. */
const cellOf = (count: number): Size => (count <= 64 ? { w: 44, h: 18 } : { w: 14, h: 10 });

const columnsIn = (count: number, width: number): number =>
  Math.max(1, Math.min(count, Math.floor((width - 2 * MARGIN) / (cellOf(count).w + GAP))));

/** Room (px) it takes below the machine. */
export function stripHeight(count: number, width: number): number {
  if (count === 0) return 0;
  return MARGIN + LABEL + Math.ceil(count / columnsIn(count, width)) * (cellOf(count).h + GAP);
}

export function placeStrip(loose: readonly number[], size: Size, boxes: Boxes): Box | null {
  if (loose.length === 0) return null;
  const cell = cellOf(loose.length);
  const columns = columnsIn(loose.length, size.w);
  const h = stripHeight(loose.length, size.w) - MARGIN;
  const box = { x: MARGIN, y: size.h - MARGIN - h, w: columns * (cell.w + GAP) - GAP, h };
  loose.forEach((cpu, i) => {
    const x = box.x + (i % columns) * (cell.w + GAP);
    const y = box.y + LABEL + Math.floor(i / columns) * (cell.h + GAP);
    boxes.pus.push({
      x,
      y,
      ...cell,
      cpu,
      body: -1,
      section: -1,
      core: -1,
      gutterX: x + cell.w,
      gutterY: y + cell.h,
      stacked: false,
    });
  });
  return box;
}
