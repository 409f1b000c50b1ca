/** What a block has of the drawing: its cores as one area, with an outline where the next core is not its own. */

import type { Box } from '../../layout/box.ts';
import { puOf } from '../../layout/find.ts';
import type { Layout } from '../../layout/types.ts';

/** px beyond a core where no other of the area follows. */
const MARGIN = 2;
/** px by which a row or column of cores may be out of line. */
const SLACK = 2;

interface Piece extends Box {
  /** Half of what parts it from the next one, to the right and below. */
  readonly halfX: number;
  readonly halfY: number;
}

/** Cores of which the area has all threads, and single threads of others. */
function piecesOf(layout: Layout, cpus: readonly number[]): Piece[] {
  const own = new Set(cpus);
  const cores = new Map<number, Piece>();
  const alone: Piece[] = [];
  for (const cpu of cpus) {
    const pu = puOf(layout, cpu);
    if (!pu) continue;
    const core = layout.cores[pu.core];
    const whole = core && layout.pus.every((other) => other.core !== pu.core || own.has(other.cpu));
    if (!whole) alone.push({ x: pu.x, y: pu.y, w: pu.w, h: pu.h, halfX: 0, halfY: 0 });
    else if (!cores.has(pu.core)) {
      const { x, y, w, h } = core;
      const halfX = Math.max(0, pu.gutterX - (x + w));
      cores.set(pu.core, { x, y, w, h, halfX, halfY: Math.max(0, pu.gutterY - (y + h)) });
    }
  }
  return [...cores.values(), ...alone];
}

export interface Area {
  /** Everything that it covers. */
  readonly fill: string;
  readonly outline: string;
  /** Each core of it. */
  readonly cores: string;
  /** Of its first and last core. */
  readonly ends: readonly [first: Box, last: Box] | null;
}

const n = (value: number): string => String(Math.round(value * 10) / 10);

export function areaOf(layout: Layout, cpus: readonly number[]): Area {
  const pieces = piecesOf(layout, cpus);
  const at = (x: number, y: number): boolean =>
    pieces.some((one) => Math.abs(one.x - x) < SLACK && Math.abs(one.y - y) < SLACK);
  let [fill, outline, cores] = ['', '', ''];
  for (const { x, y, w, h, halfX, halfY } of pieces) {
    const right = halfX > 0 && at(x + w + 2 * halfX, y);
    const left = halfX > 0 && at(x - w - 2 * halfX, y);
    const below = halfY > 0 && at(x, y + h + 2 * halfY);
    const above = halfY > 0 && at(x, y - h - 2 * halfY);
    const [l, r] = [x - (left ? halfX : MARGIN), x + w + (right ? halfX : MARGIN)];
    const [t, b] = [y - (above ? halfY : MARGIN), y + h + (below ? halfY : MARGIN)];
    fill += `M${n(l)},${n(t)}H${n(r)}V${n(b)}H${n(l)}Z`;
    cores += `M${n(x)},${n(y)}h${n(w)}v${n(h)}h${n(-w)}Z`;
    if (!above) outline += `M${n(l)},${n(t)}H${n(r)}`;
    if (!right) outline += `M${n(r)},${n(t)}V${n(b)}`;
    if (!below) outline += `M${n(r)},${n(b)}H${n(l)}`;
    if (!left) outline += `M${n(l)},${n(b)}V${n(t)}`;
  }
  const [first, last] = [pieces[0], pieces.at(-1)];
  return { fill, outline, cores, ends: first && last ? [first, last] : null };
}
