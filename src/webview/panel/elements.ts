/** Owns the small pieces that every state of the panel is made of. */

import { el, svg } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';

type Mark = 'ok' | 'warn' | 'no' | 'info';

/** What the mark means, for those who do not see it. */
const SPOKEN: Readonly<Record<Mark, string>> = { ok: 'Yes: ', warn: 'Beware: ', no: 'Not available: ', info: '' };
const PATHS: Readonly<Record<Mark, string>> = {
  ok: 'M1.5,6.5L4.5,9.5L10.5,2.5',
  warn: 'M6,1L11.5,11H.5Z',
  no: 'M2,2L10,10M10,2L2,10',
  info: 'M1.5,6a4.5,4.5 0 1 0 9,0a4.5,4.5 0 1 0 -9,0',
};

export function note(mark: Mark, ...words: Child[]): HTMLElement {
  const icon = svg(
    'svg',
    { width: 12, height: 12, 'aria-hidden': 'true' },
    svg('path', { class: mark, d: PATHS[mark] }),
  );
  return el('div.find', {}, icon, el('div', {}, el('span.unseen', {}, SPOKEN[mark]), ...words));
}

export function section(title: string | null, ...content: Child[]): HTMLElement {
  return el(
    'section',
    title === null ? {} : { 'aria-label': title },
    title !== null && el('h2', {}, title),
    ...content,
  );
}

/** The 20 px line: a question before a run, an answer after it. */
export function verdict(above: string, sentence: string): HTMLElement[] {
  const line = el('div.verdict', { 'data-verdict': '' }, sentence);
  return above === '' ? [line] : [el('div.q', {}, above), line];
}

export interface Column {
  readonly name: Child;
  readonly num?: boolean;
}

export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Child[])[]): HTMLElement {
  const cls = (i: number): string => (columns[i]?.num ? 'num' : '');
  return el(
    'table',
    { 'aria-label': caption },
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        columns.map(({ name }, i) => el('th', { class: cls(i), scope: 'col' }, name)),
      ),
    ),
    el(
      'tbody',
      {},
      rows.map((row) =>
        el(
          'tr',
          {},
          row.map((cell, i) => el('td', { class: cls(i) }, cell)),
        ),
      ),
    ),
  );
}

/** A share as a bar; the figure stands beside it. */
export function bar(share: number, width: number): SVGSVGElement {
  return svg(
    'svg',
    { width, height: 8, 'aria-hidden': 'true' },
    svg('rect.share-of', { x: 0.5, y: 0.5, width: width - 1, height: 7 }),
    svg('rect.share', { x: 1, y: 1, width: Math.max(0, Math.min(1, share)) * (width - 2), height: 6 }),
  );
}

/** A command to copy, whole with one click. */
export function command(words: string): HTMLElement {
  const parts = words.split(' ').map((word, i) => [i === 0 ? '' : ' ', el('span', {}, word)]);
  return el('code.command', {}, parts);
}
