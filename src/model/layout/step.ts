/**
 * Moving over the machine by keys, by topology and never against the picture: to the next thread of the core, else to the next
 * core of the node in that direction, else into the next node there. What a step leads to, a step back leads from.
 */

import { group, max, min, minIndex } from 'd3-array';
import { bottomOf, centreX, centreY, rightOf } from './box.ts';
import type { Box } from './box.ts';
import type { Layout, PuBox } from './types.ts';

const WAYS = ['left', 'right', 'up', 'down'] as const;
export type Way = (typeof WAYS)[number];
/** `node-…`: to the same place in the node that lies there; `previous`, `next`: in the one before, after it. */
export const STEPS = [
  ...WAYS,
  'node-left',
  'node-right',
  'node-up',
  'node-down',
  'first',
  'last',
  'previous',
  'next',
] as const;
export type Step = (typeof STEPS)[number];

/** A core as it is drawn, its threads in rows; an offline CPU of unknown place stands for itself. */
interface Seat extends Box {
  /** Index of the home it is in. */
  readonly home: number;
  readonly rows: readonly (readonly PuBox[])[];
}

/** The share of a node that is drawn in one place, or the strip of offline CPUs: its seats in the order of the topology. */
interface Home extends Box {
  readonly seats: readonly Seat[];
}

interface Plan {
  readonly homes: readonly Home[];
  /** By CPU. */
  readonly seats: ReadonlyMap<number, Seat>;
}

function around(boxes: readonly Box[]): Box {
  const [x, y] = [min(boxes, (box) => box.x) ?? 0, min(boxes, (box) => box.y) ?? 0];
  return { x, y, w: (max(boxes, rightOf) ?? 0) - x, h: (max(boxes, bottomOf) ?? 0) - y };
}

function rowsOf(threads: readonly PuBox[]): PuBox[][] {
  const rows = new Map<number, PuBox[]>();
  for (const pu of threads) {
    const row = rows.get(pu.y);
    if (row) row.push(pu);
    else rows.set(pu.y, [pu]);
  }
  return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row.sort((a, b) => a.x - b.x));
}

function seatOf(layout: Layout, threads: readonly PuBox[], home: number): Seat {
  const { x, y, w, h } = layout.cores[threads[0]?.core ?? -1] ?? around(threads);
  return { x, y, w, h, home, rows: rowsOf(threads) };
}

const plans = new WeakMap<Layout, Plan>();

function planOf(layout: Layout): Plan {
  const known = plans.get(layout);
  if (known) return known;
  const own = (pu: PuBox): number => (pu.core >= 0 ? pu.core : -1 - pu.cpu);
  // As they were placed: by core within a section, the strip last.
  const bySection = [...group(layout.pus, (pu) => pu.section)].sort(
    ([a], [b]) => Number(a < 0) - Number(b < 0) || a - b,
  );
  const homes = bySection.map(([, pus], home): Home => {
    const cores = [...group(pus, own)].sort(([a], [b]) => a - b);
    return { ...around(pus), seats: cores.map(([, threads]) => seatOf(layout, threads, home)) };
  });
  const seats = homes.flatMap(({ seats: all }) => all);
  const plan = {
    homes,
    seats: new Map(seats.flatMap((seat) => seat.rows.flat().map((pu) => [pu.cpu, seat] as const))),
  };
  plans.set(layout, plan);
  return plan;
}

/** px by which two boxes may miss each other and still stand in one line. */
const LINE = 1;

const centre = (box: Box, sideways: boolean): number => (sideways ? centreX(box) : centreY(box));
const sign = (way: Way): number => (way === 'left' || way === 'up' ? -1 : 1);
const isSideways = (way: Way): boolean => way === 'left' || way === 'right';

/** Empty space between two spans, 0 where they overlap. */
const apart = (a0: number, a1: number, b0: number, b1: number): number => Math.max(0, b0 - a1, a0 - b1);

/** Straight ahead counts once, aside counts four times: a line is left only where it ends. */
const ASIDE = 4;

/** How far `to` is ahead of `from`; infinite where it does not lie wholly on that side. */
function ahead(from: Box, to: Box, way: Way): number {
  const sideways = isSideways(way);
  const along = (centre(to, sideways) - centre(from, sideways)) * sign(way);
  const size = sideways ? (to.w + from.w) / 2 : (to.h + from.h) / 2;
  if (along < size - LINE) return Infinity;
  const aside = sideways
    ? apart(from.y, bottomOf(from), to.y, bottomOf(to))
    : apart(from.x, rightOf(from), to.x, rightOf(to));
  return along + ASIDE * aside + Math.abs(centre(to, !sideways) - centre(from, !sideways)) / 100;
}

function nearestAhead<B extends Box>(boxes: readonly B[], from: Box, way: Way): B | null {
  const at = minIndex(boxes, (box) => (box === from ? Infinity : ahead(from, box, way)));
  const best = boxes[at];
  return best && best !== from && Number.isFinite(ahead(from, best, way)) ? best : null;
}

const clamped = <T>(list: readonly T[], at: number): T | undefined => list[Math.min(Math.max(at, 0), list.length - 1)];

/** The thread of a seat at a place among its threads, or the last one before that. */
function threadAt(seat: Seat, row: number, column: number): number | null {
  return clamped(clamped(seat.rows, row) ?? [], column)?.cpu ?? null;
}

interface At {
  readonly seat: Seat;
  readonly row: number;
  readonly column: number;
}

function whereIs(plan: Plan, cpu: number): At | null {
  const seat = plan.seats.get(cpu);
  const row = seat?.rows.findIndex((threads) => threads.some((pu) => pu.cpu === cpu)) ?? -1;
  const column = seat?.rows[row]?.findIndex((pu) => pu.cpu === cpu) ?? -1;
  return seat && row >= 0 && column >= 0 ? { seat, row, column } : null;
}

/** Comes in from the side that one left by: at its near end, or going up and down in the same column of threads. */
function enter(seat: Seat, { row, column }: At, way: Way): number | null {
  if (way === 'right') return threadAt(seat, row, 0);
  if (way === 'left') return threadAt(seat, row, Infinity);
  return threadAt(seat, way === 'down' ? 0 : Infinity, column);
}

function withinCore({ seat, row, column }: At, way: Way): number | null {
  if (isSideways(way)) return seat.rows[row]?.[column + sign(way)]?.cpu ?? null;
  return seat.rows[row + sign(way)]?.[column]?.cpu ?? null;
}

/** The next core of the node in the same row or column. */
function withinHome(home: Home, seat: Seat, way: Way): Seat | null {
  const sideways = isSideways(way);
  const inLine = home.seats.filter((other) =>
    sideways ? Math.abs(other.y - seat.y) < LINE : Math.abs(other.x - seat.x) < LINE,
  );
  return nearestAhead(inLine, seat, way);
}

/** In a node next to one's own: what lies nearest in the row or column one comes along. */
function atEdge(home: Home, from: Seat, way: Way): Seat | undefined {
  const sideways = isSideways(way);
  const aside = (seat: Seat): number => Math.abs(centre(seat, !sideways) - centre(from, !sideways));
  const nearest = min(home.seats, aside) ?? 0;
  const line = home.seats.filter((seat) => aside(seat) < nearest + LINE);
  return line[minIndex(line, (seat) => centre(seat, sideways) * sign(way))];
}

const isNodeStep = (step: Step): step is 'node-left' | 'node-right' | 'node-up' | 'node-down' =>
  step.startsWith('node-');

/** The node that lies there, or comes before or after. */
function otherHome({ homes }: Plan, own: Home, step: Step): Home | null {
  if (step === 'previous' || step === 'next') return homes[homes.indexOf(own) + (step === 'next' ? 1 : -1)] ?? null;
  return isNodeStep(step) ? nearestAhead(homes, own, step.slice('node-'.length) as Way) : null;
}

function cpuStep(layout: Layout, from: number | null, step: Step): number | null {
  const plan = planOf(layout);
  const at = from === null ? null : whereIs(plan, from);
  const first = plan.homes[0]?.seats[0];
  if (!at) return first ? threadAt(first, 0, 0) : null;
  const home = plan.homes[at.seat.home];
  if (!home) return from;
  if (step === 'first' || step === 'last') {
    const end = home.seats.at(step === 'first' ? 0 : -1);
    return end ? threadAt(end, step === 'first' ? 0 : Infinity, step === 'first' ? 0 : Infinity) : from;
  }
  if (step === 'previous' || step === 'next' || isNodeStep(step)) {
    const seat = clamped(otherHome(plan, home, step)?.seats ?? [], home.seats.indexOf(at.seat));
    return seat ? threadAt(seat, at.row, at.column) : from;
  }
  const inCore = withinCore(at, step);
  if (inCore !== null) return inCore;
  const next = nearestAhead(plan.homes, home, step);
  const seat = withinHome(home, at.seat, step) ?? (next ? atEdge(next, at.seat, step) : undefined);
  return (seat ? enter(seat, at, step) : null) ?? from;
}

/** Among memory: the bar that lies there; first and last, before and after in the order in which they are drawn. */
function nodeStep(layout: Layout, from: number | null, step: Step): number | null {
  // What is folded away is no stop on the way.
  const nodes = layout.nodes.filter((node) => !node.folded || node.id === from);
  const i = nodes.findIndex((node) => node.id === from);
  const at = nodes[i];
  if (!at) return nodes[0]?.id ?? null;
  if (step === 'first') return nodes[0]?.id ?? null;
  if (step === 'last') return nodes.at(-1)?.id ?? null;
  if (step === 'previous' || step === 'next') return (nodes[i + (step === 'next' ? 1 : -1)] ?? at).id;
  const way = isNodeStep(step) ? (step.slice('node-'.length) as Way) : step;
  return (nearestAhead(nodes, at, way) ?? at).id;
}

/** Where a step leads from `from`; the same place where it leads nowhere, null where there is nothing at all. */
export function stepFrom(layout: Layout, what: 'cpu' | 'node', from: number | null, step: Step): number | null {
  return what === 'cpu' ? cpuStep(layout, from, step) : nodeStep(layout, from, step);
}

/** Whether two CPUs are drawn in one node, so that a step between them crosses no border of one. */
export function sameHome(layout: Layout, a: number, b: number): boolean {
  const { seats } = planOf(layout);
  return seats.get(a)?.home === seats.get(b)?.home;
}
