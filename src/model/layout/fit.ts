/**
 * Finds how many columns each level of the machine is drawn in, so that its CPUs come out as large as they can in a
 * given area. Everything is uniform: cells are as large as the largest part of their kind needs.
 */

import type { Level, Spec } from './spec.ts';

/** Smallest thread that is drawn; below, the drawing is scaled as a whole. */
export const SMALLEST: Size = { w: 6, h: 6 };
/** Between the threads of a core. */
export const THREAD_GAP = 2;
/** A core at least this wide names its caches, this high for one and for two of them. */
const NAMED = { w: 66, one: 40, two: 60 };

export interface Leaf {
  /** Columns of threads in a core. */
  readonly columns: number;
  readonly pu: { readonly w: number; readonly h: number };
  /** 1: caches are a thin bar. 2: the L2 is named. 3: L2 and L1d are. */
  readonly detail: 1 | 2 | 3;
  /** Around the threads of a core. */
  readonly pad: number;
}

export interface Fit extends Leaf {
  readonly columnsAt: readonly number[];
  readonly score: number;
}

export interface Size {
  readonly w: number;
  readonly h: number;
}

/** What may not be gone below. */
export interface Least extends Size {
  /** Every core names its caches. */
  readonly named: boolean;
}

const rowsOf = (count: number, columns: number): number => Math.ceil(count / columns);

/** Column counts that differ in their rows; of equal rows, the fewest columns (the widest cells). */
export function columnChoices(count: number): number[] {
  const choices: number[] = [];
  let rows = 0;
  for (let columns = 1; columns <= count; columns++) {
    if (rowsOf(count, columns) === rows) continue;
    rows = rowsOf(count, columns);
    choices.push(columns);
  }
  return choices.length === 0 ? [1] : choices;
}

/** What is left for one child when `level` is laid out in so many columns. */
function cellOf(level: Level, columns: number, area: Size): Size {
  const rows = rowsOf(Math.max(1, level.count), columns);
  return {
    w: (area.w - 2 * level.padX - (columns - 1) * level.gapX) / columns,
    h: (area.h - level.head - level.padBottom - (rows - 1) * level.gapY) / rows,
  };
}

/** Height of the bars of so many caches: one thin one for all, or a named one each. */
export function barsHeight(caches: number, detail: 1 | 2 | 3): number {
  if (caches === 0) return 0;
  return detail === 1 ? 4 : 14 * Math.min(caches, detail - 1);
}

function leafOf(spec: Spec, core: Size, columns: number): Leaf {
  const wide = core.w >= NAMED.w;
  const detail =
    wide && core.h >= NAMED.two && spec.bars > 1 ? 3 : wide && core.h >= NAMED.one && spec.bars > 0 ? 2 : 1;
  const { cap } = spec;
  const pad = wide && core.h >= NAMED.one ? 4 : 1;
  const bars = barsHeight(spec.bars, detail);
  const rows = rowsOf(spec.threads, columns);
  const w = Math.min(cap.w, (core.w - 2 * pad - (columns - 1) * THREAD_GAP) / columns);
  const h = Math.min(cap.h, (core.h - bars - 2 * pad - (rows - 1) * THREAD_GAP) / rows);
  return { columns, pu: { w, h }, detail, pad };
}

/** Of several ways to draw threads as large as they may be, the one that is as wide to its height as the room: 1 at most. */
function shapeOf(spec: Spec, leaf: Leaf, columnsAt: readonly number[], room: Size): number {
  if (leaf.pu.w < spec.cap.w || leaf.pu.h < spec.cap.h) return 0;
  const { w, h } = spec.levels.reduceRight(
    (cell, level, depth) => partSize(level, columnsAt[depth] ?? 1, cell, level.count),
    coreSize(leaf, spec.threads, spec.bars),
  );
  const [across, down] = [w / room.w, h / room.h];
  return Math.min(across, down) / Math.max(across, down);
}

/**
 * Large threads first; 8 points a named cache; 4 off for each hole in a grid, 2 for threads that are stacked; less than any of
 * these for its shape.
 */
function scoreOf(spec: Spec, leaf: Leaf, columnsAt: readonly number[], room: Size): number {
  let holes = 0;
  let spread = 1;
  spec.levels.forEach((level, i) => {
    const columns = columnsAt[i] ?? 1;
    if (level.count > 1) holes += columns * rowsOf(level.count, columns) - level.count;
    spread *= columns;
  });
  const size = Math.min(leaf.pu.w / 1.5, leaf.pu.h * 1.1) + 1.9 * shapeOf(spec, leaf, columnsAt, room);
  return size + leaf.detail * 8 + (spec.few ? spread * 4 : 0) - holes * 4 - (leaf.columns < spec.threads ? 2 : 0);
}

/** Null where no thread of the smallest size would fit. */
export function fitInto(spec: Spec, area: Size, least: Least): Fit | null {
  let best: Fit | null = null;
  const tryLeaf = (core: Size, columnsAt: readonly number[]): void => {
    for (const columns of columnChoices(spec.threads)) {
      const leaf = leafOf(spec, core, columns);
      if (leaf.pu.w < least.w || leaf.pu.h < least.h) continue;
      if (least.named && leaf.detail <= spec.bars) continue;
      const score = scoreOf(spec, leaf, columnsAt, area);
      if (!best || score > best.score) best = { ...leaf, columnsAt, score };
    }
  };
  const descend = (depth: number, cell: Size, columnsAt: readonly number[]): void => {
    if (cell.w < least.w || cell.h < least.h) return;
    const level = spec.levels[depth];
    if (!level) {
      tryLeaf(cell, columnsAt);
      return;
    }
    for (const columns of columnChoices(level.count)) {
      descend(depth + 1, cellOf(level, columns, cell), [...columnsAt, columns]);
    }
  };
  descend(0, area, []);
  return best;
}

/** What a core of so many threads and caches really takes. */
export function coreSize(leaf: Leaf, threads: number, caches: number): Size {
  const columns = Math.min(leaf.columns, Math.max(1, threads));
  const rows = rowsOf(Math.max(1, threads), columns);
  return {
    w: leaf.pu.w * columns + (columns - 1) * THREAD_GAP + 2 * leaf.pad,
    h: leaf.pu.h * rows + (rows - 1) * THREAD_GAP + 2 * leaf.pad + barsHeight(caches, leaf.detail),
  };
}

/** What a part with `count` children in cells of one size really takes. */
export function partSize(level: Level, columns: number, cell: Size, count: number): Size {
  const across = Math.min(columns, Math.max(1, count));
  const rows = rowsOf(Math.max(1, count), columns);
  return {
    w: 2 * level.padX + across * cell.w + (across - 1) * level.gapX,
    h: level.head + level.padBottom + rows * cell.h + (rows - 1) * level.gapY,
  };
}
