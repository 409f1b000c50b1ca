/** Problems as notifications: what failed, why, what to do next, and the log one click away. */

import * as vscode from 'vscode';
import { toProblem } from '../model/problem.ts';

/** Shows a problem once; a cancelled act is no problem. */
export function showProblem(log: vscode.LogOutputChannel, error: unknown): void {
  const problem = toProblem(error);
  if (problem.code === 'cancelled') return;
  log.error(`${problem.code}: ${problem.message}${problem.hint === null ? '' : `\n  ${problem.hint}`}`);
  if (error instanceof Error && problem.code === 'internal' && error.stack !== undefined) log.error(error.stack);
  const words = problem.hint === null ? problem.message : `${problem.message} ${problem.hint}`;
  void vscode.window.showErrorMessage(words, 'Show Log').then((choice) => {
    if (choice !== undefined) log.show();
  });
}
