/** Tokens: shape and letter say the role, one hue says that somebody placed it. */

import type { Box } from '../layout/box.ts';
import { centreX, overlaps } from '../layout/box.ts';
import { heatEdge, tokenSize } from '../layout/label.ts';
import type { Slot, SlotShape } from '../placement/slots.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

/** The letter stands in the middle of what the tip or the notch leaves. */
export const NUDGE: Readonly<Record<SlotShape, number>> = { tip: -1.5, notch: 1.5, module: 0, round: 0 };

const n = (value: number): string => String(Math.round(value * 100) / 100);

/** The notch is what the tip fits; a module of memory has its key. */
export function tokenPath(shape: SlotShape, { x, y, w, h }: Box): string {
  const k = Math.min(7, h / 3);
  const [left, right, top, low, middle] = [n(x), n(x + w), n(y), n(y + h), n(y + h / 2)];
  if (shape === 'tip') return `M${left},${top}H${n(x + w - k)}L${right},${middle}L${n(x + w - k)},${low}H${left}Z`;
  if (shape === 'notch') return `M${left},${top}H${right}V${low}H${left}L${n(x + k)},${middle}Z`;
  if (shape === 'round') {
    const r = h / 2;
    const arc = (toX: string, toY: string): string => `A${n(r)},${n(r)},0,0,1,${toX},${toY}`;
    return `M${n(x + r)},${top}H${n(x + w - r)}${arc(n(x + w - r), low)}H${n(x + r)}${arc(n(x + r), top)}Z`;
  }
  const c = x + w / 2;
  return `M${left},${top}H${right}V${low}H${n(c + 4)}V${n(y + h - 3)}H${n(c - 4)}V${low}H${left}Z`;
}

/** A token of any size with its letter in the middle. */
export function tokenMark({ name, shape, letter }: Slot, box: Box): Mark {
  const words = text('.m.t13.tok-t', centreX(box) + NUDGE[shape], box.y + box.h / 2 + 4.5, letter);
  return mark('g.token', { 'data-token': name }, mark('path.tok', { d: tokenPath(shape, box) }), words);
}

const FLAG = { w: 26, h: 20, stem: 6 };

/** Above the cell; at the upper edge of the board there is no room above. */
function tokenFlag(box: Box): Box {
  const up = box.y >= FLAG.h + FLAG.stem + 2;
  const y = up ? box.y - FLAG.stem - FLAG.h : box.y + box.h + FLAG.stem;
  return { x: centreX(box) - FLAG.w / 2, y, w: FLAG.w, h: FLAG.h };
}

interface OnCpu {
  /** Of the CPUs of its slot. */
  readonly first: boolean;
  /** The lower edge of the cell shows its heat. */
  readonly heated: boolean;
}

/** The token on a thread: the cell is its shape; in cells too small for that, a flag stands above, of a token on many CPUs above the first. */
export function tokenOnCpu(slot: Slot, cell: Box, cpu: number, { first, heated }: OnCpu): Mark {
  const size = tokenSize(cell);
  const box = heated ? { ...cell, h: cell.h - heatEdge(cell) } : cell;
  if (size === 'letter') return tokenMark(slot, box);
  if (size === 'full') {
    const base = box.y + box.h / 2 + 4.5;
    return mark(
      'g.token',
      { 'data-token': slot.name },
      mark('path.tok', { d: tokenPath(slot.shape, box) }),
      text('.t13.tok-t', box.x + 9, base, slot.letter),
      text('.e.tok-n', box.x + box.w - 9, base - 0.5, String(cpu)),
    );
  }
  if (!first) return mark('rect.tok', { x: box.x, y: box.y, width: box.w, height: box.h });
  const [x, flag] = [centreX(cell), tokenFlag(cell)];
  const stem =
    flag.y < cell.y ? `M${n(x)},${n(cell.y)}V${n(flag.y + flag.h)}` : `M${n(x)},${n(cell.y + cell.h)}V${n(flag.y)}`;
  return mark(
    'g.flag',
    {},
    mark('path.halo', { d: tokenPath(slot.shape, flag) }),
    mark('rect.tok', { x: box.x, y: box.y, width: box.w, height: box.h }),
    mark('path.stem', { d: stem }),
    tokenMark(slot, flag),
  );
}

/** A flag at each side of the cell, the preferred first. */
function flagsAround({ x, y, w, h }: Box): { readonly flag: Box; readonly stem: string }[] {
  const [cx, cy] = [x + w / 2, y + h / 2];
  const across = { x: cx - FLAG.w / 2, w: FLAG.w, h: FLAG.h };
  const along = { y: cy - FLAG.h / 2, w: FLAG.w, h: FLAG.h };
  const low = y + h + FLAG.stem;
  const high = y - FLAG.stem - FLAG.h;
  // Clear of a flag that stands in the middle above or below.
  const aside = Math.max(w / 2 + FLAG.stem, FLAG.w / 2 + 2);
  return [
    { flag: { ...across, y: low }, stem: `M${n(cx)},${n(y + h)}V${n(low)}` },
    { flag: { ...across, y: high }, stem: `M${n(cx)},${n(y)}V${n(high + FLAG.h)}` },
    { flag: { ...along, x: cx + aside }, stem: `M${n(x + w)},${n(cy)}H${n(cx + aside)}` },
    { flag: { ...along, x: cx - aside - FLAG.w }, stem: `M${n(x)},${n(cy)}H${n(cx - aside)}` },
  ];
}

/** What a token on a CPU takes of the drawing, its flag included. */
export function tokenBoxes(box: Box): Box[] {
  return tokenSize(box) === 'flag' ? [box, tokenFlag(box)] : [box];
}

/** In a cell too small for its letter the baseline has a flag, where it hides no token. */
function baselineFlag({ shape, letter }: Slot, box: Box, taken: readonly Box[]): Mark[] {
  const sides = flagsAround(box);
  const free = sides.find(({ flag }) => flag.y >= 0 && flag.x >= 0 && !taken.some((one) => overlaps(one, flag)));
  const { flag, stem } = free ?? sides[0] ?? { flag: box, stem: '' };
  return [
    mark('path.stem', { d: stem }),
    mark('path.ghost', { d: tokenPath(shape, flag) }),
    text('.s.m', centreX(flag) + NUDGE[shape], flag.y + flag.h / 2 + 4, letter),
  ];
}

/** Smaller cells have no room for a letter of 10 px. */
const LETTER = { w: 16, h: 12 };

/** Where a token stood in the run that this one is held against: an outline. @param word what that run goes by. */
export function baselineOnCpu(slot: Slot, box: Box, taken: readonly Box[], word = 'base'): Mark {
  const { shape, letter } = slot;
  const inner = { x: box.x + 1, y: box.y + 1, w: box.w - 2, h: box.h - 2 };
  const size = tokenSize(box);
  if (size === 'flag') {
    const cell = mark('rect.ghost', { x: inner.x, y: inner.y, width: inner.w, height: inner.h });
    const own = text('.t10.s.m', centreX(box), box.y + box.h / 2 + 3.5, letter);
    const holds = box.w >= LETTER.w && box.h >= LETTER.h;
    return mark('g.baseline', {}, cell, ...(holds ? [own] : baselineFlag(slot, box, taken)));
  }
  const base = box.y + box.h / 2 + 4;
  return mark(
    'g.baseline',
    {},
    mark('path.ghost', { d: tokenPath(shape, inner) }),
    size === 'full' ? text('.s', box.x + 10, base, letter) : text('.s.m', centreX(box) + NUDGE[shape], base, letter),
    size === 'full' ? text('.t10.e', box.x + box.w - 6, base, word) : null,
  );
}
