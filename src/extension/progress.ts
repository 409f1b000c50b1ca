/** Progress of what goes on at a board, beside it, with a way to cancel. */

import * as vscode from 'vscode';
import type { BoardSession } from '../remote/board/session.ts';

/** @param step what is told with each change of the board; null: nothing new. */
export async function inProgress(
  session: BoardSession,
  { title, step }: { readonly title: string; readonly step: () => string | null },
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    const control = new AbortController();
    token.onCancellationRequested(() => control.abort());
    const stop = session.onChange(() => {
      const message = step();
      if (message !== null) progress.report({ message });
    });
    try {
      await work(control.signal);
    } finally {
      stop();
    }
  });
}
