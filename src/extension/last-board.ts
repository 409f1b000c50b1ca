/**
 * What outlives a reload of the window, as a file: where the board was connected and its tokens sat. A file, because the editor's own
 * memory is written late, and a window that is reloaded at once forgets it.
 */

import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Placement } from '../model/placement/slots.ts';
import type { Workload } from '../model/bench/index.ts';
import { keptPlacementSchema, keptWorkloadSchema } from '../protocol/kept-board.ts';
import { writeAtomically } from '../remote/store/files.ts';

export interface LastBoard {
  /** Null: this machine. */
  readonly target: string | null;
  readonly placement: Placement;
  readonly workload: Workload;
}

const lastSchema = v.object({
  target: v.nullable(v.string()),
  placement: keptPlacementSchema,
  workload: keptWorkloadSchema,
});

export class LastBoardStore {
  readonly #file: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  /** One write after the other: the last one told is the one that stays. */
  #writing: Promise<void> = Promise.resolve();
  #remembered: string | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#file = vscode.Uri.joinPath(context.globalStorageUri, 'boards', `${workspaceKey()}.json`);
    this.#log = log;
  }

  /** Undefined when there was none, or it cannot be read any more. */
  async last(): Promise<LastBoard | undefined> {
    try {
      const bytes = await vscode.workspace.fs.readFile(this.#file);
      return v.parse(lastSchema, JSON.parse(new TextDecoder().decode(bytes)));
    } catch {
      return undefined;
    }
  }

  /** Undefined: nothing is to come back. */
  remember(last: LastBoard | undefined): void {
    const text = JSON.stringify(last ?? null);
    // A board changes with every sample; what is remembered of it does not, and the change that counts is not to wait in a queue.
    if (text === this.#remembered) return;
    this.#remembered = text;
    this.#writing = this.#writing
      .then(() => this.#write(text))
      .catch((error: unknown) => {
        this.#remembered = undefined;
        this.#log.warn(`The board was not saved: ${String(error)}`);
      });
  }

  /** Settles when what was to be remembered is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** Whole or not at all. */
  async #write(text: string): Promise<void> {
    await mkdir(dirname(this.#file.fsPath), { recursive: true });
    await writeAtomically(this.#file.fsPath, text);
  }
}

/**
 * Tells this workspace's board from those of others. The editor's own folder of a workspace would do, but after a crash it is now and
 * then another one: the lock of the process that died looks held until its parent has seen its end.
 */
function workspaceKey(): string {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  const words = workspaceFile ? [workspaceFile.toString()] : workspaceFolders.map(({ uri }) => uri.toString());
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 32);
}
