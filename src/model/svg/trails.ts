/** Ways that threads went, from the middle of one CPU to another's, with a dot where they arrived; the older the fainter. */

import { puOf } from '../layout/find.ts';
import type { Layout } from '../layout/types.ts';
import type { Trail } from '../live/trails.ts';
import { mark } from './marks.ts';
import type { Mark } from './marks.ts';

const DOT = 2.5;
/** Share of its length that a line bows out by, so that there and back are two. */
const BOW = 0.12;

export function trailMarks(layout: Layout, trails: readonly Trail[]): Mark[] {
  // The newest is painted last, on top.
  return [...trails].reverse().flatMap(({ from, to, count, age }) => {
    const [a, b] = [puOf(layout, from), puOf(layout, to)];
    if (!a || !b) return [];
    const [x1, y1, x2, y2] = [a.x + a.w / 2, a.y + a.h / 2, b.x + b.w / 2, b.y + b.h / 2];
    const [cx, cy] = [(x1 + x2) / 2 - (y2 - y1) * BOW, (y1 + y2) / 2 + (x2 - x1) * BOW];
    const d = `M${x1.toFixed(1)},${y1.toFixed(1)}Q${cx.toFixed(1)},${cy.toFixed(1)} ${x2.toFixed(1)},${y2.toFixed(1)}`;
    return [
      mark(
        `g.trail.age-${age}`,
        {},
        mark('path', { d, 'stroke-width': Math.min(3, 1 + count / 4) }),
        mark('circle', { cx: x2, cy: y2, r: DOT }),
      ),
    ];
  });
}
