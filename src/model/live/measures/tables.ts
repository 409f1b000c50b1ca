/** What readers of the agent summed up, for measures: the table of two readings, or why there is none. */

import type { Reading } from '../../run/run.ts';
import { isUnavailable } from '../../run/run.ts';
import type { RawReading } from '../reading.ts';
import type { Table } from '../tables.ts';
import { perSecond } from './text.ts';

/** Of a reader by name. Null: it was not read yet, or cannot be in this way of looking. */
function tableIn({ tables }: RawReading, name: string): Reading<Table> | null {
  return tables?.get(name) ?? null;
}

/** Cells of a row, a second. */
export type Row = (name: string) => ReadonlyMap<number, number>;

export interface Changes {
  /** What is there now. */
  readonly now: Table;
  /** How fast the cells of a row grow; what is not in both readings is left out. */
  readonly rate: Row;
}

/** What became of a reader's table between two readings; null where one of them lacks it. */
export function changesOf(
  name: string,
  before: RawReading,
  after: RawReading,
  seconds: number,
): Reading<Changes> | null {
  const [then, now] = [tableIn(before, name), tableIn(after, name)];
  if (isUnavailable(now)) return now;
  if (!now || !then || isUnavailable(then)) return null;
  return {
    now,
    rate: (row) => {
      const earlier = then.get(row);
      return new Map(
        [...(now.get(row) ?? [])].flatMap(([id, value]) => {
          const grown = perSecond(earlier?.get(id), value, seconds);
          return grown === null ? [] : [[id, grown] as const];
        }),
      );
    },
  };
}

/** For `FigureSource.figures`: cells by id, in another unit. */
export const cells = (row: ReadonlyMap<number, number>, scale = 1): Record<string, number> =>
  Object.fromEntries([...row].map(([id, value]) => [String(id), value * scale]));
