/** What somebody placed on the machine: tokens, the line between them, and the figure that was measured over it. */

import { nodeBoxOf, puOf } from '../layout/find.ts';
import { memoryRoute, routeBetween } from '../layout/route.ts';
import type { Route } from '../layout/route.ts';
import { softPath } from '../layout/soft-path.ts';
import type { Layout, Link } from '../layout/types.ts';
import type { Placement } from '../cases/spsc.ts';
import { chipLift, chipMarks } from './chip.ts';
import type { Chip } from './chip.ts';
import { mark } from './marks.ts';
import type { Mark } from './marks.ts';
import { baselineOnCpu, tokenOnCpu } from './token.ts';

export interface RunFace {
  readonly placement: Placement;
  /** Node the memory lies on, whether its token was placed or not. */
  readonly memory: number | null;
  readonly baseline: { readonly producer: number; readonly consumer: number } | null;
  /** Dashed: to be measured. Moving: being measured. */
  readonly line: 'none' | 'plan' | 'live' | 'solid';
  readonly chip: Chip | null;
}

/** Lines in one gutter keep this apart (px). */
const APART = 2;

export function runRoute(layout: Layout, { placement, line }: RunFace): Route | null {
  const { producer, consumer } = placement;
  if (line === 'none' || producer === null || consumer === null || producer === consumer) return null;
  return routeBetween(layout, producer, consumer, APART);
}

/** The link whose words move for the chip, and by how much. */
export function chipLink(layout: Layout, face: RunFace): { readonly link: Link; readonly lift: number } | null {
  const route = runRoute(layout, face);
  return route?.link && face.chip ? { link: route.link, lift: chipLift(route, route.link, face.chip) } : null;
}

export function runMarks(layout: Layout, face: RunFace): Mark[] {
  const { placement, baseline, line, chip } = face;
  const marks: Mark[] = [];
  const route = runRoute(layout, face);
  const base = baseline && route ? routeBetween(layout, baseline.producer, baseline.consumer, -APART) : null;
  if (base) marks.push(mark('path.route.base', { d: softPath(base.points, 4) }));
  if (route && face.memory !== null && placement.producer !== null) {
    const dots = memoryRoute(layout, face.memory, placement.producer);
    if (dots) marks.push(mark('path.route.mem', { d: softPath(dots.points, 4) }));
  }
  if (route) {
    const d = softPath(route.points);
    marks.push(mark('path.halo', { d }), mark(`path.route.${line}`, { d }));
  }
  if (baseline && base && baseline.consumer !== placement.consumer) {
    const box = puOf(layout, baseline.consumer);
    if (box) marks.push(baselineOnCpu(box));
  }
  for (const role of ['producer', 'consumer'] as const) {
    const cpu = placement[role];
    const box = cpu === null ? null : puOf(layout, cpu);
    if (box && cpu !== null) marks.push(tokenOnCpu(role, box, cpu));
  }
  if (route && chip) marks.push(...chipMarks(route, chip));
  return marks;
}

/** The node that memory lies on because the producer touches it first: no token says so. */
export function touches({ placement, memory, line }: RunFace, node: number): boolean {
  const placed = placement.producer !== null && placement.consumer !== null && placement.memory === null;
  return line !== 'none' && placed && memory === node;
}

/** A node is outlined where memory was placed on it by hand; where it only follows the producer, it is not. */
export function isOccupied(layout: Layout, placement: Placement, node: number): boolean {
  return placement.memory === node && nodeBoxOf(layout, node) !== null;
}
