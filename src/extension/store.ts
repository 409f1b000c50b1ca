/**
 * What outlives a reload of the window, as files: the runs, and where the board was connected and its tokens sat. Files,
 * because the editor's own memory is written late, and a window that is reloaded at once forgets it.
 */

import { mkdir } from 'node:fs/promises';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { messageOf } from '../model/problem.ts';
import type { Run } from '../model/run/run.ts';
import type { Placement } from '../model/placement/slots.ts';
import type { Workload } from '../model/bench/index.ts';
import { keptPlacementSchema, keptWorkloadSchema } from '../protocol/messages.ts';
import { parseRun } from '../protocol/run.ts';
import { writeAtomically } from '../remote/store/files.ts';
import type { Transport } from '../remote/transport.ts';

/** Runs kept; older ones were exported or are of no more use. */
const KEPT = 50;
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

export class RunStore {
  readonly #folder: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  /** One write after the other: the last one told is the one that stays. */
  #writing: Promise<void> = Promise.resolve();
  #remembered: string | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#folder = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'runs');
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

  /** A run as it stands: what is stored of it already is replaced. */
  async checkpoint(run: Run): Promise<void> {
    await this.#write(`${run.id}.numa.json`, JSON.stringify(run));
  }

  /** A run that has ended. */
  async save(run: Run): Promise<void> {
    await this.checkpoint(run);
    for (const name of (await this.#names()).slice(KEPT)) {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(this.#folder, name));
    }
  }

  /** Settles when what was to be remembered is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** Runs of one host, newest first; a damaged file is named in the log and left alone. */
  async load({ kind, name: host }: Pick<Transport, 'kind' | 'name'>): Promise<Run[]> {
    const runs: Run[] = [];
    for (const name of await this.#names()) {
      try {
        const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#folder, name));
        const run = parseRun(new TextDecoder().decode(bytes));
        if (run.host.name === host && run.host.transport === kind) runs.push(run);
      } catch (error) {
        this.#log.warn(`${name} cannot be opened: ${messageOf(error)}`);
      }
    }
    return runs;
  }

  /** Whole or not at all. */
  async #write(name: string, text: string): Promise<void> {
    await mkdir(this.#folder.fsPath, { recursive: true });
    await writeAtomically(vscode.Uri.joinPath(this.#folder, name).fsPath, text);
  }

  /** Ids begin with the time, so that names sort by it; newest first. */
  async #names(): Promise<string[]> {
    try {
      const entries = await vscode.workspace.fs.readDirectory(this.#folder);
      const names = entries.map(([name]) => name).filter((name) => name.endsWith('.numa.json'));
      return names.sort().reverse();
    } catch {
      return []; // the folder comes with the first run
    }
  }
}
