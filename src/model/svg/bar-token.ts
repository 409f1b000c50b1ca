/** The token on a node's bar, or the outline of one where memory lies without it, and the chip that it carries: a setting. */

import type { Box } from '../layout/box.ts';
import { centreX } from '../layout/box.ts';
import type { Slot } from '../placement/slots.ts';
import { crisp, mark, text } from './marks.ts';
import type { Mark } from './marks.ts';
import { tokenMark, tokenPath } from './token.ts';

/** A setting of what the token places. */
export interface SettingFace {
  /** On the chip: four letters at most. */
  readonly short: string;
  /** In a sentence. */
  readonly words: string;
}

export interface BarToken {
  /** Whose token lies on the bar. */
  readonly occupied: Slot | null;
  /** Whose memory lies here without its token: by first touch. */
  readonly touched: Slot | null;
  /** What the token carries. */
  readonly setting: SettingFace | null;
}

const WIDTH = 26;
/** Holds four letters. */
const CHIP = 30;
/** Bars narrower than this have the chip below the token, not beside it. */
const NARROW = 90;

export const isNarrow = ({ w }: Pick<Box, 'w'>): boolean => w < NARROW;

/** px that it takes of the bar, from its left edge. */
export function tokenRoom(bar: Box, { occupied, touched, setting }: BarToken): number {
  if (!occupied && !touched) return 0;
  return isNarrow(bar) ? WIDTH + 4 : WIDTH + 12 + (setting ? CHIP : 0);
}

function chip({ short }: SettingFace, box: Box): Mark {
  const words = text('.m.t10', centreX(box), box.y + box.h / 2 + 3.5, `${short} `);
  return mark('g.setting', { 'data-setting': '' }, mark('rect', crisp(box)), words);
}

/** Where memory will lie without its token: the token's outline. */
function outline({ shape, letter }: Slot, token: Box, size: string): Mark {
  const inner = { x: token.x + 1, y: token.y + 1, w: token.w - 2, h: token.h - 2 };
  const words = text(`.m${size}.touch-t`, centreX(inner), inner.y + inner.h / 2 + 4, `${letter} `);
  return mark('g', {}, mark('path.touch', { d: tokenPath(shape, inner) }), words);
}

export function barToken(bar: Box, { occupied, touched, setting }: BarToken): Mark[] {
  const [narrow, low] = [isNarrow(bar), bar.h < 44];
  const h = low ? Math.min(24, bar.h - 4) : 27;
  const whole = { x: bar.x + (narrow ? 2 : 8), y: bar.y + (low ? (bar.h - h) / 2 : 10), w: WIDTH, h };
  const below = setting !== null && narrow;
  const token = below ? { ...whole, y: whole.y - 2, h: 15 } : whole;
  const place = below
    ? { ...whole, y: token.y + token.h - 1, h: whole.h + 4 - token.h }
    : { ...whole, x: whole.x + WIDTH - 1, w: CHIP };
  return [
    ...(setting ? [chip(setting, place)] : []),
    ...(occupied ? [tokenMark(occupied, token)] : []),
    ...(touched ? [outline(touched, token, '.t13')] : []),
  ];
}
