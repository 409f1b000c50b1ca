/**
 * Nodes without CPUs and memory (a four-chip Grace Hopper has 28 of 36): one chip along the lower edge of the board, which opens to a
 * row of bars. Folded away they have their boxes in the chip: everything on the machine can be found.
 */

import { formatCpuList } from '../text/cpulist.ts';
import { formatRange, plural } from '../text/format.ts';
import type { NumaNode } from '../topology/topology.ts';
import type { Size } from './fit.ts';
import { textWidth } from './label.ts';
import type { Boxes } from './place.ts';
import { MARGIN } from './spec.ts';
import type { FoldBox } from './types.ts';

const CHIP = 20;
const BAR: Size = { w: 64, h: 22 };
const GAP = 6;
/** Around the words on the chip, the arrow included. */
const PADDING = 26;

/** "28 empty nodes: 2–8, 10–16". */
export const foldWords = (ids: readonly number[]): string =>
  `${plural(ids.length, 'empty node')}: ${formatRange(formatCpuList(ids))}`;

const columnsIn = (count: number, width: number): number =>
  Math.max(1, Math.min(count, Math.floor((width - 2 * MARGIN + GAP) / (BAR.w + GAP))));

/** Room (px) it takes below the machine. */
export function foldHeight(count: number, width: number, open: boolean): number {
  if (count === 0) return 0;
  const rows = open ? Math.ceil(count / columnsIn(count, width)) : 0;
  return MARGIN + CHIP + rows * (BAR.h + GAP);
}

/** @param bottom px from the upper edge to what stands below. */
export function placeFold(
  empty: readonly NumaNode[],
  { width, bottom, open }: { readonly width: number; readonly bottom: number; readonly open: boolean },
  boxes: Boxes,
): FoldBox | null {
  if (empty.length === 0) return null;
  const y = bottom - foldHeight(empty.length, width, open);
  const words = foldWords(empty.map(({ id }) => id));
  const w = Math.min(width - 2 * MARGIN, Math.ceil(textWidth(words, 11)) + PADDING);
  const chip = { x: MARGIN, y, w, h: CHIP };
  const columns = columnsIn(empty.length, width);
  empty.forEach(({ id }, i) => {
    const x = MARGIN + (i % columns) * (BAR.w + GAP);
    const bar = { x, y: y + CHIP + GAP + Math.floor(i / columns) * (BAR.h + GAP), ...BAR };
    const box = open ? bar : chip;
    boxes.nodes.push({ ...box, id, body: -1, bare: true, folded: !open, area: box });
  });
  return { ...chip, nodes: empty.map(({ id }) => id), open };
}
