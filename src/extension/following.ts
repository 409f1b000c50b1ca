/** What the editor makes of each change of the board: context keys, what is remembered, the log, and word of a loss. */

import type * as vscode from 'vscode';
import type { Board } from '../model/board/board.ts';
import { withoutUnsafe } from '../model/text/clean.ts';
import type { BoardSession } from '../remote/board/session.ts';
import type { Problems } from './notify.ts';
import type { LastBoardStore } from './last-board.ts';
import { setKey } from './walkthrough.ts';
import { BoardLog } from './words/board-log.ts';
import type { Seen } from './words/board-log.ts';
import { contextKeys } from './words/context-keys.ts';

interface Followed {
  readonly session: BoardSession;
  readonly store: LastBoardStore;
  readonly log: vscode.LogOutputChannel;
  readonly problems: Problems;
}

/** Tells the editor what of them has changed. */
function keysTeller(): (board: Board) => void {
  const told = new Map<string, boolean>();
  return (board) => {
    for (const [key, value] of Object.entries(contextKeys(board))) {
      if (told.get(key) === value) continue;
      told.set(key, value);
      void setKey(key, value);
    }
  };
}

/** @returns what stops it. */
export function followConnection({ session, store, log, problems }: Followed): () => void {
  const seen = (): Seen => ({
    board: session.board,
    standing: session.standing,
    agent: session.alive?.host.agentSha256 ?? null,
  });
  const boardLog = new BoardLog(
    seen(),
    (level, words) => log[level](withoutUnsafe(words)),
    () => performance.now(),
  );
  const tellKeys = keysTeller();
  let before = { state: session.board.connection.state, at: session.standing.held?.at };

  const connectionChanged = ({ connection: { state, problem } }: Board): void => {
    const { at } = session.standing.held ?? {};
    if (state === before.state && at === before.at) return;
    before = { state, at };
    if (state === 'connected') problems.forget();
    if (problem && state === 'lost') problems.lost(problem);
  };

  /** Whether a host was connected since the last one was left. */
  let held = false;
  const remember = ({ connection, placement, workload }: Board): void => {
    const { state } = connection;
    if (state === 'connected' && session.standing.held) {
      held = true;
      store.remember({ target: session.standing.held.at.target, placement, workload });
    } else if (state === 'none' && held) {
      held = false;
      store.remember(undefined);
    }
  };

  return session.onChange((change) => {
    const { board } = session;
    tellKeys(board);
    boardLog.changed(seen());
    if (change.connection) connectionChanged(board);
    if (change.connection ?? change.placement ?? change.workload) remember(board);
  });
}
