/** Tokens: shape and letter say the role, one hue says that somebody placed it. */

import type { Box } from '../layout/box.ts';
import { centreX } from '../layout/box.ts';
import { tokenSize } from '../layout/label.ts';
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

/** The token on a thread: the cell is its shape; in cells too small for that, a flag stands above, of a token on many CPUs above the first. */
export function tokenOnCpu(slot: Slot, box: Box, cpu: number, first: boolean): Mark {
  const size = tokenSize(box);
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
  const x = centreX(box);
  // At the upper edge of the board there is no room above.
  const up = box.y >= FLAG.h + FLAG.stem + 2;
  const top = up ? box.y - FLAG.stem - FLAG.h : box.y + box.h + FLAG.stem;
  const flag = { x: x - FLAG.w / 2, y: top, w: FLAG.w, h: FLAG.h };
  return mark(
    'g.flag',
    {},
    mark('path.halo', { d: tokenPath(slot.shape, flag) }),
    mark('rect.tok', { x: box.x, y: box.y, width: box.w, height: box.h }),
    mark('path.stem', { d: `M${n(x)},${n(up ? box.y : box.y + box.h)}V${n(up ? top + FLAG.h : top)}` }),
    tokenMark(slot, flag),
  );
}

/** Where the far end stood in the run that this one is held against: an outline. */
export function baselineOnCpu({ shape, letter }: Slot, box: Box): Mark {
  const inner = { x: box.x + 1, y: box.y + 1, w: box.w - 2, h: box.h - 2 };
  const size = tokenSize(box);
  if (size === 'flag') return mark('rect.ghost', { x: inner.x, y: inner.y, width: inner.w, height: inner.h });
  const base = box.y + box.h / 2 + 4;
  return mark(
    'g.baseline',
    {},
    mark('path.ghost', { d: tokenPath(shape, inner) }),
    size === 'full' ? text('.s', box.x + 10, base, letter) : text('.s.m', centreX(box) + NUDGE[shape], base, letter),
    size === 'full' ? text('.t10.e', box.x + box.w - 6, base, 'base') : null,
  );
}
