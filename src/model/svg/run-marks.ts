/** What somebody placed on the machine: tokens, the line between them, and the figure that was measured over it. */

import type { Box } from '../layout/box.ts';
import { puOf } from '../layout/find.ts';
import { memoryRoute, routeBetween } from '../layout/route.ts';
import type { Route } from '../layout/route.ts';
import { softPath } from '../layout/soft-path.ts';
import type { Layout, Link } from '../layout/types.ts';
import { idsIn, lineCpus, lineEnds } from '../placement/slots.ts';
import type { Placement, Slot } from '../placement/slots.ts';
import { chipLift, chipMarks } from './chip.ts';
import { mark } from './marks.ts';
import type { Mark } from './marks.ts';
import type { LineEnds, RunFace } from './run-face.ts';
import { baselineOnCpu, tokenBoxes, tokenOnCpu } from './token.ts';

/** Lines in one gutter keep this apart (px). */
const APART = 2;

export function runRoute(layout: Layout, { slots, placement, line }: RunFace): Route | null {
  const [from, to] = lineCpus(slots, placement) ?? [];
  if (line === 'none' || from === undefined || to === undefined || from === to) return null;
  return routeBetween(layout, from, to, APART);
}

/** The link whose words move for the chip, and by how much. */
export function chipLink(layout: Layout, face: RunFace): { readonly link: Link; readonly lift: number } | null {
  const route = runRoute(layout, face);
  return route?.link && face.chip ? { link: route.link, lift: chipLift(route, route.link, face.chip) } : null;
}

/** An outline where the far end stood in the run that this one is held against, unless the token is there now. */
function ghost(layout: Layout, { slots, placement }: RunFace, baseline: LineEnds): Mark[] {
  const far = lineEnds(slots)?.[1];
  const box = puOf(layout, baseline.to);
  if (!far || !box || idsIn(placement, far.name).includes(baseline.to)) return [];
  return [baselineOnCpu(far, box, takenBy(layout, slots, placement))];
}

/** What the tokens on CPUs take of the drawing. */
function takenBy(layout: Layout, slots: readonly Slot[], placement: Placement): Box[] {
  const cpus = slots.filter(({ on }) => on === 'cpus').flatMap(({ name }) => idsIn(placement, name));
  return cpus.flatMap((cpu) => {
    const own = puOf(layout, cpu);
    return own ? tokenBoxes(own) : [];
  });
}

/** Outlines where another run's tokens stood, wherever the same token does not stand now. */
function outlines(layout: Layout, { slots, placement }: RunFace, beside: Placement): Mark[] {
  const taken = takenBy(layout, slots, placement);
  return slots
    .filter(({ on }) => on === 'cpus')
    .flatMap((slot) =>
      idsIn(beside, slot.name).flatMap((cpu) => {
        const box = idsIn(placement, slot.name).includes(cpu) ? null : puOf(layout, cpu);
        return box ? [baselineOnCpu(slot, box, taken, 'B')] : [];
      }),
    );
}

export function runMarks(layout: Layout, face: RunFace): Mark[] {
  const { slots, placement, memory, baseline, line, chip, heated = false } = face;
  const marks: Mark[] = [];
  const route = runRoute(layout, face);
  const base = baseline && route ? routeBetween(layout, baseline.from, baseline.to, -APART) : null;
  if (base) marks.push(mark('path.route.base', { d: softPath(base.points, 4) }));
  for (const { node, cpu } of route ? memory : []) {
    const dots = cpu === null ? null : memoryRoute(layout, node, cpu);
    if (dots) marks.push(mark('path.route.mem', { d: softPath(dots.points, 4) }));
  }
  if (route) {
    const d = softPath(route.points);
    marks.push(mark('path.halo', { d }), mark(`path.route.${line}`, { d }));
  }
  if (face.beside) marks.push(...outlines(layout, face, face.beside));
  else if (baseline && base) marks.push(...ghost(layout, face, baseline));
  for (const slot of slots.filter(({ on }) => on === 'cpus')) {
    // The flag of the first stands over its neighbours.
    for (const [i, cpu] of [...idsIn(placement, slot.name).entries()].reverse()) {
      const box = puOf(layout, cpu);
      if (box) marks.push(tokenOnCpu(slot, box, cpu, { first: i === 0, heated }));
    }
  }
  if (route && chip) marks.push(...chipMarks(route, chip));
  return marks;
}
