/**
 * What outlives a reload of the window, as a file: where the board was connected and its tokens sat. A file, because the editor's own
 * memory is written late, and a window that is reloaded at once forgets it.
 */

import { mkdir } from 'node:fs/promises';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Placement } from '../model/placement/slots.ts';
import type { Workload } from '../model/bench/index.ts';
import { keptPlacementSchema, keptWorkloadSchema } from '../protocol/messages.ts';
import { writeAtomically } from '../remote/store/files.ts';

const LAST = 'last.json';

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
  readonly #folder: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  /** One write after the other: the last one told is the one that stays. */
  #writing: Promise<void> = Promise.resolve();
  #remembered: string | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#folder = context.storageUri ?? context.globalStorageUri;
    this.#log = log;
  }

  /** Undefined when there was none, or it cannot be read any more. */
  async last(): Promise<LastBoard | undefined> {
    try {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#folder, LAST));
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
      .then(() => this.#write(LAST, text))
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
  async #write(name: string, text: string): Promise<void> {
    await mkdir(this.#folder.fsPath, { recursive: true });
    await writeAtomically(vscode.Uri.joinPath(this.#folder, name).fsPath, text);
  }
}
