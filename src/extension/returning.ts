/** Coming back, after a reload of the window, to the host that the board was at. */

import type { BoardSession } from '../remote/board/session.ts';
import { NOWHERE } from '../remote/board/standing.ts';
import { ConnectFailure } from './connect-failure.ts';
import type { LastBoardStore } from './last-board.ts';

/** @param orHere whether this machine is shown where there is no host to come back to. */
export type ComeBack = (asked: { readonly orHere: boolean }) => Promise<void>;

/** @returns what comes back once; whoever asks meanwhile waits for the same. */
export function comingBack(session: BoardSession, store: LastBoardStore): ComeBack {
  let coming: Promise<void> | null = null;

  const comeBack: ComeBack = async ({ orHere }) => {
    if (session.standing !== NOWHERE) return;
    const last = await store.last();
    // Whoever chose a host meanwhile does not want another one.
    if (session.standing !== NOWHERE) return;
    if (!last && (!orHere || process.platform !== 'linux')) return;
    const target = last ? last.target : null;
    try {
      await session.connect(target);
    } catch (error) {
      throw new ConnectFailure(target, error);
    }
    if (last && session.standing.held?.at.target === target) session.tokens.restore(last.placement, last.workload);
  };

  return (asked) => {
    coming ??= comeBack(asked).finally(() => (coming = null));
    return coming;
  };
}
