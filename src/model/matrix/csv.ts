/**
 * Matrices as core-to-core-latency writes them: a line a CPU, its cells separated by commas, in ns; the diagonal empty;
 * either all other cells, or those before the diagonal alone. Both are read; what is the same both ways is written as
 * the lower half.
 */

import { PinboardError } from '../problem.ts';
import type { Pair } from './pairs.ts';

/** The n-th line and the n-th cell of a line belong to the n-th CPU; NaN where there is no cell. */
export interface Grid {
  readonly size: number;
  readonly cells: Float64Array;
}

/** Above any machine there is; a grid of so many takes 128 MiB. */
const MOST = 4096;
/** As a figure is written by any program: no hexadecimal, no words. */
const NUMBER = /^[+]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

function wrong(words: string): PinboardError {
  return new PinboardError(
    'bad-file',
    `This is not a core-to-core matrix: ${words}`,
    'A line holds one CPU’s latencies in ns, separated by commas: all of them, or those before its own place.',
  );
}

/** @throws PinboardError `bad-file` naming the line and the cell that is wrong. */
export function readGrid(text: string): Grid {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const size = lines.length;
  if (size < 2) throw wrong('it has fewer than two lines.');
  if (size > MOST) throw wrong(`it has ${String(size)} lines, and no machine has so many CPUs.`);
  const cells = new Float64Array(size * size).fill(NaN);
  lines.forEach((line, row) => {
    const words = line.split(',', size + 2);
    if (words.length > size) throw wrong(`line ${String(row + 1)} has more cells than the file has lines.`);
    words.forEach((word, column) => {
      const cell = word.trim();
      if (cell === '') return;
      const value = NUMBER.test(cell) ? Number(cell) : NaN;
      const where = `line ${String(row + 1)}, cell ${String(column + 1)}`;
      if (!Number.isFinite(value)) throw wrong(`${where} is "${cell.slice(0, 20)}", no figure.`);
      // The diagonal says nothing of a pair; some programs write a 0 there.
      if (row === column) return;
      if (value <= 0) throw wrong(`${where} is ${String(value)}: no latency is.`);
      cells[row * size + column] = value;
    });
  });
  for (let row = 1; row < size; row++) {
    for (let column = 0; column < row; column++) {
      if (!Number.isNaN(cells[row * size + column]) || !Number.isNaN(cells[column * size + row])) continue;
      throw wrong(`line ${String(row + 1)}, cell ${String(column + 1)} is empty, and so is its mirror image.`);
    }
  }
  return { size, cells };
}

/** The figure of two CPUs by their places: the cell in the lower half, where there is none the one in the upper. */
export function cellOf({ size, cells }: Grid, a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  const lower = cells[high * size + low] ?? NaN;
  return Number.isNaN(lower) ? (cells[low * size + high] ?? NaN) : lower;
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
