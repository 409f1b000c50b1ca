/** A matrix of pairs as cells: for each two CPUs what they cost, in which class they are, and whether they were measured. */

import type { PairClass } from '../../cases/matrix.ts';
import type { Run } from '../../run/run.ts';
import { parseCpuList } from '../../text/cpulist.ts';

/** Row by row, the row being the CPU on whose node the line lies. */
export interface Cells {
  readonly size: number;
  /** -1 where there is no figure. */
  readonly classes: Int16Array;
  /** As measured, else as inferred; NaN where there is none. */
  readonly figures: Float64Array;
  /** 1 where it was measured. */
  readonly measured: Uint8Array;
}

export const NONE = -1;

/** @param cpus the rows and columns, in their order. */
export function cellsOf(classes: readonly PairClass[], cpus: readonly number[]): Cells {
  const size = cpus.length;
  const places = new Map(cpus.map((cpu, at) => [cpu, at]));
  const cells: Cells = {
    size,
    classes: new Int16Array(size * size).fill(NONE),
    figures: new Float64Array(size * size).fill(NaN),
    measured: new Uint8Array(size * size),
  };
  const known = classes.map((own) => new Set(own.measured));
  // What was measured one way only stands for both, and never before what was found of the way itself.
  for (const back of [false, true]) {
    classes.forEach(({ pairs, median, figures }, at) => {
      if (median === null) return;
      pairs.forEach(([a, b], i) => {
        const [row, column] = [places.get(back ? b : a), places.get(back ? a : b)];
        if (row === undefined || column === undefined) return;
        const cell = row * size + column;
        if (back && cells.classes[cell] !== NONE) return;
        cells.classes[cell] = at;
        cells.figures[cell] = figures[i] ?? NaN;
        cells.measured[cell] = known[at]?.has(i) === true ? 1 : 0;
      });
    });
  }
  return cells;
}

interface Found {
  readonly places: ReadonlyMap<number, number>;
  readonly cells: Cells;
}

const ofRuns = new WeakMap<Run, Found | null>();

function find({ results }: Run): Found | null {
  const [found] = results.filter(({ classes }) => classes !== undefined);
  if (found?.placement.kind !== 'matrix') return null;
  const cpus = parseCpuList(found.placement.cpus);
  return { places: new Map(cpus.map((cpu, at) => [cpu, at])), cells: cellsOf(found.classes ?? [], cpus) };
}

/** More digits say nothing, and a million figures take long to tell. */
const rounded = (value: number): number => Number(value.toPrecision(5));

/** What the pairs of some CPUs cost, row by row; null for those of which the run says nothing. */
export function pairFigures(run: Run, rows: readonly number[], columns: readonly number[]): (number | null)[][] {
  const found = ofRuns.get(run) ?? find(run);
  ofRuns.set(run, found);
  return rows.map((from) =>
    columns.map((to) => {
      const [row, column] = [found?.places.get(from), found?.places.get(to)];
      if (!found || row === undefined || column === undefined) return null;
      const value = found.cells.figures[row * found.cells.size + column] ?? NaN;
      return Number.isNaN(value) ? null : rounded(value);
    }),
  );
}
