/** Owns what follows from the state: which run is shown, where its tokens stood, whether anything can be measured. */

import type { RunRecord } from '../model/board.ts';
import type { Result } from '../model/run.ts';
import { EMPTY_PLACEMENT } from '../model/workload.ts';
import type { Placement, SpscCase } from '../model/workload.ts';
import type { State } from './store.ts';

export function shownRun(state: State): RunRecord | null {
  if (state.view.shown === null || state.board?.running) return null;
  return state.board?.runs.find((run) => run.id === state.view.shown) ?? null;
}

/** The result a run is about, and the one it is held against. */
export function pair(run: RunRecord): { readonly of: Result | null; readonly against: Result | null } {
  const { comparison, results } = run;
  if (!comparison) return { of: results[0] ?? null, against: null };
  return { of: results[comparison.of] ?? null, against: results[comparison.against] ?? null };
}

export function spscCase(result: Result | null): SpscCase | null {
  return result && 'producer' in result.placement ? result.placement : null;
}

/** Where the tokens stand on the board now: where the shown run had them, else where they were placed. */
export function shownPlacement(state: State): Placement {
  const run = shownRun(state);
  const ran = run ? spscCase(pair(run).of) : null;
  if (!ran) return state.board?.placement ?? EMPTY_PLACEMENT;
  return { producer: ran.producer, consumer: ran.consumer, memory: typeof ran.memory === 'number' ? ran.memory : null };
}

/** Why the last picture may no longer hold, with its age; null while the host answers. */
export function stale(state: State, now: number): string | null {
  const lost = state.line === 'lost' || state.board?.connection.state === 'lost';
  if (!lost) return null;
  const seconds = Math.max(0, Math.round((now - state.heard) / 1000));
  return seconds < 120 ? `last seen ${seconds} s ago` : `last seen ${Math.round(seconds / 60)} min ago`;
}

/** Why Run cannot be pressed now, in words; null when it can. */
export function runBlocked(state: State): string | null {
  const { board } = state;
  if (!board?.topology) return 'No host yet.';
  if (state.line === 'lost') return 'The page lost its host.';
  if (board.connection.state !== 'connected') return 'The host is not connected.';
  if (state.carried) return `Drop the ${state.carried.role} first.`;
  if (board.measuring) return board.measuring.message;
  const { producer, consumer } = shownPlacement(state);
  if (producer === null && consumer === null) return 'Place a producer and a consumer first.';
  if (producer === null) return 'Place a producer first.';
  return consumer === null ? 'Place a consumer first.' : null;
}
