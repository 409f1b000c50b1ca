/** What it takes to put a pool back to what it was before a change, and whether it still is as that change left it. */

import { capital, formatBytes, plural } from '../text/format.ts';
import { persistent, whereOf } from './change.ts';
import type { PoolChange } from './change.ts';
import { findPool } from './plan.ts';
import type { HugePages } from './pools.ts';

/** A change that was made, or begun. */
export interface MadeChange {
  readonly node: number;
  readonly inferred: boolean;
  readonly sizeBytes: number;
  /** Reservations: before, asked for, and read back; null where nobody read it. */
  readonly before: number;
  readonly asked: number;
  readonly after: number | null;
}

export interface Undo {
  /** Null where the pool already is what it was. */
  readonly change: PoolChange | null;
  /** Why a person has to confirm it: the pool is not as the change left it. Null where it is. */
  readonly differs: string | null;
}

/** @throws PinboardError where the host has no such pool (any more). */
export function planUndo(state: HugePages, made: MadeChange): Undo {
  const { node, pool } = findPool(state, made);
  const surplus = pool.surplus ?? 0;
  const now = persistent({ total: pool.total, surplus });
  if (now === made.before) return { change: null, differs: null };
  return {
    change: {
      node: node.id,
      inferred: node.inferred,
      sizeBytes: made.sizeBytes,
      from: pool.total,
      surplus,
      to: made.before,
    },
    differs: isAsLeft(made, now) ? null : differsWords(made, now),
  };
}

/** Of a change that ended half-way anything between the two is its doing. */
function isAsLeft({ before, asked, after }: MadeChange, now: number): boolean {
  if (after !== null) return now === after;
  return now >= Math.min(before, asked) && now <= Math.max(before, asked);
}

function differsWords(made: MadeChange, now: number): string {
  const left = made.after ?? made.asked;
  return `${capital(whereOf(made))} has ${plural(now, 'page')} of ${formatBytes(made.sizeBytes)} reserved now, not the ${left} that the change left: somebody changed it since.`;
}

/** "512 pages of 2 MB reserved on node 1, 0 before". */
export function madeWords(made: MadeChange): string {
  const now = made.after === null ? `${made.asked} asked for, and the answer was never read` : `${made.after} reserved`;
  return `pages of ${formatBytes(made.sizeBytes)} on ${whereOf(made)}: ${now}, ${made.before} before`;
}
