/**
 * How a board stands with its hosts, as pure steps. A host that answers is held until its replacement stands, so an attempt
 * at another one runs beside it; what the board, the tree and the title show follows from this alone.
 */

import type { Board, Connection } from '../../model/board/board.ts';
import type { Problem } from '../../model/problem.ts';

export interface Named {
  /** As it is asked for: null for this machine. */
  readonly target: string | null;
  readonly name: string;
  readonly transport: NonNullable<Board['host']>['transport'];
}

export interface Standing {
  /** The host whose picture the board has. `lost`: why it does not answer any more. */
  readonly held: { readonly at: Named; readonly lost: Problem | null } | null;
  readonly attempt: { readonly id: number; readonly to: Named; readonly step: string } | null;
  /** The last attempt, where it failed and no other host answers. */
  readonly refused: { readonly at: Named; readonly problem: Problem } | null;
}

export const NOWHERE: Standing = { held: null, attempt: null, refused: null };

/** A newer attempt takes the place of an older one. */
export function begin(standing: Standing, id: number, to: Named, step: string): Standing {
  return { ...standing, attempt: { id, to, step }, refused: null };
}

/** What an attempt does now; one that was given up has nothing to say. */
export function advance(standing: Standing, id: number, step: string): Standing {
  const { attempt } = standing;
  return attempt?.id === id ? { ...standing, attempt: { ...attempt, step } } : standing;
}

/** The host of an attempt answers, and takes the place of the one before. */
export function stand(standing: Standing, id: number, at: Named): Standing {
  return standing.attempt?.id === id ? { held: { at, lost: null }, attempt: null, refused: null } : standing;
}

/** An attempt ended without a host; `problem` null: nobody is to be told of one, for it was cancelled. */
export function giveUp(standing: Standing, id: number, problem: Problem | null): Standing {
  const { attempt } = standing;
  if (attempt?.id !== id) return standing;
  const refused = problem === null || answers(standing) ? null : { at: attempt.to, problem };
  return { ...standing, attempt: null, refused };
}

/** The held host does not answer any more; its picture stays, for it is what the person was looking at. */
export function lose(standing: Standing, problem: Problem): Standing {
  return standing.held ? { ...standing, held: { ...standing.held, lost: problem } } : standing;
}

/** Whether a host is held that answers. */
export function answers({ held }: Standing): boolean {
  return held?.lost === null;
}

/** The host that the board shows: the one that answers, else the one that is asked, was refused or was lost last. */
export function shownHost({ held, attempt, refused }: Standing): Named | null {
  if (held?.lost === null) return held.at;
  return attempt?.to ?? refused?.at ?? held?.at ?? null;
}

/** Whether what is shown is the picture of the held host. */
export function showsHeld(standing: Standing): boolean {
  return standing.held !== null && shownHost(standing)?.target === standing.held.at.target;
}

export function connectionOf(standing: Standing): Omit<Connection, 'since'> {
  const { held, attempt, refused } = standing;
  if (answers(standing)) {
    const next = attempt && { name: attempt.to.name, step: attempt.step };
    return { state: 'connected', step: null, problem: null, next };
  }
  if (attempt) return { state: 'connecting', step: attempt.step, problem: null, next: null };
  if (refused) return { state: 'failed', step: null, problem: refused.problem, next: null };
  if (held) return { state: 'lost', step: null, problem: held.lost, next: null };
  return { state: 'none', step: null, problem: null, next: null };
}
