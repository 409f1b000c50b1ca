/** The chip of empty nodes: how many there are and which; open, it is the heading of their bars. */

import { foldWords } from '../layout/fold.ts';
import { fitting, SMALLEST_TYPE } from '../layout/label.ts';
import type { FoldBox } from '../layout/types.ts';
import { crisp, mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

/** px from the chip's left edge to its words. */
const INSET = 18;

export function foldMarks(fold: FoldBox): Mark[] {
  const [x, y] = [fold.x + 6, fold.y + fold.h / 2];
  const arrow = fold.open ? `M${x},${y - 2}h8l-4,5z` : `M${x + 1},${y - 4}v8l5,-4z`;
  return [
    mark('rect.fold', { ...crisp(fold), rx: 3 }),
    mark('path.fold-arrow', { d: arrow }),
    ...(fold.h < SMALLEST_TYPE
      ? []
      : [text('', fold.x + INSET, y + 4, fitting(foldWords(fold.nodes), 11, fold.w - INSET - 4))]),
  ];
}
