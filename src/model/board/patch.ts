/**
 * What changed of a board, as pages are told: whole values of the keys that changed, but of the runs and of what they cost only
 * the entries that are new or were replaced. A run can be megabytes large, and a board has hundreds.
 */

import type { CostTable } from '../bench/matrix/costs.ts';
import type { RunSummary } from '../run/run.ts';
import type { Board } from './board.ts';

/** Of a list whose entries have an id and are never changed in place. */
export interface ListChange<T> {
  /** Of the whole list as it now is, in its order: what is not named was removed. */
  readonly ids: readonly string[];
  readonly changed: readonly T[];
}

interface ListChanges {
  readonly runs: ListChange<RunSummary>;
  readonly costs: ListChange<CostTable>;
}

export type BoardPatch = Partial<Omit<Board, keyof ListChanges> & ListChanges>;

type IdOf<T> = (entry: T) => string;
const runId: IdOf<RunSummary> = ({ id }) => id;
const costId: IdOf<CostTable> = ({ run }) => run;

function listChange<T>(before: readonly T[], after: readonly T[], idOf: IdOf<T>): ListChange<T> {
  const known = new Set(before);
  return { ids: after.map(idOf), changed: after.filter((entry) => !known.has(entry)) };
}

function changedList<T>(before: readonly T[], { ids, changed }: ListChange<T>, idOf: IdOf<T>): T[] {
  const byId = new Map([...before, ...changed].map((entry) => [idOf(entry), entry]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function joinedChanges<T>(first: ListChange<T> | undefined, second: ListChange<T>, idOf: IdOf<T>): ListChange<T> {
  return first ? { ids: second.ids, changed: changedList(first.changed, second, idOf) } : second;
}

/** @param change whole values of what is now another than in `before`. */
export function boardPatch(before: Board, { runs, costs, ...rest }: Partial<Board>): BoardPatch {
  return {
    ...rest,
    ...(runs ? { runs: listChange(before.runs, runs, runId) } : {}),
    ...(costs ? { costs: listChange(before.costs, costs, costId) } : {}),
  };
}

export function patchedBoard(before: Board, { runs, costs, ...rest }: BoardPatch): Board {
  return {
    ...before,
    ...rest,
    ...(runs ? { runs: changedList(before.runs, runs, runId) } : {}),
    ...(costs ? { costs: changedList(before.costs, costs, costId) } : {}),
  };
}

/** Two patches in a row as one. */
export function joinedPatches(first: BoardPatch, second: BoardPatch): BoardPatch {
  const { runs, costs } = second;
  return {
    ...first,
    ...second,
    ...(runs ? { runs: joinedChanges(first.runs, runs, runId) } : {}),
    ...(costs ? { costs: joinedChanges(first.costs, costs, costId) } : {}),
  };
}
