/** Lines between packages that stand in one frame, because one node spans them: along the gaps between them, through none. */

import { max, min } from 'd3-array';
import { bottomOf, centreX, centreY, contains, rightOf } from './box.ts';
import type { Box, Point } from './box.ts';
import type { BodyBox, Layout, Link, PackageBox, PuBox } from './types.ts';

/** Where a line leaves what it ends at. */
export interface Port {
  readonly body: BodyBox;
  /** The package it is in, where several stand in its body. */
  readonly package: PackageBox | null;
  /** From the thing itself to where the gutter begins. */
  readonly lead: readonly Point[];
  readonly y: number;
  /** px by which its line keeps aside of another one in the margin of a body. */
  readonly aside: number;
}

export function packageOf(layout: Layout, pu: PuBox): PackageBox | null {
  if (!layout.bodies[pu.body]?.frame) return null;
  const middle: Point = [centreX(pu), centreY(pu)];
  return layout.packages.find((one) => one.body === pu.body && contains(one, middle)) ?? null;
}

const inRow = (a: Box, b: Box): boolean => a.y < bottomOf(b) && b.y < bottomOf(a);
const inColumn = (a: Box, b: Box): boolean => a.x < rightOf(b) && b.x < rightOf(a);

/** Middle of the gap beside a package, or of what is left to the frame's edge. */
function beside(layout: Layout, { body, package: own }: Port, side: 1 | -1): number {
  if (!own) return centreX(body);
  const others = layout.packages.filter((one) => one.body === own.body && one !== own && inRow(one, own));
  if (side > 0) {
    const next = min(others, (one) => (one.x >= rightOf(own) ? one.x : undefined));
    return (rightOf(own) + (next ?? rightOf(body))) / 2;
  }
  const next = max(others, (one) => (rightOf(one) <= own.x ? rightOf(one) : undefined));
  return (own.x + (next ?? body.x)) / 2;
}

/** Middle of the gap below the row of a package, or of what is left to the frame's edge. */
function below(layout: Layout, body: BodyBox, own: PackageBox): number {
  const next = min(layout.packages, (one) =>
    one.body === own.body && one.y >= bottomOf(own) && one !== own ? one.y : undefined,
  );
  return (bottomOf(own) + (next ?? bottomOf(body))) / 2;
}

/** The same port at the edge of its frame: past the packages that stand between it and that side. */
export function outOfFrame(layout: Layout, port: Port, side: 1 | -1): Port {
  const { body, package: own, lead, y, aside } = port;
  const between = layout.packages.some(
    (one) => one.body === own?.body && inRow(one, own) && (side > 0 ? one.x >= rightOf(own) : one.x < own.x),
  );
  if (!own || !between) return port;
  const apart = Math.min(aside, NEAR);
  const [x, street] = [beside(layout, port, side) - apart, below(layout, body, own) - apart];
  return { ...port, lead: [...lead, [x, y], [x, street]], y: street };
}

/** px by which two lines in one gap keep apart. */
const NEAR = 3;

/** Room for the line, and for the figure on it where two packages face each other. */
export interface FrameRoute {
  readonly points: readonly Point[];
  readonly chip: Point | null;
  readonly room: number | null;
  readonly link: Link | null;
}

/** px of a gap beside a package that holds a figure; below one a line of it. */
const WIDE = 80;
const LOW = { w: 220, h: 30 };
/** What a figure takes above and below its middle. */
const HALF = 30;

/** From a port without a package, the node's bar above all, or from one package to another. */
export function withinFrame(layout: Layout, a: Port, b: Port, inside: number): FrameRoute | null {
  const [A, B] = [a.package, b.package];
  if (!B || A === B) return null;
  const back = [...b.lead].reverse();
  // A gap is narrower than the margin of a body.
  const aside = Math.min(a.aside, NEAR);
  if (!A) {
    const x = beside(layout, b, -1) - aside;
    return { points: [...a.lead, [x, a.y], [x, b.y], ...back], chip: null, room: null, link: null };
  }
  const side = A.x < B.x ? 1 : -1;
  if (inColumn(A, B)) {
    const [high, low] = A.y < B.y ? [A, B] : [B, A];
    const next = below(layout, a.body, high) * 2 - bottomOf(high);
    const x = A.x + inside - aside;
    const points: Point[] = [...a.lead, [x, a.y], [x, b.y], ...back];
    if (Math.abs(next - low.y) < 1) {
      const holds = low.y - bottomOf(high) >= LOW.h && low.w >= LOW.w;
      if (!holds) return { points, chip: null, room: null, link: null };
      const [from, to]: [Point, Point] = [
        [x, bottomOf(high)],
        [x, low.y],
      ];
      const middle = (from[1] + to[1]) / 2;
      const link: Link = {
        ...{ from, to, kind: 'down', wordsY: middle, distance: null, nodes: [-1, -1] },
        ...{ bodies: [A.body, A.body], room: low.w },
      };
      return { points, chip: [x, middle], room: null, link };
    }
    const street = beside(layout, a, -1) - aside;
    return { points: [...a.lead, [street, a.y], [street, b.y], ...back], chip: null, room: null, link: null };
  }
  const [x, into] = [beside(layout, a, side) - aside, beside(layout, b, side > 0 ? -1 : 1) - aside];
  if (Math.abs(x - into) < 1) {
    const room = side > 0 ? B.x - rightOf(A) : A.x - rightOf(B);
    const [high, low] = [Math.max(A.y, B.y) + HALF, Math.min(bottomOf(A), bottomOf(B)) - HALF];
    const level = high > low ? (high + low) / 2 : Math.max(high, Math.min(low, (a.y + b.y) / 2));
    const chip: Point | null = room >= WIDE ? [x + aside, level] : null;
    return { points: [...a.lead, [x, a.y], [x, b.y], ...back], chip, room: chip && room, link: null };
  }
  const street = below(layout, a.body, A.y > B.y ? B : A) - aside;
  const points: Point[] = [...a.lead, [x, a.y], [x, street], [into, street], [into, b.y], ...back];
  return { points, chip: null, room: null, link: null };
}
