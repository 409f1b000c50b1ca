/** What the editor makes of each change of the connection: its context key, what is remembered, the log, and word of a loss. */

import * as vscode from 'vscode';
import type { Board } from '../model/board/board.ts';
import { groupWarnings, warningLine } from '../model/topology/warnings.ts';
import { shownHost } from '../remote/board/standing.ts';
import type { BoardSession } from '../remote/board/session.ts';
import type { Here } from './here.ts';
import { inLog } from './notify.ts';
import type { Problems } from './notify.ts';
import type { LastBoardStore } from './last-board.ts';

interface Followed {
  readonly session: BoardSession;
  readonly store: LastBoardStore;
  readonly log: vscode.LogOutputChannel;
  readonly problems: Problems;
  readonly here: Here;
}

/** @returns what stops it. */
export function followConnection({ session, store, log, problems, here }: Followed): () => void {
  let before = session.board.connection;
  let was = here.name;

  const connectionChanged = ({ connection, topology }: Board): void => {
    const name = shownHost(session.standing)?.name ?? was;
    const { state, next, problem } = connection;
    if (next && next.name !== before.next?.name) log.info(`Connecting to ${next.name}, while ${name} stays connected`);
    if (state !== before.state || name !== was) {
      void vscode.commands.executeCommand('setContext', 'numaPinboard.connected', state === 'connected');
      if (state === 'connecting') log.info(`Connecting to ${name}`);
      if (state === 'connected') {
        log.info(`Connected to ${name}`);
        for (const group of groupWarnings(topology?.warnings ?? [])) log.warn(`${name}: ${warningLine(group)}`);
        problems.forget();
      }
      if (problem) log.error(inLog(problem));
      if (problem && state === 'lost') problems.lost(problem);
      if (state === 'none')
        log.info(before.state === 'connecting' ? `Not connected to ${was}: cancelled` : `Disconnected from ${was}`);
    }
    before = connection;
    was = name;
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
    if (change.connection) connectionChanged(board);
    if (change.connection ?? change.placement ?? change.workload) remember(board);
  });
}
