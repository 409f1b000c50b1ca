/** Gaps by distance, so that bodies which are near each other and far from all others are seen as a group. */

import { costOf } from './arrange.ts';
import type { Distances } from './arrange.ts';

/** px between columns, by firmware distance; where there is none still what a figure takes. */
export function gapFor(distance: number | null): number {
  return Math.max(88, Math.min(172, 40 + 7 * ((distance ?? 0) - 10)));
}

/** px between rows of one column. */
export function rowGapFor(distance: number | null): number {
  return Math.max(48, gapFor(distance) * 0.6);
}

/** From this many times the distance within on, bodies are told apart as groups. */
const APART = 1.2;

/**
 * Bodies that are near each other and far from all others, as a host of two boards with four nodes each has them: the
 * index of its group for each body. All in one group where no distance parts them, or each for itself.
 */
export function groupsOf(count: number, distance: Distances): number[] {
  const cost = costOf(count, distance);
  const own = Array.from({ length: count }, (_, i) => i);
  const joinedBy = (most: number): number[] => {
    const group = [...own];
    for (const a of own)
      for (const b of own) {
        const [from, to] = [group[b], group[a]];
        if (cost(a, b) > most || from === to || to === undefined) continue;
        group.forEach((at, i) => at === from && (group[i] = to));
      }
    return group;
  };
  const distances = [...new Set(own.flatMap((a) => own.filter((b) => b > a).map((b) => cost(a, b))))];
  distances.sort((a, b) => a - b);
  for (const [i, near] of distances.entries()) {
    const next = distances[i + 1];
    if (next === undefined || next < near * APART) continue;
    const group = joinedBy(near);
    const parts = new Set(group).size;
    if (parts > 1 && parts <= count / 2) return group;
  }
  return own.map(() => 0);
}

/** Whether straight gaps part the groups: where one ends in some line of the grid, one ends in all lines beside it. */
export function parted(columns: readonly (readonly number[])[], group: readonly number[]): boolean {
  const groupAt = (column: number, row: number): number | undefined => group[columns[column]?.[row] ?? -1];
  const rows = columns[0]?.length ?? 0;
  const clean = (pairs: readonly (readonly [number | undefined, number | undefined])[]): boolean => {
    const whole = pairs.filter(([a, b]) => a !== undefined && b !== undefined);
    return new Set(whole.map(([a, b]) => a === b)).size <= 1;
  };
  const across = columns
    .slice(1)
    .map((_, c) => Array.from({ length: rows }, (__, r) => [groupAt(c, r), groupAt(c + 1, r)] as const));
  const down = Array.from({ length: Math.max(0, rows - 1) }, (_, r) =>
    columns.map((__, c) => [groupAt(c, r), groupAt(c, r + 1)] as const),
  );
  return [...across, ...down].every(clean);
}

/** How much wider than the gaps within groups the one between them is, at least. */
const CLEARLY = 1.5;

/**
 * px of the gaps of a grid in both directions, by the nearest distance over each: wider where the distance is clearly
 * longer, so that groups are seen whichever way they stand to each other.
 */
export function clearGaps(across: readonly (number | null)[], down: readonly (number | null)[]): [number[], number[]] {
  const all = [...across.map((d) => [d, gapFor(d)] as const), ...down.map((d) => [d, rowGapFor(d)] as const)];
  const least = (distance: number | null): number =>
    distance === null
      ? 0
      : Math.max(0, ...all.map(([other, gap]) => (other !== null && other * APART <= distance ? gap * CLEARLY : 0)));
  const wide = (distance: number | null, own: number): number => Math.max(own, Math.round(least(distance)));
  return [across.map((d) => wide(d, gapFor(d))), down.map((d) => wide(d, rowGapFor(d)))];
}
