/** Lines as SVG path data. */

import type { Point } from './box.ts';

/** Orthogonal path with rounded corners, as SVG path data. */
export function softPath(points: readonly Point[], radius = 6): string {
  const d: string[] = [];
  const n = (value: number): string => String(Math.round(value * 100) / 100);
  points.forEach((p, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before || !after) return void d.push(`${before ? 'L' : 'M'}${n(p[0])},${n(p[1])}`);
    const a = Math.hypot(p[0] - before[0], p[1] - before[1]);
    const b = Math.hypot(after[0] - p[0], after[1] - p[1]);
    const k = Math.min(radius, a / 2, b / 2);
    const towards = (to: Point, length: number): string =>
      `${n(p[0] + ((to[0] - p[0]) / (length || 1)) * k)},${n(p[1] + ((to[1] - p[1]) / (length || 1)) * k)}`;
    d.push(`L${towards(before, a)}Q${n(p[0])},${n(p[1])} ${towards(after, b)}`);
  });
  return d.join('');
}
