/** What outlives a reload of the window: the runs, as files, and where the board was connected and its tokens sat. */

import * as vscode from 'vscode';
import type { Snapshot } from '../model/run.ts';
import type { Placement, Workload } from '../model/workload.ts';
import { parseSnapshot } from '../protocol/snapshot.ts';

/** Runs kept; older ones were exported or are of no more use. */
const KEPT = 50;
const LAST = 'numaPinboard.last';

export interface LastBoard {
  /** Null: this machine. */
  readonly target: string | null;
  readonly placement: Placement;
  readonly workload: Workload;
}

export class RunStore {
  readonly #folder: vscode.Uri;
  readonly #memento: vscode.Memento;
  readonly #log: vscode.LogOutputChannel;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#folder = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'runs');
    this.#memento = context.workspaceState;
    this.#log = log;
  }

  get last(): LastBoard | undefined {
    return this.#memento.get<LastBoard>(LAST);
  }

  async remember(last: LastBoard | undefined): Promise<void> {
    await this.#memento.update(LAST, last);
  }

  async save(snapshot: Snapshot): Promise<void> {
    await vscode.workspace.fs.createDirectory(this.#folder);
    const file = vscode.Uri.joinPath(this.#folder, `${snapshot.id}.numa.json`);
    const temporary = vscode.Uri.joinPath(this.#folder, `${snapshot.id}.tmp`);
    await vscode.workspace.fs.writeFile(temporary, new TextEncoder().encode(JSON.stringify(snapshot)));
    await vscode.workspace.fs.rename(temporary, file, { overwrite: true });
    for (const name of (await this.#names()).slice(KEPT)) {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(this.#folder, name));
    }
  }

  /** Runs of one host, newest first; a damaged file is named in the log and left alone. */
  async load(host: string): Promise<Snapshot[]> {
    const runs: Snapshot[] = [];
    for (const name of await this.#names()) {
      try {
        const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#folder, name));
        const snapshot = parseSnapshot(new TextDecoder().decode(bytes));
        if (snapshot.host.name === host) runs.push(snapshot);
      } catch (error) {
        this.#log.warn(`${name} cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return runs;
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
