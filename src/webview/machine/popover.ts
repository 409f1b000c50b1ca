/** Owns the pop-over beside what is pointed at. It repeats facts that stand elsewhere too: no reader needs it. */

import { select } from 'd3-selection';
import type { Point } from '../../model/layout/box.ts';

export interface PopText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly tone: 'plain' | 'carry' | 'refused';
}

const GAP = 12;
const STAY_MS = 3000;

export class Popover {
  readonly #board: HTMLElement;
  readonly #box = document.createElement('div');
  #stay = 0;

  constructor(board: HTMLElement) {
    this.#board = board;
    this.#box.className = 'np-pop';
    this.#box.hidden = true;
    this.#box.setAttribute('aria-hidden', 'true');
    board.append(this.#box);
  }

  /** Right below the point, or on its other side where the board ends. */
  show(text: PopText, [x, y]: Point): void {
    clearTimeout(this.#stay);
    this.#stay = 0;
    this.#box.hidden = false;
    this.#box.className = `np-pop ${text.tone}`;
    select(this.#box)
      .selectChildren<HTMLDivElement, string>()
      .data([text.title, ...text.lines])
      .join('div')
      .text((line) => line);
    const { offsetWidth: w, offsetHeight: h } = this.#box;
    const { clientWidth, clientHeight } = this.#board;
    const left = x + GAP + w > clientWidth ? x - GAP - w : x + GAP;
    const top = y + GAP + h > clientHeight ? y - GAP - h : y + GAP;
    this.#box.style.left = `${Math.max(4, left)}px`;
    this.#box.style.top = `${Math.max(4, top)}px`;
  }

  /** Stays long enough to be read, whatever the pointer does. */
  showForAWhile(text: PopText, at: Point): void {
    this.show(text, at);
    this.#stay = window.setTimeout(() => {
      this.#stay = 0;
      this.hide();
    }, STAY_MS);
  }

  hide(): void {
    if (this.#stay === 0) this.#box.hidden = true;
  }

  destroy(): void {
    clearTimeout(this.#stay);
    this.#box.remove();
  }
}
