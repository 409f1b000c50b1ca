/** Owns the one shape of a table on the page. */

import { el, say } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import type { State } from '../state/store.ts';

/** The first cell of a row names it. Cells that come with an element of their own (`td`) stay as they are. */
export function table(
  caption: string,
  columns: readonly Child[],
  rows: readonly (readonly Child[])[],
  head: Child = null,
): HTMLTableElement {
  const own = (cell: Child): boolean => cell instanceof HTMLTableCellElement;
  return el(
    'table',
    {},
    el('caption', {}, el('span', {}, caption)),
    el(
      'thead',
      {},
      head,
      el(
        'tr',
        {},
        columns.map((name) => (own(name) ? name : el('th', { scope: 'col' }, name))),
      ),
    ),
    el(
      'tbody',
      {},
      rows.map((row) =>
        el(
          'tr',
          {},
          row.map((cell, i) => (own(cell) ? cell : i === 0 ? el('th', { scope: 'row' }, cell) : el('td', {}, cell))),
        ),
      ),
    ),
  );
}

/** Made once for as long as the machine is the same; `update` writes the cells that live. */
export interface Built {
  readonly element: HTMLElement;
  update?(state: State): void;
}

export interface Column<Row> {
  readonly name: string;
  readonly cell?: (row: Row) => string;
  /** A list of ids, which may be long: it wraps, but not after each. */
  readonly ids?: true;
  /** Asked at every sample; what it gives is asked for each row. */
  readonly live?: (state: State) => (row: Row) => string;
}

/** A row for each thing; null where there is none. */
export function list<Row>(caption: string, rows: readonly Row[], columns: readonly Column<Row>[]): Built | null {
  if (rows.length === 0) return null;
  const live = columns.flatMap(({ live: words }) =>
    words ? [{ words, cells: rows.map((row) => ({ row, cell: el('span') })) }] : [],
  );
  const cells = (row: Row, at: number): Child[] => {
    let next = 0;
    return columns.map(({ cell, ids }) => {
      if (!cell) return live[next++]?.cells[at]?.cell;
      return ids ? el('td.ids', {}, cell(row)) : cell(row);
    });
  };
  return {
    element: table(
      caption,
      columns.map(({ name }) => name),
      rows.map(cells),
    ),
    update(state) {
      for (const column of live) {
        const words = column.words(state);
        for (const { row, cell } of column.cells) say(cell, words(row));
      }
    },
  };
}
