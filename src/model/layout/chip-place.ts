/** Where the figure of a line stands that crosses no gap: as near to the line as it covers nothing. */

import { min } from 'd3-array';
import { bottomOf, centreX, overlaps, rightOf } from './box.ts';
import type { Point } from './box.ts';
import { columnLeft, columnRight, streetBeside } from './streets.ts';
import type { BodyBox, Layout } from './types.ts';

/** Room the chip takes with its margins. */
export const CHIP = { w: 100, h: 58 };
/** In one line, which begins where the other's left edge would be. */
const LOW = { w: 220, h: 24 };
/** A gap too low for three lines holds one, beside what goes through it. */
export const LOW_GAP = 62;

export interface ChipPlace {
  /** Middle of the chip. */
  readonly chip: Point;
  /** px from body to body where the chip stands; null where none is beside it. */
  readonly room: number | null;
  /** From the line to the chip, where the chip does not sit on the line. */
  readonly stem: readonly Point[] | null;
  /** In one line: there is no room for more. */
  readonly low: boolean;
}

/** px from a body's edge to a chip that hangs on it. */
const STEM = 17;

interface Option {
  /** px from the line to the edge it hangs on. */
  readonly away: number;
  readonly place: ChipPlace;
}

function underBody(layout: Layout, body: BodyBox, points: readonly Point[]): Option | null {
  const lower = layout.bodies.filter((other) => other.column === body.column && other.row > body.row);
  const floor = min(lower, (other) => other.y);
  const free = (floor ?? layout.height) - bottomOf(body);
  // Between two bodies there are words of their link beside it.
  const low = floor === undefined && free < STEM + CHIP.h;
  const h = low ? LOW.h : CHIP.h;
  const stem = Math.min(STEM, free - h - 2);
  if (stem < 2 || (floor !== undefined && free < STEM + h)) return null;
  const [lowest = points[0]] = [...points].sort((a, b) => b[1] - a[1]);
  if (!lowest) return null;
  const half = CHIP.w / 2;
  const last = rightOf(body) + half - (low ? LOW.w : CHIP.w);
  const x = Math.max(body.x + half, Math.min(last, lowest[0]));
  const edge = bottomOf(body);
  const y = edge + stem + h / 2;
  const place: ChipPlace = {
    chip: [x, y],
    room: null,
    stem: [
      [x, edge],
      [x, y],
    ],
    low,
  };
  return { away: edge - lowest[1], place };
}

/** Beside a machine that leaves room on the board. */
function inMargin(layout: Layout, body: BodyBox, points: readonly Point[], side: 1 | -1): Option | null {
  const edge = side > 0 ? rightOf(body) : body.x;
  const free = side > 0 ? layout.width - edge : edge;
  const next = side > 0 ? columnLeft(layout, body.column + 1) : columnRight(layout, body.column - 1);
  if (next !== undefined || free < STEM + CHIP.w) return null;
  const [first = points[0]] = [...points].sort((a, b) => side * (b[0] - a[0]));
  if (!first) return null;
  const x = edge + side * (STEM + CHIP.w / 2);
  const y = Math.max(body.y + CHIP.h / 2, Math.min(bottomOf(body) - CHIP.h / 2, first[1]));
  const box = { x: x - CHIP.w / 2, y: y - CHIP.h / 2, w: CHIP.w, h: CHIP.h };
  if ([...layout.bodies, ...layout.nodes, layout.matrix].some((other) => other && overlaps(box, other))) return null;
  const place: ChipPlace = {
    chip: [x, y],
    room: CHIP.w + STEM,
    stem: [
      [edge, y],
      [x, y],
    ],
    low: false,
  };
  return { away: Math.abs(edge - first[0]), place };
}

/** Distance and cost stand this far above and below a level link (px). */
const WORDS = 56;

/** In the street to the next column, clear of the words of a link through it. */
function inStreet(layout: Layout, body: BodyBox, from: Point): ChipPlace | null {
  const side = columnLeft(layout, body.column + 1) === undefined ? -1 : 1;
  const x = streetBeside(layout, body, side);
  const edge = side > 0 ? rightOf(body) : body.x;
  if (Math.abs(x - edge) < CHIP.w / 3) return null;
  const clear = CHIP.h / 2 + WORDS;
  const links = layout.links.filter((link) => link.kind === 'across' && link.from[0] < x && x < link.to[0]);
  const link = links.find((one) => Math.abs(one.from[1] - from[1]) < clear)?.from[1];
  const high = link === undefined ? from[1] : link - clear;
  const wanted = link !== undefined && high - CHIP.h / 2 < body.y ? link + clear : Math.max(high, body.y + CHIP.h / 2);
  const y = Math.min(wanted, layout.height - CHIP.h / 2 - 4);
  return {
    chip: [x, y],
    room: 2 * Math.abs(x - edge),
    stem: [
      [edge, y],
      [x, y],
    ],
    low: false,
  };
}

/** For a line within one body: below it or beside the machine, whichever is nearer; else in the street beside it, else along the lower edge. */
export function chipBeside(layout: Layout, body: BodyBox, points: readonly Point[]): ChipPlace {
  const options = [
    underBody(layout, body, points),
    inMargin(layout, body, points, 1),
    inMargin(layout, body, points, -1),
  ].filter((one) => one !== null);
  const [nearest] = options.sort((a, b) => a.away - b.away);
  if (nearest) return nearest.place;
  const [middle = points[0]] = points.slice(Math.floor((points.length - 1) / 2));
  const street = inStreet(layout, body, middle ?? [body.x, body.y]);
  return street ?? { chip: [centreX(body), layout.height - LOW.h / 2 - 2], stem: null, room: null, low: true };
}
