/** Rectangles in pixels of the drawing, y downwards. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Point = readonly [x: number, y: number];

export const rightOf = (box: Box): number => box.x + box.w;
export const bottomOf = (box: Box): number => box.y + box.h;
export const centreX = (box: Box): number => box.x + box.w / 2;
export const centreY = (box: Box): number => box.y + box.h / 2;

/** Whether the point lies in the box, or within `slack` px of it. */
export function contains(box: Box, [x, y]: Point, slack = 0): boolean {
  return x >= box.x - slack && x <= rightOf(box) + slack && y >= box.y - slack && y <= bottomOf(box) + slack;
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < rightOf(b) && b.x < rightOf(a) && a.y < bottomOf(b) && b.y < bottomOf(a);
}

/** The same thing with its rectangle magnified from the origin. */
export function scaleBox<B extends Box>(box: B, k: number): B {
  return { ...box, x: box.x * k, y: box.y * k, w: box.w * k, h: box.h * k };
}
