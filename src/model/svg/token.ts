/** Tokens: shape and letter say the role, one hue says that somebody placed it. */

import type { Box } from '../layout/box.ts';
import { centreX } from '../layout/box.ts';
import { tokenSize } from '../layout/label.ts';
import { isThread } from '../bench/program/threads.ts';
import type { Role, Token } from '../cases/spsc.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

export const LETTERS: Readonly<Record<Role, string>> = { producer: 'P', consumer: 'C', memory: 'M' };
const letterOf = (token: Token): string => (isThread(token) ? 'T' : LETTERS[token]);
/** The letter stands in the middle of what the tip or the notch leaves. */
const NUDGE: Readonly<Record<Role, number>> = { producer: -1.5, consumer: 1.5, memory: 0 };

const n = (value: number): string => String(Math.round(value * 100) / 100);

/** The producer ends in a tip, the consumer has the notch that the tip fits, memory is a module with its key; a thread is round. */
export function tokenPath(role: Token, { x, y, w, h }: Box): string {
  const k = Math.min(7, h / 3);
  const [left, right, top, low, middle] = [n(x), n(x + w), n(y), n(y + h), n(y + h / 2)];
  if (role === 'producer') return `M${left},${top}H${n(x + w - k)}L${right},${middle}L${n(x + w - k)},${low}H${left}Z`;
  if (role === 'consumer') return `M${left},${top}H${right}V${low}H${left}L${n(x + k)},${middle}Z`;
  if (isThread(role)) {
    const r = h / 2;
    const arc = (toX: string, toY: string): string => `A${n(r)},${n(r)},0,0,1,${toX},${toY}`;
    return `M${n(x + r)},${top}H${n(x + w - r)}${arc(n(x + w - r), low)}H${n(x + r)}${arc(n(x + r), top)}Z`;
  }
  const c = x + w / 2;
  return `M${left},${top}H${right}V${low}H${n(c + 4)}V${n(y + h - 3)}H${n(c - 4)}V${low}H${left}Z`;
}

/** A token of any size with its letter in the middle. */
export function tokenMark(role: Token, box: Box): Mark {
  const shape = mark('path.tok', { d: tokenPath(role, box) });
  const letter = text(
    '.m.t13.tok-t',
    centreX(box) + (isThread(role) ? 0 : NUDGE[role]),
    box.y + box.h / 2 + 4.5,
    letterOf(role),
  );
  return mark('g.token', { 'data-token': role }, shape, letter);
}

const FLAG = { w: 26, h: 20, stem: 6 };

/** The token on a thread: the cell is its shape; in cells too small for that, a flag stands above. */
export function tokenOnCpu(role: Role, box: Box, cpu: number): Mark {
  const size = tokenSize(box);
  if (size === 'letter') return tokenMark(role, box);
  if (size === 'full') {
    const base = box.y + box.h / 2 + 4.5;
    return mark(
      'g.token',
      { 'data-token': role },
      mark('path.tok', { d: tokenPath(role, box) }),
      text('.t13.tok-t', box.x + 9, base, LETTERS[role]),
      text('.e.tok-n', box.x + box.w - 9, base - 0.5, String(cpu)),
    );
  }
  const x = centreX(box);
  // At the upper edge of the board there is no room above.
  const up = box.y >= FLAG.h + FLAG.stem + 2;
  const top = up ? box.y - FLAG.stem - FLAG.h : box.y + box.h + FLAG.stem;
  const flag = { x: x - FLAG.w / 2, y: top, w: FLAG.w, h: FLAG.h };
  return mark(
    'g.flag',
    {},
    mark('path.halo', { d: tokenPath(role, flag) }),
    mark('rect.tok', { x: box.x, y: box.y, width: box.w, height: box.h }),
    mark('path.stem', { d: `M${n(x)},${n(up ? box.y : box.y + box.h)}V${n(up ? top + FLAG.h : top)}` }),
    tokenMark(role, flag),
  );
}

/** Where the consumer stood in the run that this one is held against: an outline. */
export function baselineOnCpu(box: Box): Mark {
  const inner = { x: box.x + 1, y: box.y + 1, w: box.w - 2, h: box.h - 2 };
  const size = tokenSize(box);
  if (size === 'flag') return mark('rect.ghost', { x: inner.x, y: inner.y, width: inner.w, height: inner.h });
  const base = box.y + box.h / 2 + 4;
  return mark(
    'g.baseline',
    {},
    mark('path.ghost', { d: tokenPath('consumer', inner) }),
    size === 'full' ? text('.s', box.x + 10, base, 'C') : text('.s.m', centreX(box) + 1.5, base, 'C'),
    size === 'full' ? text('.t10.e', box.x + box.w - 6, base, 'base') : null,
  );
}
