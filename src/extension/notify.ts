/** Where problems are told: always in the log; to the person on the board where that is looked at, else as a toast. */

import * as vscode from 'vscode';
import { PinboardError, toProblem } from '../model/problem.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import { shownHost } from '../remote/board/standing.ts';
import type { BoardSession } from '../remote/board/session.ts';
import { SettingProblem, TRUST_HINT } from './path-setting.ts';
import { Toasts } from './toasts.ts';
import type { Step } from './toasts.ts';
import { problemWords } from './words/board-log.ts';

const OF_THE_CONNECTION: readonly ProblemCode[] = [
  'unreachable',
  'login-refused',
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'connection-lost',
];

const step = (title: string, command: string, ...args: unknown[]): Step => ({ title, command, arguments: args });

/** @param target what the problem is about; undefined: no host. */
function nextStep({ code, hint }: Problem, target: string | null | undefined): Step {
  if (hint === TRUST_HINT) return step('Manage Trust', 'workbench.trust.manage');
  if (code === 'not-connected' || code === 'not-linux') return step('Connect Host', 'numaPinboard.connectHost');
  if (target !== undefined && OF_THE_CONNECTION.includes(code))
    return step('Connect Again', 'numaPinboard.connectHost', target);
  return step('Open Board', 'numaPinboard.openBoard');
}

export class Problems {
  readonly #log: vscode.LogOutputChannel;
  readonly #session: BoardSession;
  readonly #toasts = new Toasts(
    (words, titles) => vscode.window.showErrorMessage(words, ...titles),
    ({ command, arguments: args }) => void vscode.commands.executeCommand(command, ...args),
  );

  constructor(log: vscode.LogOutputChannel, session: BoardSession) {
    this.#log = log;
    this.#session = session;
  }

  /** Tells of a problem once; a cancelled act is none. @param target the host that was asked for, if any. */
  tell(error: unknown, target?: string | null): void {
    const problem = toProblem(error);
    if (problem.code === 'cancelled') return;
    // What became of a connection is logged already, whoever asked for it.
    const known = this.#session.board.connection.problem?.message === problem.message;
    if (!known) this.#log.error(problemWords(problem));
    if (problem.code === 'internal' && error instanceof Error && error.stack !== undefined)
      this.#log.error(error.stack);
    const words = problem.hint === null ? problem.message : `${problem.message} ${problem.hint}`;
    if (!this.#session.watched) {
      const next =
        error instanceof SettingProblem && problem.hint !== TRUST_HINT
          ? step('Open Setting', 'workbench.action.openSettings', error.setting)
          : nextStep(problem, target);
      const steps = [next, step('Show Log', 'numaPinboard.showLog')];
      this.#toasts.offer({ words, steps });
      return;
    }
    this.#toasts.forget();
    // A host that could not be reached is told of by the board itself.
    if (!known) this.#session.notice('error', words);
  }

  /** A connection that broke while nobody did anything. */
  lost({ code, message, hint }: Problem): void {
    this.tell(new PinboardError(code, message, hint), shownHost(this.#session.standing)?.target);
  }

  /** What waits to be told may not hold any more. */
  forget(): void {
    this.#toasts.forget();
  }
}
