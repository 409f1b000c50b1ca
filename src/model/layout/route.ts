/**
 * The line from one thread to another, and from memory to a thread: in the gutters only, out of the cell to the inner
 * margin of its body, over the link between neighbours or along the streets between bodies, and in again.
 */

import { max } from 'd3-array';
import { bottomOf, centreX, centreY, rightOf } from './box.ts';
import type { Point } from './box.ts';
import { nodeBoxOf, puOf } from './find.ts';
import { outOfFrame, packageOf, withinFrame } from './frame.ts';
import type { Port } from './frame.ts';
import { CHIP, chipBeside, LOW_GAP } from './chip-place.ts';
import type { ChipPlace } from './chip-place.ts';
import { columnLeft, columnRight, OUTSIDE, streetBelow, streetBeside } from './streets.ts';
import type { Layout, Link, NodeBox, PuBox } from './types.ts';

export interface Route extends ChipPlace {
  readonly points: readonly Point[];
  /** The link it runs over, if it does. */
  readonly link: Link | null;
}

/** px inside a body's edge, where the line between the threads runs; others keep nearer to the edge. */
const INSIDE = 8.5;
/** Margins and gaps of a drawing made smaller are narrower. */
const small = (layout: Layout): number => Math.min(1, layout.unit);

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
  return { body, package: packageOf(layout, pu), lead, y, aside: Math.max(0, -1.5 * offset) * small(layout) };
}

/** px below a node bar, in the gap to what it stands over. */
const BELOW_BAR = 4;

function nodePort(layout: Layout, node: NodeBox): Port | null {
  const body = layout.bodies[node.body];
  if (!body) return null;
  const k = small(layout);
  const x = node.x + 24;
  const y = bottomOf(node) + BELOW_BAR * k;
  // Below it other bars may stand: left of them, down to the body's upper edge.
  if (node.bare)
    return {
      body,
      lead: [
        [x, bottomOf(node)],
        [x, y],
        [body.x + (INSIDE - BESIDE) * k, y],
        [body.x + (INSIDE - BESIDE) * k, body.y - OUTSIDE * k],
      ],
      y: body.y - OUTSIDE * k,
      package: null,
      aside: BESIDE * k,
    };
  return {
    body,
    lead: [
      [x, bottomOf(node)],
      [x, y],
    ],
    y,
    package: null,
    aside: BESIDE * k,
  };
}

function sameBody(layout: Layout, a: Port, b: Port): Route {
  const { body } = a;
  const inside = INSIDE * small(layout);
  const framed = withinFrame(layout, a, b, inside);
  if (framed) {
    const { points, chip, room, link } = framed;
    const at = link ? chip && ([chip[0] + 16 + CHIP.w / 2, chip[1]] as const) : chip;
    if (at) return { points, link, chip: at, room, stem: null, low: link !== null };
    return { points, link: null, ...chipBeside(layout, body, points) };
  }
  const back = [...b.lead].reverse();
  const margin = (a.package ?? body).x + inside - a.aside;
  const points: Point[] = a.y === b.y ? [...a.lead, ...back] : [...a.lead, [margin, a.y], [margin, b.y], ...back];
  return { points, link: null, ...chipBeside(layout, body, points) };
}

function overLink(layout: Layout, a: Port, b: Port, link: Link, beside: number): Route {
  const [A, B] = [a.body, b.body];
  const inside = INSIDE * small(layout) - beside;
  if (link.kind === 'across') {
    const toRight = A.x < B.x;
    const [from, to] = [outOfFrame(layout, a, toRight ? 1 : -1), outOfFrame(layout, b, toRight ? -1 : 1)];
    const [out, into] = toRight ? [rightOf(A) - inside, B.x + inside] : [A.x + inside, rightOf(B) - inside];
    const level = link.from[1];
    const y = level + (from.y > level && to.y > level ? beside : -beside);
    const points: Point[] = [...from.lead, [out, from.y], [out, y], [into, y], [into, to.y], ...[...to.lead].reverse()];
    return {
      points,
      link,
      chip: [(link.from[0] + link.to[0]) / 2, level - CHIP.h / 2 - 10],
      stem: null,
      room: link.room,
      low: false,
    };
  }
  const down = A.y < B.y;
  const x = link.from[0] - beside;
  const outside = OUTSIDE * small(layout) + beside;
  const [from, to] = [outOfFrame(layout, a, -1), outOfFrame(layout, b, -1)];
  const [out, into] = down ? [bottomOf(A) + outside, B.y - outside] : [A.y - outside, bottomOf(B) + outside];
  const points: Point[] = [
    ...from.lead,
    [A.x + inside, from.y],
    [A.x + inside, out],
    [x, out],
    [x, into],
    [B.x + inside, into],
    [B.x + inside, to.y],
    ...[...to.lead].reverse(),
  ];
  const middle = (link.from[1] + link.to[1]) / 2;
  const low = Math.abs(link.to[1] - link.from[1]) < LOW_GAP;
  return { points, link, chip: [link.from[0] + 16 + CHIP.w / 2, middle], stem: null, room: null, low };
}

/** Bodies that do not face each other: along the streets. */
function alongStreets(layout: Layout, a: Port, b: Port, beside: number): Route {
  const [A, B] = [a.body, b.body];
  // Bodies of one column: on the side where a street is.
  const inner = columnLeft(layout, A.column + 1) !== undefined;
  const side = A.column < B.column || (A.column === B.column && inner) ? 1 : -1;
  const outside = OUTSIDE * small(layout) + beside;
  const edge = (column: number, to: number): number =>
    to > 0 ? (columnRight(layout, column) ?? 0) + outside : (columnLeft(layout, column) ?? 0) - outside;
  const outX = edge(A.column, side);
  const inX = edge(B.column, A.column === B.column ? side : -side);
  const lastRow = max(layout.bodies, (body) => body.row) ?? 0;
  const row = A.row < B.row ? B.row - 1 : A.row > B.row ? B.row : A.row === lastRow && A.row > 0 ? A.row - 1 : A.row;
  // Within one crossing of streets the middle is free; further, words of other links stand in it.
  const y = streetBelow(layout, row, Math.abs(A.column - B.column) === 1 ? 'middle' : 'upper') - beside;
  const from = outOfFrame(layout, a, side);
  const to = outOfFrame(layout, b, A.column === B.column ? side : side > 0 ? -1 : 1);
  const points: Point[] = [...from.lead, [outX, from.y], [outX, y], [inX, y], [inX, to.y], ...[...to.lead].reverse()];
  const chipY = Math.min(y, layout.height - CHIP.h / 2 - 4);
  const chipX = streetBeside(layout, A, side);
  const own = side > 0 ? columnRight(layout, A.column) : columnLeft(layout, A.column);
  const room = 2 * Math.abs(chipX - (own ?? 0));
  return { points, link: null, chip: [chipX, chipY], stem: null, room: room < 3 * OUTSIDE ? null : room, low: false };
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
  const apart = beside * small(layout);
  return link ? overLink(layout, a, b, link, apart) : alongStreets(layout, a, b, apart);
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
