/** Asks, when the kept runs take more room than the setting gives them. Nothing is ever removed without a person who said so. */

import * as vscode from 'vscode';
import { formatBytes } from '../../model/text/format.ts';

const SETTING = 'numaPinboard.keptRuns.limit';
const CHOOSE = 'Choose What to Delete…';
const CHANGE = 'Change the Limit';

/** Bytes; infinite where the setting says 0. */
export function roomForRuns(): number {
  const megabytes = vscode.workspace.getConfiguration().get<number>(SETTING, 0);
  return megabytes > 0 ? megabytes * 1024 * 1024 : Infinity;
}

export const roomWords = (bytes: number, limit: number): string =>
  `The kept runs take ${formatBytes(bytes)}, more than the ${formatBytes(limit)} of ${SETTING}.`;

export class Room {
  /** Not again until there was room meanwhile. */
  #asked = false;

  /** @returns what the view says above its rows; null: there is room. */
  check(bytes: number): string | null {
    const limit = roomForRuns();
    if (bytes <= limit) {
      this.#asked = false;
      return null;
    }
    const words = roomWords(bytes, limit);
    if (!this.#asked) void this.#ask(words);
    this.#asked = true;
    return words;
  }

  async #ask(words: string): Promise<void> {
    const told = `${words} Nothing is deleted unless you do it.`;
    const chosen = await vscode.window.showWarningMessage(told, CHOOSE, CHANGE);
    if (chosen === CHOOSE) await vscode.commands.executeCommand('numaPinboard.makeRoom');
    if (chosen === CHANGE) await vscode.commands.executeCommand('workbench.action.openSettings', SETTING);
  }
}
