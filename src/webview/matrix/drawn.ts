/** Owns the drawn cells of the matrix: one picture as large as what is in sight, however many cells there are, and what points at it. */

import { cellAt, HEADS, roomsForFigures, sheetMarks } from '../../model/svg/sheet.ts';
import type { Lit, SheetFace, Sight } from '../../model/svg/sheet.ts';
import { paintMarks } from '../machine/paint.ts';
import { keepContrast } from '../machine/contrast.ts';
import { el, svg } from '../ui/dom.ts';

/** Of a cell (px): smaller ones are not told apart, larger ones hold no more. */
const LEAST = 5;
const MOST = { nodes: { w: 112, h: 48 }, cpus: { w: 56, h: 28 } } as const;
const NEARER = 1.5;
const NEAREST = 12;

export interface Pointing {
  /** Null: at no cell any more. */
  pointed(cell: Lit | null): void;
  clicked(cell: Lit): void;
}

export class Drawn {
  readonly element: HTMLElement;
  /** Where the cells lie that keys and assistive technology go through. */
  readonly layer: HTMLElement;
  readonly #svg = svg('svg', { 'aria-hidden': 'true' });
  readonly #room = el('div.matrix-room');
  #face: SheetFace | null = null;
  #nearer = 1;
  #size = { w: LEAST, h: LEAST };

  constructor(pointing: Pointing, resized: () => void) {
    this.layer = el('div.matrix-sight', {}, this.#svg);
    this.element = el('div.matrix-scroll', {}, this.layer, this.#room);
    keepContrast(this.element);
    this.element.addEventListener('scroll', () => this.#paint(), { passive: true });
    new ResizeObserver(resized).observe(this.element);
    const at = (event: MouseEvent): Lit | null => {
      const { left, top } = this.layer.getBoundingClientRect();
      return this.#face && cellAt(this.#face.sheet, this.#sight(), [event.clientX - left, event.clientY - top]);
    };
    this.layer.addEventListener('pointermove', (event) => pointing.pointed(at(event)));
    this.layer.addEventListener('pointerleave', () => pointing.pointed(null));
    this.layer.addEventListener('click', (event) => {
      const cell = at(event);
      if (cell) pointing.clicked(cell);
    });
  }

  show(face: SheetFace): void {
    this.#face = face;
    this.#measure();
    this.#paint();
  }

  /** Other cells are looked at: from their beginning, as large as they fit. */
  reset(): void {
    this.#nearer = 1;
    this.element.scrollTo(0, 0);
  }

  /** In steps; 0: as it fits. */
  zoom(by: -1 | 0 | 1): void {
    this.#nearer = by === 0 ? 1 : Math.max(1, Math.min(NEAREST, this.#nearer * (by > 0 ? NEARER : 1 / NEARER)));
    this.#measure();
    this.#paint();
  }

  /** Whether figures stand in the cells. */
  get figures(): boolean {
    return roomsForFigures(this.#size);
  }

  reveal({ row, column }: Lit): void {
    const { element } = this;
    const into = (at: number, size: number, from: number, room: number): number =>
      at * size < from ? at * size : (at + 1) * size > from + room ? (at + 1) * size - room : from;
    const left = into(column ?? 0, this.#size.w, element.scrollLeft, element.clientWidth - HEADS.w);
    const top = into(row ?? 0, this.#size.h, element.scrollTop, element.clientHeight - HEADS.h);
    if (left !== element.scrollLeft || top !== element.scrollTop) element.scrollTo(left, top);
  }

  /** px of a cell within what is in sight. */
  boxOf({ row, column }: Lit): { readonly x: number; readonly y: number; readonly w: number; readonly h: number } {
    const { w, h, left, top } = this.#sight();
    return { x: HEADS.w + (column ?? 0) * w - left, y: HEADS.h + (row ?? 0) * h - top, w, h };
  }

  /** All of it where it fits; smaller than `LEAST` no cell is, and the rest is scrolled to. */
  #measure(): void {
    if (!this.#face) return;
    const { rows, columns, level } = this.#face.sheet;
    const most = MOST[level];
    const fitting = {
      w: Math.min(most.w, (this.element.clientWidth - HEADS.w) / Math.max(1, columns.length)),
      h: Math.min(most.h, (this.element.clientHeight - HEADS.h) / Math.max(1, rows.length)),
    };
    const square = Math.min(fitting.w, fitting.h);
    const { w, h } = roomsForFigures(fitting) ? fitting : { w: square, h: square };
    const sized = (px: number): number => Math.max(LEAST, Math.floor(px) * this.#nearer);
    this.#size = { w: sized(w), h: sized(h) };
    this.#room.style.width = `${HEADS.w + this.#size.w * columns.length}px`;
    this.#room.style.height = `${HEADS.h + this.#size.h * rows.length}px`;
  }

  #sight(): Sight {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.element;
    return { ...this.#size, left: scrollLeft, top: scrollTop, width: clientWidth, height: clientHeight };
  }

  #paint(): void {
    if (!this.#face) return;
    const sight = this.#sight();
    this.#svg.setAttribute('width', String(sight.width));
    this.#svg.setAttribute('height', String(sight.height));
    paintMarks(this.#svg, sheetMarks(this.#face, sight));
  }
}
