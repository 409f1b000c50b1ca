/**
 * Matrices as core-to-core-latency writes them: a line a CPU, its cells separated by commas, in ns; the diagonal empty;
 * either all other cells, or those before the diagonal alone. Both are read, as is what spreadsheets make of them
 * (semicolons, tabs, quotes, numbered lines and columns); what is the same both ways is written as the lower half.
 */

import { PinboardError } from '../../problem.ts';
import type { Result } from '../../run/run.ts';
import { tidy } from '../../text/clean.ts';
import { parseCpuList } from '../../text/cpulist.ts';
import type { Pair } from '../../cases/matrix.ts';
import { readTable } from './table.ts';
import type { Row, Table } from './table.ts';

/** The n-th line and the n-th cell of a line belong to the n-th CPU; NaN where there is no cell. */
export interface Grid {
  readonly size: number;
  readonly cells: Float64Array;
}

/** Above any machine there is; a grid of so many takes 128 MiB. */
const MOST = 4096;
/** A second: core-to-core figures lie between a few and some thousand ns. */
const MOST_NS = 1e9;
/** As a figure is written by any program: no hexadecimal, no words. */
const NUMBER = /^[+]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
const WHOLE = /^\d{1,6}$/;

function wrong(words: string): PinboardError {
  return new PinboardError(
    'bad-file',
    `This is not a core-to-core matrix: ${words}`,
    'Each line holds one CPU’s latencies in ns, separated by commas: all of them, or those before its own column.',
  );
}

/** The character between cells: spreadsheets of much of Europe write `;`, and then decimal commas; pasted ones have tabs. */
function separatorOf(text: string): ',' | ';' | '\t' {
  const start = text.slice(0, 65_536);
  return start.includes(';') ? ';' : start.includes('\t') && !start.includes(',') ? '\t' : ',';
}

/** @param limit of cells: a line of a million is told by its number alone. */
function cellsOf(line: string, separator: string, limit: number): string[] {
  return line.split(separator, limit).map((word) => {
    const cell = word.trim();
    const bare = cell.length > 1 && cell.startsWith('"') && cell.endsWith('"') ? cell.slice(1, -1).trim() : cell;
    return separator === ',' ? bare : bare.replace(',', '.');
  });
}

/** Rows without the line and the column that number the CPUs, where a spreadsheet or a data frame wrote both. */
function withoutNumbers(rows: readonly Row[]): readonly Row[] {
  const [head, ...rest] = rows;
  const label = head?.cells[0] ?? 'none';
  const isNumbered =
    rest.length > 1 &&
    !NUMBER.test(label) &&
    head?.cells.length === rest.length + 1 &&
    rest.every(({ cells }, i) => WHOLE.test(cells[0] ?? '') && cells[0] === head.cells[i + 1]);
  return isNumbered ? rest.map(({ line, cells }) => ({ line, cells: cells.slice(1) })) : rows;
}

/** The number of cells that most lines have. */
function usualWidth(rows: readonly Row[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
}

/** A line may end at its own place, but not before, nor go on beyond the last CPU. The line that differs is to blame. */
function checkWidths(rows: readonly Row[]): void {
  const size = rows.length;
  const usual = usualWidth(rows);
  const odd = rows.find(({ cells }, row) => cells.length > size || cells.length < row);
  if (!odd) return;
  const stranger = rows.find(({ cells }) => cells.length > Math.max(usual, size)) ?? odd;
  const most = rows.filter(({ cells }) => cells.length === usual).length;
  if (stranger.cells.length !== usual && most * 2 > size)
    throw wrong(`line ${stranger.line} has ${counted(stranger.cells.length, size)} cells, most others have ${usual}.`);
  throw wrong(
    odd.cells.length > size
      ? `line ${odd.line} has more cells (${counted(odd.cells.length, size)}) than there are lines of CPUs (${size}).`
      : `line ${odd.line} has ${odd.cells.length} cells, too few to reach its own column.`,
  );
}

/** Cells beyond the limit of a split were not counted. */
const counted = (count: number, size: number): string => (count > size * 4 ? `more than ${size * 4}` : String(count));

/** @throws PinboardError `bad-file` naming the line and the cell that is wrong. */
export function readGrid(text: string): Grid {
  const bare = text.replace(/^\ufeff/, '');
  const table = readTable(bare);
  if (table) return gridOf(rowsOf(table));
  const lines = bare.split(/\r\n?|\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length < 2) throw wrong('it has fewer than two lines.');
  if (lines.length > MOST) throw wrong(`it has ${lines.length} lines, and no machine has that many CPUs.`);
  const separator = separatorOf(bare);
  const limit = lines.length * 4 + 1;
  const rows = withoutNumbers(lines.map((line, i) => ({ line: i + 1, cells: cellsOf(line, separator, limit) })));
  checkWidths(rows);
  return gridOf(rows);
}

function rowsOf({ rows, named }: Table): readonly Row[] {
  const after = rows.at(-1)?.line ?? 0;
  if (named !== null && rows.length !== named)
    throw wrong(`its header names ${named} CPUs, but only ${rows.length} rows follow; line ${after + 1} is not one.`);
  if (rows.length < 2) throw wrong('its table has fewer than two rows.');
  if (rows.length > MOST) throw wrong(`it has ${rows.length} rows, and no machine has that many CPUs.`);
  return rows;
}

function gridOf(rows: readonly Row[]): Grid {
  const size = rows.length;
  const cells = new Float64Array(size * size).fill(NaN);
  rows.forEach(({ line, cells: words }, row) => {
    words.forEach((cell, column) => {
      if (cell === '') return;
      const value = NUMBER.test(cell) ? Number(cell) : NaN;
      const where = `line ${line}, cell ${column + 1}`;
      if (!Number.isFinite(value)) throw wrong(`${where} is "${tidy(cell).slice(0, 20)}", which is not a number.`);
      // The diagonal says nothing of a pair; some programs write a 0 there.
      if (row === column) return;
      if (value <= 0) throw wrong(`${where} is ${value}, which cannot be a latency.`);
      if (value > MOST_NS) throw wrong(`${where} is ${value} ns: no latency between CPUs is that long.`);
      cells[row * size + column] = value;
    });
  });
  for (let row = 1; row < size; row++) {
    for (let column = 0; column < row; column++) {
      if (!Number.isNaN(cells[row * size + column]) || !Number.isNaN(cells[column * size + row])) continue;
      throw wrong(`line ${rows[row]?.line ?? 0}, cell ${column + 1} is empty, and so is its mirror image.`);
    }
  }
  return { size, cells };
}

/** The figure of two CPUs by their places: the mean of both directions, or the one that is there. */
export function cellOf({ size, cells }: Grid, a: number, b: number): number {
  const [one, other] = [cells[a * size + b] ?? NaN, cells[b * size + a] ?? NaN];
  if (Number.isNaN(one)) return other;
  // Twelve digits: no measurement has more, and a mean of decimals would show the binary rest.
  return Number.isNaN(other) || one === other ? one : Number(((one + other) / 2).toPrecision(12));
}

/**
 * The matrix of these CPUs, in their order. Cells without a figure stay empty.
 * @param figures of pairs; one that is there in one order alone holds for both.
 */
export function writeGrid(cpus: readonly number[], figures: Iterable<readonly [Pair, number]>): string {
  const place = new Map(cpus.map((cpu, at) => [cpu, at]));
  const size = cpus.length;
  const cells = new Float64Array(size * size).fill(NaN);
  for (const [[a, b], value] of figures) {
    const [row, column] = [place.get(a), place.get(b)];
    if (row !== undefined && column !== undefined) cells[row * size + column] = value;
  }
  const cell = (row: number, column: number): number => {
    const own = cells[row * size + column] ?? NaN;
    return Number.isNaN(own) ? (cells[column * size + row] ?? NaN) : own;
  };
  const square = cpus.some((_, row) => cpus.some((_, column) => !Object.is(cell(row, column), cell(column, row))));
  return cpus
    .map((_, row) =>
      cpus
        .map((_, column) => {
          const value = row === column || (column > row && !square) ? NaN : cell(row, column);
          return Number.isNaN(value) ? '' : String(value);
        })
        .join(','),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** A result's pairs, as measured or inferred, which the format cannot tell apart; null where it is no matrix. */
export function resultCsv({ classes, placement }: Result): string | null {
  if (!classes || placement.kind !== 'matrix') return null;
  const figures = classes.flatMap((own) =>
    own.pairs.flatMap((pair, at) => {
      const value = own.figures[at];
      return value === undefined ? [] : [[pair, value] as const];
    }),
  );
  return writeGrid(parseCpuList(placement.cpus), figures);
}
