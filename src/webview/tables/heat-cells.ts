/** Owns tables of figures that are read as heat: their cells, what the colours mean, and how they scroll. */

import { formatFigure } from '../../model/text/format.ts';
import { binOf } from '../../model/svg/colour-scale.ts';
import type { Bin } from '../../model/svg/colour-scale.ts';
import { el } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';

export const swatch = (step: number, words: string): HTMLElement =>
  el('li', {}, el(step > 0 ? `span.swatch.heat.h${step}` : 'span.swatch'), words);

/** What the colours mean, in words before them. */
export function scale(words: string, shades: readonly Bin[], first: Child = null): HTMLElement {
  const range = ({ from, to }: Bin): string =>
    from === to ? formatFigure(from) : `${formatFigure(from)} to ${formatFigure(to)}`;
  return el(
    'div.scale',
    {},
    el('span', {}, words),
    el(
      'ul',
      { 'aria-label': `Legend: ${words}` },
      first,
      shades.map((shade) => swatch(shade.step, range(shade))),
    ),
  );
}

export function heat(shades: readonly Bin[], value: number, mark: Child = null): HTMLTableCellElement {
  const step = binOf(shades, value);
  return el(step > 0 ? `td.fig.heat.h${step}` : 'td.fig', {}, mark, formatFigure(value));
}

/** Scrolls by itself where it is wider than the page: rows keep their names, other tables their place. */
export function wide(name: string, content: HTMLTableElement): HTMLElement {
  return el('div.wide', { tabindex: 0, role: 'region', 'aria-label': name }, content);
}
