/** Progress of connecting: the steps, and a way to give up, whoever asked for the host and whether the board is in sight or not. */

import * as vscode from 'vscode';
import { clean } from '../model/text/clean.ts';
import type { BoardSession } from '../remote/board/session.ts';

/** A host that answers sooner (ms) is connected before anybody could read of it. */
const WORTH_SAYING = 600;

/** @returns what stops it. */
export function showConnecting(session: BoardSession): () => void {
  let shown: number | null = null;

  const attempt = (): typeof session.standing.attempt => session.standing.attempt;
  const follow = (id: number): void => {
    const to = attempt();
    if (to?.id !== id) return;
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `NUMA, ${clean(to.to.name, 60)}`,
      cancellable: true,
    };
    void vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => {
        if (attempt()?.id === id) session.stay();
      });
      return new Promise<void>((resolve) => {
        const tell = (): void => {
          const now = attempt();
          if (now?.id === id) {
            progress.report({ message: now.step });
            return;
          }
          stop();
          resolve();
        };
        const stop = session.onChange(({ connection }) => {
          if (connection) tell();
        });
        tell();
      });
    });
  };

  return session.onChange(({ connection }) => {
    const id = attempt()?.id ?? null;
    if (!connection || id === null || id === shown) return;
    shown = id;
    setTimeout(() => follow(id), WORTH_SAYING);
  });
}
