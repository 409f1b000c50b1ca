/** Owns a token as it lies in the tray: one hue, shape and letter say which it is. */

import type { Slot, SlotShape } from '../../model/placement/slots.ts';
import { NUDGE } from '../../model/svg/token.ts';
import { svg } from './dom.ts';

const WIDTH = 28;
const HEIGHT = 22;

const SHAPES: Readonly<Record<SlotShape, string>> = {
  tip: `M1,1H${WIDTH - 6}L${WIDTH + 1},${HEIGHT / 2 + 1}L${WIDTH - 6},${HEIGHT + 1}H1Z`,
  notch: `M1,1H${WIDTH + 1}V${HEIGHT + 1}H1L8,${HEIGHT / 2 + 1}Z`,
  module: `M1,1H${WIDTH + 1}V${HEIGHT + 1}H19V${HEIGHT - 2}H11V${HEIGHT + 1}H1Z`,
  round: `M12,1H${WIDTH - 10}A11,11,0,0,1,${WIDTH - 10},${HEIGHT + 1}H12A11,11,0,0,1,12,1Z`,
};

export function tokenShape({ shape, letter }: Slot): SVGSVGElement {
  return svg(
    'svg',
    { width: WIDTH + 2, height: HEIGHT + 2, 'aria-hidden': 'true' },
    svg('path.tok', { d: SHAPES[shape] }),
    svg('text.tok-t.m', { x: WIDTH / 2 + 1 + NUDGE[shape], y: HEIGHT / 2 + 5.5 }, letter),
  );
}

export function grip(): SVGSVGElement {
  const dots = Array.from({ length: 6 }, (_, i) => svg('circle', { cx: 1 + (i % 2) * 4, cy: 2 + (i >> 1) * 5, r: 1 }));
  return svg('svg.grip', { width: 6, height: 14, 'aria-hidden': 'true' }, dots);
}
