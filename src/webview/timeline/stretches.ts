/** Owns the outlines of a lane: a path for each stretch of columns, between which nothing is drawn. */

import type { Column } from './series.ts';

/** What two outlines are made of: columns one after the other, the first of them from where its frame begins. */
export function stretchesOf(columns: readonly Column[]): (readonly Column[])[] {
  const stretches: Column[][] = [];
  for (const column of columns) {
    if (column.gapUntil !== null) stretches.push([{ ...column, at: column.gapUntil }]);
    else if (stretches.length === 0) stretches.push([]);
    stretches.at(-1)?.push(column);
  }
  return stretches;
}

const tenth = (px: number): number => Math.round(px * 10) / 10;

/** @param x of a time, and y of what is drawn of a column, in px. */
export interface Drawing {
  readonly x: (at: number) => number;
  readonly y: (column: Column) => number;
}

const pathOf = (columns: readonly Column[], { x, y }: Drawing): string =>
  `M${columns.map((column) => `${tenth(x(column.at))} ${tenth(y(column))}`).join('L')}`;

/** Closed, so that a stretch of one column is seen as a dot. */
export const lineOf = (stretches: readonly (readonly Column[])[], drawing: Drawing): string =>
  stretches.map((columns) => `${pathOf(columns, drawing)}${columns.length === 1 ? 'Z' : ''}`).join('');

export const areaOf = (stretches: readonly (readonly Column[])[], drawing: Drawing, base: number): string =>
  stretches.map((columns) => `${pathOf(columns, drawing)}V${base}H${tenth(drawing.x(columns[0]?.at ?? 0))}Z`).join('');
