/** Owns the small picture of a large machine in the board's corner: what of it one sees, and where to look next. */

import type { Box, Point } from '../../model/layout/box.ts';
import { centreX, centreY } from '../../model/layout/box.ts';
import { puOf } from '../../model/layout/find.ts';
import type { Layout } from '../../model/layout/types.ts';
import { mark } from '../../model/svg/marks.ts';
import type { Mark } from '../../model/svg/marks.ts';
import { idsIn } from '../../model/placement/slots.ts';
import type { Placement, Slot } from '../../model/placement/slots.ts';
import { paintMarks, svgElement } from './paint.ts';

/** Machines of fewer CPUs are found again without it. */
const BIG = 128;
const MOST = { w: 168, h: 112 };

interface Placed {
  readonly slots: readonly Slot[];
  readonly placement: Placement;
}

export class Minimap {
  readonly #box = document.createElement('div');
  readonly #machine = svgElement('g');
  readonly #sight = svgElement('rect', 'sight');
  readonly #svg = svgElement('svg');
  #layout: Layout | null = null;
  #placement: Placement | null = null;
  #scale = 1;

  /** @param look asked to bring a point of the layout into the middle of the board. */
  constructor(board: HTMLElement, look: (point: Point) => void) {
    this.#box.className = 'minimap';
    // What it does the arrows and the wheel do too, and what it shows stands on the board.
    this.#box.setAttribute('aria-hidden', 'true');
    this.#box.hidden = true;
    this.#svg.append(this.#machine, this.#sight);
    this.#box.append(this.#svg);
    board.append(this.#box);
    const at = (event: PointerEvent): void => {
      const { left, top } = this.#svg.getBoundingClientRect();
      look([(event.clientX - left) / this.#scale, (event.clientY - top) / this.#scale]);
    };
    this.#box.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#box.setPointerCapture(event.pointerId);
      at(event);
    });
    this.#box.addEventListener('pointermove', (event) => {
      if (this.#box.hasPointerCapture(event.pointerId)) at(event);
    });
  }

  /** @param sight what of the layout is on the board. */
  show(layout: Layout, { slots, placement }: Placed, sight: Box): void {
    const whole = sight.w >= layout.width && sight.h >= layout.height;
    this.#box.hidden = whole || layout.pus.length < BIG;
    if (this.#box.hidden) return;
    if (layout !== this.#layout) {
      this.#scale = Math.min(MOST.w / layout.width, MOST.h / layout.height);
      this.#svg.setAttribute('width', String(Math.round(layout.width * this.#scale)));
      this.#svg.setAttribute('height', String(Math.round(layout.height * this.#scale)));
    }
    const small = (box: Box): Record<string, number> => ({
      x: box.x * this.#scale,
      y: box.y * this.#scale,
      width: box.w * this.#scale,
      height: box.h * this.#scale,
    });
    if (layout !== this.#layout || placement !== this.#placement) this.#paint(layout, { slots, placement }, small);
    [this.#layout, this.#placement] = [layout, placement];
    for (const [name, value] of Object.entries(small(sight))) this.#sight.setAttribute(name, value.toFixed(1));
  }

  #paint(layout: Layout, { slots, placement }: Placed, small: (box: Box) => Record<string, number>): void {
    const cpus = slots.filter(({ on }) => on === 'cpus').flatMap(({ name }) => idsIn(placement, name));
    const tokens = cpus.flatMap((cpu): Mark[] => {
      const box = puOf(layout, cpu);
      const [x, y] = box ? [centreX(box) * this.#scale, centreY(box) * this.#scale] : [0, 0];
      return box ? [mark('rect.tok', { x: x - 3, y: y - 3, width: 6, height: 6 })] : [];
    });
    paintMarks(this.#machine, [
      ...layout.packages.map((box) => mark('rect.pkg', small(box))),
      ...layout.nodes.map((box) => mark('rect.node', small(box))),
      ...tokens,
    ]);
  }

  destroy(): void {
    this.#box.remove();
  }
}
