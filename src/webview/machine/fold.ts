/** Owns the chip of empty nodes on the board: one tab stop that opens their bars, and folds them again. */

import { foldWords } from '../../model/layout/fold.ts';
import type { Layout } from '../../model/layout/types.ts';
import { foldMarks } from '../../model/svg/fold.ts';
import { paintMarks, svgElement } from './paint.ts';

export class Fold {
  readonly #chip = svgElement('g', 'folded');

  constructor(layer: SVGGElement) {
    this.#chip.setAttribute('role', 'button');
    this.#chip.setAttribute('tabindex', '0');
    this.#chip.setAttribute('data-action', 'empty-nodes');
    layer.append(this.#chip);
  }

  /** @param layout at the size it is painted in. */
  place({ fold }: Layout): void {
    // `hidden` is no attribute of SVG: without content and out of the tab order it is not there.
    this.#chip.style.display = fold ? '' : 'none';
    if (!fold) return;
    this.#chip.setAttribute('aria-expanded', String(fold.open));
    this.#chip.setAttribute('aria-label', `${foldWords(fold.nodes)}, without CPUs or memory`);
    paintMarks(this.#chip, foldMarks(fold));
  }

  listen(toggled: () => void, signal: AbortSignal): void {
    this.#chip.addEventListener('click', toggled, { signal });
    this.#chip.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        toggled();
      },
      { signal },
    );
  }
}
