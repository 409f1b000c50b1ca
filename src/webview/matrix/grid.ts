/**
 * Owns the matrix for keys and assistive technology: a grid of one tab stop. Only the row that the focus is in is in the document: of
 * a thousand CPUs there would be a million cells.
 */

import type { Sheet } from '../../model/bench/matrix/sheet.ts';
import type { Lit } from '../../model/svg/sheet.ts';
import { el, slot } from '../ui/dom.ts';

export interface GridKeys {
  /** The focus is at this cell; null: it has left the grid. */
  focused(cell: Lit | null): void;
  enter(cell: Lit): void;
  /** Escape; true: something was left. */
  leave(): boolean;
  zoom(by: -1 | 0 | 1): void;
}

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Rows that PageUp and PageDown go by. */
const PAGE = 8;

/** Where a key leads from a cell; null: it is no key of the grid. */
export function stepFrom({ row, column }: Place, key: string, far: boolean, { rows, columns }: Sheet): Place | null {
  const [lastRow, lastColumn] = [rows.length - 1, columns.length - 1];
  const to: Record<string, Place> = {
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    PageUp: { row: row - PAGE, column },
    PageDown: { row: row + PAGE, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? lastRow : row, column: lastColumn },
  };
  const found = to[key];
  if (!found) return null;
  return {
    row: Math.max(0, Math.min(lastRow, found.row)),
    column: Math.max(0, Math.min(lastColumn, found.column)),
  };
}

export class Grid {
  readonly element: HTMLElement;
  readonly #keys: GridKeys;
  readonly #content: ReturnType<typeof slot>;
  #sheet: Sheet | null = null;
  #at: Place = { row: 0, column: 0 };

  constructor(keys: GridKeys) {
    this.#keys = keys;
    this.element = el('div.matrix-grid', { role: 'grid' });
    this.#content = slot(this.element);
    this.element.addEventListener('keydown', (event) => this.#pressed(event));
    this.element.addEventListener('focusin', () => keys.focused(this.#at));
    this.element.addEventListener('focusout', () => keys.focused(null));
  }

  get at(): Place {
    return this.#at;
  }

  /** Other cells are looked at: to the first that is a pair. */
  reset({ level, rows, columns }: Sheet): void {
    const itself = level === 'cpus' && rows[0]?.part?.id === columns[0]?.part?.id;
    this.#at = { row: 0, column: itself && columns.length > 1 ? 1 : 0 };
  }

  show(sheet: Sheet, name: string): void {
    this.#sheet = sheet;
    this.element.setAttribute('aria-label', name);
    this.element.setAttribute('aria-rowcount', String(sheet.rows.length + 1));
    this.element.setAttribute('aria-colcount', String(sheet.columns.length + 1));
    this.#build();
  }

  /** @param take gives it the focus, too. */
  go(to: Place, take: boolean): void {
    this.#at = to;
    this.#build();
    if (take) this.#cell()?.focus({ preventScroll: true });
  }

  /** Over the cell that has the focus, so that what magnifies the screen finds it. */
  place({ x, y, w, h }: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }): void {
    const { style } = this.element;
    [style.left, style.top, style.width, style.height] = [x, y, w, h].map((px) => `${px}px`) as [
      string,
      string,
      string,
      string,
    ];
  }

  focus(): void {
    this.#cell()?.focus({ preventScroll: true });
  }

  #cell(): HTMLElement | null {
    return this.element.querySelector<HTMLElement>('[role=gridcell][tabindex="0"]');
  }

  #build(): void {
    const sheet = this.#sheet;
    if (!sheet) return;
    const { row, column } = this.#at;
    this.#content.update([sheet, row], () => [
      el(
        'div',
        { role: 'row', 'aria-rowindex': 1 },
        el('span', { role: 'columnheader', 'aria-colindex': 1 }, 'from'),
        sheet.columns.map(({ name }, i) => el('span', { role: 'columnheader', 'aria-colindex': i + 2 }, `to ${name}`)),
      ),
      el(
        'div',
        { role: 'row', 'aria-rowindex': row + 2 },
        el('span', { role: 'rowheader', 'aria-colindex': 1 }, `from ${sheet.rows[row]?.name ?? ''}`),
        sheet.columns.map((_, i) =>
          el('span', { role: 'gridcell', tabindex: -1, 'aria-colindex': i + 2, 'data-key': i }, sheet.words(row, i)),
        ),
      ),
    ]);
    this.#cell()?.setAttribute('tabindex', '-1');
    this.element.querySelector(`[role=gridcell][data-key="${column}"]`)?.setAttribute('tabindex', '0');
  }

  #pressed(event: KeyboardEvent): void {
    if (!this.#sheet || event.altKey || event.metaKey) return;
    const to = stepFrom(this.#at, event.key, event.ctrlKey, this.#sheet);
    if (to) this.go(to, true);
    else if (event.ctrlKey) return;
    else if (event.key === 'Enter' || event.key === ' ') this.#keys.enter(this.#at);
    else if (event.key === 'Escape') {
      if (!this.#keys.leave()) return;
    } else if (event.key === '+' || event.key === '=') this.#keys.zoom(1);
    else if (event.key === '-') this.#keys.zoom(-1);
    else if (event.key === '0') this.#keys.zoom(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
