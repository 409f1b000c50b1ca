/** Owns a token as it lies in the tray: one hue, the shape and the letter say the role. */

import { LETTERS } from '../../model/svg/token.ts';
import { isThread } from '../../model/bench/program/threads.ts';
import type { Role, Token } from '../../model/cases/spsc.ts';
import { svg } from './dom.ts';

const WIDTH = 28;
const HEIGHT = 22;

/** P ends in a tip, C has the notch the tip fits, M is a memory module. */
const SHAPES: Readonly<Record<Role, string>> = {
  producer: `M1,1H${WIDTH - 6}L${WIDTH + 1},${HEIGHT / 2 + 1}L${WIDTH - 6},${HEIGHT + 1}H1Z`,
  consumer: `M1,1H${WIDTH + 1}V${HEIGHT + 1}H1L8,${HEIGHT / 2 + 1}Z`,
  memory: `M1,1H${WIDTH + 1}V${HEIGHT + 1}H19V${HEIGHT - 2}H11V${HEIGHT + 1}H1Z`,
};
const NUDGE: Readonly<Record<Role, number>> = { producer: -1.5, consumer: 1.5, memory: 0 };

export const NAME: Readonly<Record<Role, string>> = { producer: 'Producer', consumer: 'Consumer', memory: 'Memory' };

/** Threads of a program are round: nothing of the ring's two ends fits them. */
const THREAD = `M12,1H${WIDTH - 10}A11,11,0,0,1,${WIDTH - 10},${HEIGHT + 1}H12A11,11,0,0,1,12,1Z`;

export function tokenShape(token: Token): SVGSVGElement {
  const [shape, nudge, letter] = isThread(token) ? [THREAD, 0, 'T'] : [SHAPES[token], NUDGE[token], LETTERS[token]];
  return svg(
    'svg',
    { width: WIDTH + 2, height: HEIGHT + 2, 'aria-hidden': 'true' },
    svg('path.tok', { d: shape }),
    svg('text.tok-t.m', { x: WIDTH / 2 + 1 + nudge, y: HEIGHT / 2 + 5.5 }, letter),
  );
}

export function grip(): SVGSVGElement {
  const dots = Array.from({ length: 6 }, (_, i) => svg('circle', { cx: 1 + (i % 2) * 4, cy: 2 + (i >> 1) * 5, r: 1 }));
  return svg('svg.grip', { width: 6, height: 14, 'aria-hidden': 'true' }, dots);
}
