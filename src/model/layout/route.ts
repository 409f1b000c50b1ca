/**
 * The line from one thread to another, and from memory to a thread: in the gutters only, out of the cell to the inner
 * margin of its body, over the link between neighbours or along the streets between bodies, and in again.
 */

import { max, min } from 'd3-array';
import { bottomOf, centreX, centreY, rightOf } from './box.ts';
import type { Point } from './box.ts';
import { nodeBoxOf, puOf } from './find.ts';
import { columnLeft, columnRight, OUTSIDE, streetBelow, streetBeside } from './streets.ts';
import type { BodyBox, Layout, Link, NodeBox, PuBox } from './types.ts';

export interface Route {
  readonly points: readonly Point[];
  /** The link it runs over, if it does. */
  readonly link: Link | null;
  /** Middle of the chip with the figure. */
  readonly chip: Point;
  /** px from body to body where the chip stands; null where none is beside it. */
  readonly room: number | null;
  /** From the line to the chip, where the chip does not sit on the line. */
  readonly stem: readonly Point[] | null;
}

/** px inside a body's edge, where the line between the threads runs; others keep nearer to the edge. */
const INSIDE = 8.5;
/** Room the chip takes with its margins. */
export const CHIP = { w: 100, h: 58 };

interface Port {
  readonly body: BodyBox;
  /** From the thing itself to where the gutter begins. */
  readonly lead: readonly Point[];
  readonly y: number;
  /** px by which its line keeps aside of another one in the margin of a body. */
  readonly aside: number;
}

/** Memory's dots beside the line between the threads, where both go the same way (px). */
const BESIDE = 5;

function puPort(layout: Layout, pu: PuBox, offset: number): Port | null {
  const body = layout.bodies[pu.body];
  if (!body) return null;
  const y = pu.gutterY + offset;
  const [x, out] = [pu.gutterX + offset * 0.8, centreY(pu) + offset];
  const lead: Point[] = pu.stacked
    ? [
        [rightOf(pu), out],
        [x, out],
        [x, y],
      ]
    : [
        [centreX(pu) + offset, bottomOf(pu)],
        [centreX(pu) + offset, y],
      ];
  return { body, lead, y, aside: Math.max(0, -1.5 * offset) };
}

/** px below a node bar, in the gap to what it stands over. */
const BELOW_BAR = 4;

function nodePort(layout: Layout, node: NodeBox): Port | null {
  const body = layout.bodies[node.body];
  if (!body) return null;
  const x = node.x + 24;
  const y = bottomOf(node) + BELOW_BAR;
  // Below it other bars may stand: left of them, down to the body's upper edge.
  if (node.bare)
    return {
      body,
      lead: [
        [x, bottomOf(node)],
        [x, y],
        [body.x + INSIDE - BESIDE, y],
        [body.x + INSIDE - BESIDE, body.y - OUTSIDE],
      ],
      y: body.y - OUTSIDE,
      aside: BESIDE,
    };
  return {
    body,
    lead: [
      [x, bottomOf(node)],
      [x, y],
    ],
    y,
    aside: BESIDE,
  };
}

function sameBody(layout: Layout, a: Port, b: Port): Route {
  const { body } = a;
  const back = [...b.lead].reverse();
  const margin = body.x + INSIDE - a.aside;
  const points: Point[] = a.y === b.y ? [...a.lead, ...back] : [...a.lead, [margin, a.y], [margin, b.y], ...back];
  const from: Point =
    a.y === b.y ? [((a.lead.at(-1)?.[0] ?? 0) + (b.lead.at(-1)?.[0] ?? 0)) / 2, a.y] : [margin, (a.y + b.y) / 2];
  return { points, link: null, ...chipBeside(layout, body, from) };
}

/** Distance and cost stand this far above and below a level link (px). */
const WORDS = 56;

/** For a line that crosses no gap: below the body, else in the street beside it and clear of the link's words. */
function chipBeside(layout: Layout, body: BodyBox, from: Point): Pick<Route, 'chip' | 'stem' | 'room'> {
  const lower = layout.bodies.filter((other) => other.column === body.column && other.row > body.row);
  const floor = min(lower, (other) => other.y) ?? layout.height;
  const below = bottomOf(body) + 17 + CHIP.h / 2;
  if (below + CHIP.h / 2 <= floor) {
    const x = Math.max(body.x + CHIP.w / 2, Math.min(rightOf(body) - CHIP.w / 2, from[0]));
    return {
      chip: [x, below],
      room: null,
      stem: [
        [x, bottomOf(body)],
        [x, below],
      ],
    };
  }
  const side = columnLeft(layout, body.column + 1) === undefined ? -1 : 1;
  const x = streetBeside(layout, body, side);
  const edge = side > 0 ? rightOf(body) : body.x;
  // No street, or none that could hold it: over the lower edge.
  if (Math.abs(x - edge) < CHIP.w / 3)
    return { chip: [centreX(body), layout.height - CHIP.h / 2 - 4], stem: null, room: null };
  const clear = CHIP.h / 2 + WORDS;
  const links = layout.links.filter((link) => link.kind === 'across' && link.from[0] < x && x < link.to[0]);
  const link = links.find((one) => Math.abs(one.from[1] - from[1]) < clear)?.from[1];
  const high = link === undefined ? from[1] : link - clear;
  const y = link !== undefined && high - CHIP.h / 2 < body.y ? link + clear : Math.max(high, body.y + CHIP.h / 2);
  return {
    chip: [x, y],
    room: 2 * Math.abs(x - edge),
    stem: [
      [edge, y],
      [x, y],
    ],
  };
}

function overLink(a: Port, b: Port, link: Link, beside: number): Route {
  const [A, B] = [a.body, b.body];
  const back = [...b.lead].reverse();
  if (link.kind === 'across') {
    const toRight = A.x < B.x;
    const inside = INSIDE - beside;
    const [out, into] = toRight ? [rightOf(A) - inside, B.x + inside] : [A.x + inside, rightOf(B) - inside];
    const level = link.from[1];
    const y = level + (a.y > level && b.y > level ? beside : -beside);
    const points: Point[] = [...a.lead, [out, a.y], [out, y], [into, y], [into, b.y], ...back];
    return {
      points,
      link,
      chip: [(link.from[0] + link.to[0]) / 2, level - CHIP.h / 2 - 10],
      stem: null,
      room: link.room,
    };
  }
  const down = A.y < B.y;
  const x = link.from[0] - beside;
  const [inside, outside] = [INSIDE - beside, OUTSIDE + beside];
  const [out, into] = down ? [bottomOf(A) + outside, B.y - outside] : [A.y - outside, bottomOf(B) + outside];
  const points: Point[] = [
    ...a.lead,
    [A.x + inside, a.y],
    [A.x + inside, out],
    [x, out],
    [x, into],
    [B.x + inside, into],
    [B.x + inside, b.y],
    ...back,
  ];
  const middle = (link.from[1] + link.to[1]) / 2;
  return { points, link, chip: [link.from[0] + 16 + CHIP.w / 2, middle], stem: null, room: null };
}

/** Bodies that do not face each other: along the streets. */
function alongStreets(layout: Layout, a: Port, b: Port, beside: number): Route {
  const [A, B] = [a.body, b.body];
  // Bodies of one column: on the side where a street is.
  const inner = columnLeft(layout, A.column + 1) !== undefined;
  const side = A.column < B.column || (A.column === B.column && inner) ? 1 : -1;
  const outside = OUTSIDE + beside;
  const edge = (column: number, to: number): number =>
    to > 0 ? (columnRight(layout, column) ?? 0) + outside : (columnLeft(layout, column) ?? 0) - outside;
  const outX = edge(A.column, side);
  const inX = edge(B.column, A.column === B.column ? side : -side);
  const lastRow = max(layout.bodies, (body) => body.row) ?? 0;
  const row = A.row < B.row ? B.row - 1 : A.row > B.row ? B.row : A.row === lastRow && A.row > 0 ? A.row - 1 : A.row;
  // Within one crossing of streets the middle is free; further, words of other links stand in it.
  const y = streetBelow(layout, row, Math.abs(A.column - B.column) === 1 ? 'middle' : 'upper') - beside;
  const points: Point[] = [...a.lead, [outX, a.y], [outX, y], [inX, y], [inX, b.y], ...[...b.lead].reverse()];
  const chipY = Math.min(y, layout.height - CHIP.h / 2 - 4);
  const chipX = streetBeside(layout, A, side);
  const own = side > 0 ? columnRight(layout, A.column) : columnLeft(layout, A.column);
  const room = 2 * Math.abs(chipX - (own ?? 0));
  return { points, link: null, chip: [chipX, chipY], stem: null, room: room < 3 * OUTSIDE ? null : room };
}

function connect(layout: Layout, a: Port | null, b: Port | null, beside = 0): Route | null {
  if (!a || !b) return null;
  if (a.body === b.body) return sameBody(layout, a, b);
  const link = layout.links.find(
    ({ bodies: [from, to], kind }) =>
      kind !== 'bare' &&
      kind !== 'inside' &&
      [layout.bodies[from], layout.bodies[to]].includes(a.body) &&
      [layout.bodies[from], layout.bodies[to]].includes(b.body),
  );
  return link ? overLink(a, b, link, beside) : alongStreets(layout, a, b, beside);
}

/** @param offset px by which lines in one gutter are kept apart. */
export function routeBetween(layout: Layout, from: number, to: number, offset = 0): Route | null {
  const [a, b] = [puOf(layout, from), puOf(layout, to)];
  return a && b ? connect(layout, puPort(layout, a, offset), puPort(layout, b, offset)) : null;
}

/** From the node its pages are on to the thread that works on them. */
export function memoryRoute(layout: Layout, node: number, cpu: number): Route | null {
  const [a, b] = [nodeBoxOf(layout, node), puOf(layout, cpu)];
  return a && b ? connect(layout, nodePort(layout, a), puPort(layout, b, -3), BESIDE) : null;
}
