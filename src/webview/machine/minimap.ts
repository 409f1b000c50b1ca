/** Owns the small picture of a large machine: what of it one sees, and where to look next. It stands in the tray, where it covers nothing. */

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
/** A token is seen at this share of the map's width. */
const TOKEN = 1 / 28;

interface Placed {
  readonly slots: readonly Slot[];
  readonly placement: Placement;
}

/** What a rectangle of it says in SVG. */
const rect = ({ x, y, w, h }: Box): Record<string, number> => ({ x, y, width: w, height: h });

export class Minimap {
  readonly #element: HTMLElement;
  readonly #machine = svgElement('g');
  readonly #sight = svgElement('rect', 'sight');
  readonly #svg = svgElement('svg');
  #layout: Layout | null = null;
  #placement: Placement | null = null;

  /**
   * @param element hidden from assistive technology: what it does arrows and wheel do too, and what it shows stands on the board.
   * @param look asked to bring a point of the layout into the middle of the board.
   */
  constructor(element: HTMLElement, look: (point: Point) => void) {
    this.#element = element;
    this.#svg.append(this.#machine, this.#sight);
    this.#element.append(this.#svg);
    const at = ({ clientX, clientY }: PointerEvent): void => {
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(this.#svg.getScreenCTM()?.inverse());
      look([x, y]);
    };
    this.#svg.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#svg.setPointerCapture(event.pointerId);
      at(event);
    });
    this.#svg.addEventListener('pointermove', (event) => {
      if (this.#svg.hasPointerCapture(event.pointerId)) at(event);
    });
  }

  /** @param sight what of the layout is on the board; null: all of it. */
  show(layout: Layout, { slots, placement }: Placed, sight: Box | null): void {
    this.#element.hidden = sight === null || layout.pus.length < BIG;
    if (this.#element.hidden || sight === null) return;
    if (layout !== this.#layout) this.#svg.setAttribute('viewBox', `0 0 ${layout.width} ${layout.height}`);
    if (layout !== this.#layout || placement !== this.#placement) this.#paint(layout, { slots, placement });
    [this.#layout, this.#placement] = [layout, placement];
    for (const [name, value] of Object.entries(rect(sight))) this.#sight.setAttribute(name, value.toFixed(1));
  }

  #paint(layout: Layout, { slots, placement }: Placed): void {
    const cpus = slots.filter(({ on }) => on === 'cpus').flatMap(({ name }) => idsIn(placement, name));
    const size = layout.width * TOKEN;
    const tokens = cpus.flatMap((cpu): Mark[] => {
      const box = puOf(layout, cpu);
      if (!box) return [];
      return [mark('rect.tok', rect({ x: centreX(box) - size / 2, y: centreY(box) - size / 2, w: size, h: size }))];
    });
    paintMarks(this.#machine, [
      ...layout.packages.map((box) => mark('rect.pkg', rect(box))),
      ...layout.nodes.map((box) => mark('rect.node', rect(box))),
      ...tokens,
    ]);
  }
}
