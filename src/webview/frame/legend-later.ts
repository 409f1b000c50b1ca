/** What of the legends explains tokens, threads and the classes of costs: loaded with what draws them. */

import { textWidth } from '../../model/layout/label.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { tokenPath } from '../../model/svg/token.ts';
import type { Cost } from '../machine/cost.ts';
import { lessMotion } from '../machine/stage.ts';
import type { State } from '../state/store.ts';
import { el, svg } from '../ui/dom.ts';

/** The way that a thread went. */
function trailEntry(): HTMLElement {
  const way = svg('path', { d: 'M2,8Q8,1 13,5', 'stroke-width': 1.5 });
  const icon = svg('g.trail.age-0', {}, way, svg('circle', { cx: 13, cy: 5, r: 2.5 }));
  return el('li', {}, svg('svg', { width: 16, height: 11, 'aria-hidden': 'true' }, icon), 'moved from CPU to CPU');
}

/** A thread of what is shown alive, as the board draws it. */
function threadEntry(kind: 'pinned' | 'free', words: string): HTMLElement {
  const shape = svg('path.shape', { d: tokenPath('round', { x: 1, y: 1, w: 14, h: 9 }) });
  return el(
    'li',
    {},
    svg('svg', { width: 16, height: 11, 'aria-hidden': 'true' }, svg(`g.thread-on.${kind}`, {}, shape)),
    words,
  );
}

/** Where the far end of the baseline is, as an outline that says no more than its letter. */
export function baselineEntry({ shape, letter }: Slot): HTMLElement {
  const outline = svg('path.ghost', { d: tokenPath(shape, { x: 1, y: 0.5, w: 17, h: 14 }) });
  const words = svg('text.t10.s.m', { x: 10.5, y: 11 }, letter);
  return el('li', {}, svg('svg', { width: 19, height: 15, 'aria-hidden': 'true' }, outline, words), 'baseline');
}

export const threadEntries = (state: State): HTMLElement[] => [
  threadEntry('free', `${state.board?.program ? 'your' : 'a followed'} thread, on the CPU where it last ran`),
  threadEntry('pinned', 'pinned there'),
  ...(lessMotion() ? [] : [trailEntry()]),
];

/** Least px of a class, as of a step of the heat's legend. */
const STEP = 28;

/** What colours mean that stand for classes, the nearest first: each has its word below it. @param unit of the words. @param aside said beside them. */
export function classLegend(name: string, classes: readonly Cost[], unit: string | null, aside = ''): SVGSVGElement {
  const widths = classes.map(({ short }) => Math.max(STEP, Math.ceil(textWidth(short, 10)) + 8));
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0));
  const meaning = classes.map(({ words, figure }) => (figure === null ? words : `${figure}: ${words}`)).join('; ');
  const all = widths.reduce((sum, width) => sum + width, 0);
  return svg(
    'svg.legend',
    {
      width: all + (unit === null ? 0 : 18),
      height: 26,
      role: 'img',
      'aria-label': `Legend: ${name}, from near to far: ${meaning}.${aside}`,
    },
    classes.map(({ step, short }, i) => {
      const [x, width] = [starts[i] ?? 0, widths[i] ?? STEP];
      return [
        svg(`rect.step-${step}`, { x, y: 4, width: width - 1, height: 8 }),
        svg('text.t10.d.m', { x: x + (width - 1) / 2, y: 23 }, short),
      ];
    }),
    unit !== null && svg('text.t10.d', { x: all + 5, y: 12 }, unit),
  );
}
