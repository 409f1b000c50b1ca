/** What of a matrix is in sight as marks: a path a class, a dot on what was measured, figures where there is room for them. */

import type { Head, Sheet } from '../bench/matrix/sheet.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';

/** Room for the names of rows and columns (px). */
export const HEADS = { w: 44, h: 20 } as const;
/** Cells of this size have their figure in them, of that size a line between them (px). */
const FIGURE = { w: 25, h: 14 } as const;
const APART_FROM = 10;
/** px that a letter of a name takes, and what a name keeps from the next one; how high a line of them is. */
const NAME = { letter: 6, apart: 6, h: 12 } as const;

export interface Sight {
  /** Size of a cell (px). */
  readonly w: number;
  readonly h: number;
  /** px of the matrix that lie left of and above what is in sight. */
  readonly left: number;
  readonly top: number;
  /** px that are in sight, names included. */
  readonly width: number;
  readonly height: number;
}

export const roomsForFigures = ({ w, h }: Pick<Sight, 'w' | 'h'>): boolean => w >= FIGURE.w && h >= FIGURE.h;

/** Places from the first to before the last that is in sight. */
const span = (from: number, room: number, size: number, count: number): readonly [number, number] => [
  Math.max(0, Math.floor(from / size)),
  Math.min(count, Math.ceil((from + room) / size)),
];

const range = ([from, to]: readonly [number, number]): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

interface Places {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly x: (column: number) => number;
  readonly y: (row: number) => number;
}

function placesIn(sheet: Sheet, { w, h, left, top, width, height }: Sight): Places {
  return {
    rows: range(span(top, height - HEADS.h, h, sheet.rows.length)),
    columns: range(span(left, width - HEADS.w, w, sheet.columns.length)),
    x: (column) => HEADS.w + column * w - left,
    y: (row) => HEADS.h + row * h - top,
  };
}

/** @param steps of colour by class. @param figure as it stands in a cell. */
function cellMarks(
  sheet: Sheet,
  { w, h }: Sight,
  { rows, columns, x, y }: Places,
  steps: readonly number[],
  figure: (value: number) => string,
): Mark[] {
  const gap = Math.min(w, h) >= APART_FROM ? 1 : 0;
  const figures = roomsForFigures({ w, h });
  const [paths, dots] = [new Map<number, string[]>(), new Map<number, string[]>()];
  const words: Mark[] = [];
  const add = (into: Map<number, string[]>, own: number, d: string): void => {
    const list = into.get(own) ?? [];
    into.set(own, list);
    list.push(d);
  };
  const dot = Math.max(1.5, Math.min(3, Math.min(w, h) / 3));
  for (const row of rows) {
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i] ?? 0;
      const cell = sheet.cell(row, column);
      if (cell.class < 0) continue;
      let count = 1;
      // Where there is no line between cells, those of one class beside each other are one.
      if (gap === 0) {
        while (i + count < columns.length && sheet.cell(row, column + count).class === cell.class) count++;
      }
      add(paths, cell.class, `M${x(column)} ${y(row)}h${count * w - gap}v${h - gap}h${gap - count * w}z`);
      for (let at = column; at < column + count; at++) {
        const one = at === column ? cell : sheet.cell(row, at);
        if (one.measured) add(dots, cell.class, `M${x(at) + 1} ${y(row) + 1}h${dot}v${dot}h${-dot}z`);
      }
      i += count - 1;
      if (figures && cell.figure !== null) {
        const weight = cell.measured ? '.known' : '';
        words.push(
          text(`.m.h${steps[cell.class] ?? 0}${weight}`, x(column) + w / 2, y(row) + h / 2 + 4, figure(cell.figure)),
        );
      }
    }
  }
  const drawn = (of: Map<number, string[]>, name: string): Mark[] =>
    [...of].map(([own, d]) => mark(`path.${name}.h${steps[own] ?? 0}`, { d: d.join('') }));
  return [...drawn(paths, 'pairs'), ...drawn(dots, 'dots'), mark('g', {}, ...words)];
}

/** Lines where a node or a last-level cache begins. */
function edgeMarks(sheet: Sheet, { w, h, left, top }: Sight, { rows, columns, x, y }: Places): Mark[] {
  const right = HEADS.w + sheet.columns.length * w - left;
  const bottom = HEADS.h + sheet.rows.length * h - top;
  const edges = (kind: Head['begins']): Mark => {
    const down = columns
      .filter((at) => sheet.columns[at]?.begins === kind)
      .map((at) => `M${x(at) - 0.5} ${HEADS.h}V${bottom}`);
    const across = rows
      .filter((at) => sheet.rows[at]?.begins === kind)
      .map((at) => `M${HEADS.w} ${y(at) - 0.5}H${right}`);
    return mark(`path.edge.${kind ?? ''}`, { d: [...down, ...across].join('') });
  };
  return [edges('cache'), edges('node')];
}

/** Every one where there is room, else every second, fifth …, the same ones wherever it is scrolled to. */
function named(places: readonly number[], room: number, size: number): number[] {
  const every = [1, 2, 4, 8, 16, 32, 64].find((step) => step * size >= room) ?? 128;
  return places.filter((at) => at % every === 0);
}

function headMarks(sheet: Sheet, sight: Sight, { rows, columns, x, y }: Places): Mark[] {
  const { w, h, width, height } = sight;
  const longest = Math.max(0, ...sheet.columns.map(({ short }) => short.length));
  const across = named(columns, longest * NAME.letter + NAME.apart, w).filter((at) => x(at) >= HEADS.w - w / 2);
  const down = named(rows, NAME.h, h).filter((at) => y(at) >= HEADS.h - h / 2);
  return [
    // What is scrolled away goes under the names.
    mark('path.ground', { d: `M0 0H${width}V${HEADS.h}H${HEADS.w}V${height}H0z` }),
    ...across.map((at) => text('.t10.d.m', x(at) + w / 2, HEADS.h - 6, sheet.columns[at]?.short ?? '')),
    ...down.map((at) => text('.t10.d.e', HEADS.w - 6, y(at) + h / 2 + 3.5, sheet.rows[at]?.short ?? '')),
  ];
}

export interface Lit {
  readonly row: number | null;
  readonly column: number | null;
}

/** A band over the row and one over the column: of a part that is pointed at on the machine both, of a cell where they cross. */
function litMarks(sheet: Sheet, { w, h, left, top }: Sight, lit: readonly Lit[], focused: Lit | null): Mark[] {
  const [right, bottom] = [sheet.columns.length * w, sheet.rows.length * h];
  // Told from any colour below them by what is around them.
  const framed = (name: string, x: number, y: number, width: number, height: number): Mark[] => {
    const box = { x: HEADS.w + x - left, y: HEADS.h + y - top, width, height };
    return [mark('rect.around', box), mark(`rect.${name}`, box)];
  };
  const bands = lit.flatMap(({ row, column }) => [
    ...(row === null ? [] : framed('band', 0, row * h, right, h)),
    ...(column === null ? [] : framed('band', column * w, 0, w, bottom)),
  ]);
  const { row, column } = focused ?? { row: null, column: null };
  const ring = row === null || column === null ? [] : framed('ring', column * w - 1, row * h - 1, w + 1, h + 1);
  return [...bands, ...ring];
}

export interface SheetFace {
  readonly sheet: Sheet;
  readonly steps: readonly number[];
  readonly figure: (value: number) => string;
  readonly lit: readonly Lit[];
  /** The cell that keys are at, while they are. */
  readonly focused: Lit | null;
}

export function sheetMarks({ sheet, steps, figure, lit, focused }: SheetFace, sight: Sight): Mark[] {
  const places = placesIn(sheet, sight);
  return [
    mark('g', {}, ...cellMarks(sheet, sight, places, steps, figure)),
    mark('g', {}, ...edgeMarks(sheet, sight, places)),
    mark('g', {}, ...litMarks(sheet, sight, lit, focused)),
    mark('g', {}, ...headMarks(sheet, sight, places)),
  ];
}

/** The cell under a point of what is in sight; null: none. */
export function cellAt(sheet: Sheet, { w, h, left, top }: Sight, [x, y]: readonly [number, number]): Lit | null {
  const [row, column] = [Math.floor((y - HEADS.h + top) / h), Math.floor((x - HEADS.w + left) / w)];
  const inside = x >= HEADS.w && y >= HEADS.h && row < sheet.rows.length && column < sheet.columns.length;
  return inside ? { row, column } : null;
}
