/** Moving over the machine by keys: to what lies next in that direction on the board, within a package, or across. */

import { bottomOf, centreX, centreY, rightOf } from './box.ts';
import type { Box } from './box.ts';
import type { Layout } from './types.ts';

export const STEPS = ['left', 'right', 'up', 'down', 'first', 'last', 'previous', 'next'] as const;
export type Step = (typeof STEPS)[number];

interface Place extends Box {
  readonly id: number;
  /** Places of one value are gone through by first and last; previous and next go to another value. */
  readonly home: number;
}

function placesOf(layout: Layout, what: 'cpu' | 'node'): Place[] {
  if (what === 'node') return layout.nodes.map((node) => ({ ...node, home: node.body }));
  const home = new Map(layout.packages.flatMap((item, i) => item.cpus.map((cpu) => [cpu, i] as const)));
  return layout.pus.map((pu) => ({ ...pu, id: pu.cpu, home: home.get(pu.cpu) ?? layout.packages.length }));
}

/** Empty space between two spans, 0 where they overlap. */
const apart = (a0: number, a1: number, b0: number, b1: number): number => Math.max(0, b0 - a1, a0 - b1);

/** Straight ahead counts once, aside counts four times: a column is left only where it ends. */
const ASIDE = 4;

function ahead(from: Box, to: Box, step: Step): number {
  const dx = centreX(to) - centreX(from);
  const dy = centreY(to) - centreY(from);
  const along = step === 'left' ? -dx : step === 'right' ? dx : step === 'up' ? -dy : dy;
  if (along < 1) return Infinity;
  const sideways = step === 'left' || step === 'right';
  const aside = sideways
    ? apart(from.y, bottomOf(from), to.y, bottomOf(to))
    : apart(from.x, rightOf(from), to.x, rightOf(to));
  return along + ASIDE * aside + Math.abs(sideways ? dy : dx) / 100;
}

const reading = (a: Box, b: Box): number => a.y - b.y || a.x - b.x;

function withinHome(places: readonly Place[], home: number): Place[] {
  return places.filter((place) => place.home === home).sort(reading);
}

/** Where a step leads from `from`; the same place where it leads nowhere, null where there is nothing at all. */
export function stepFrom(layout: Layout, what: 'cpu' | 'node', from: number | null, step: Step): number | null {
  const places = placesOf(layout, what);
  const at = places.find((place) => place.id === from) ?? [...places].sort(reading)[0];
  if (!at) return null;
  if (at.id !== from) return at.id;
  const own = withinHome(places, at.home);
  if (step === 'first' || step === 'last') return own.at(step === 'first' ? 0 : -1)?.id ?? at.id;
  if (step === 'previous' || step === 'next') {
    const homes = [...new Set(places.map((place) => place.home))].sort((a, b) => a - b);
    const there = homes[homes.indexOf(at.home) + (step === 'next' ? 1 : -1)];
    const others = there === undefined ? [] : withinHome(places, there);
    return (others[own.indexOf(at)] ?? others.at(-1) ?? at).id;
  }
  let best = at;
  let least = Infinity;
  for (const place of places) {
    const cost = ahead(at, place, step);
    if (cost < least) [best, least] = [place, cost];
  }
  return best.id;
}
