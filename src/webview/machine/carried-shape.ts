/** Owns the shape of a carried token: it follows the pointer over the whole page, and goes home when refused. */

import { tokenMark } from '../../model/svg/token.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { paintMarks, svgElement } from './paint.ts';
import { lessMotion } from './stage.ts';

const SIZE = { x: 1, y: 1, w: 28, h: 22 };
const HOME_MS = 120;

export class CarriedShape {
  readonly #box = document.createElement('div');
  readonly #svg = svgElement('svg');
  #slot: Slot | null = null;

  constructor() {
    this.#box.className = 'np-carried';
    this.#box.setAttribute('aria-hidden', 'true');
    this.#svg.setAttribute('width', '30');
    this.#svg.setAttribute('height', '24');
    this.#box.append(this.#svg);
  }

  /** In pixels of the window. */
  moveTo(slot: Slot, x: number, y: number): void {
    if (this.#slot !== slot) {
      this.#slot = slot;
      // Only the tokens on the board and in the tray carry data-token: this one is neither.
      const { children } = tokenMark(slot, SIZE);
      paintMarks(
        this.#svg,
        children.filter((child) => typeof child !== 'string'),
      );
    }
    if (!this.#box.isConnected) document.body.append(this.#box);
    this.#box.style.transition = '';
    this.#box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  goHome(x: number, y: number): void {
    if (lessMotion()) {
      this.hide();
      return;
    }
    this.#box.style.transition = `transform ${HOME_MS}ms ease-out`;
    this.#box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    setTimeout(() => this.hide(), HOME_MS);
  }

  hide(): void {
    this.#box.remove();
  }
}
