/** One tab that shows a file: its board, anew when the file changes, or the reason why it has none. */

import * as vscode from 'vscode';
import { toProblem } from '../model/problem.ts';
import type { Run } from '../model/run/run.ts';
import { newNonce, showBoard } from './board-webview.ts';
import type { Edition, FileBoard } from './file-board.ts';
import { OPEN_AS_TEXT } from './opening.ts';
import { nameOf, readFile } from './read-file.ts';
import { troublePage } from './trouble-page.ts';
import type { Step } from './trouble-page.ts';

const REOPEN_WITH = 'workbench.action.reopenWithEditor';

export class FilePanel implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #uri: vscode.Uri;
  readonly #unsaved: Uint8Array | undefined;
  readonly #extensionUri: vscode.Uri;
  readonly #edition: Edition;
  readonly #watching: vscode.Disposable;
  #shown: { readonly board: FileBoard; readonly page: vscode.Disposable } | null = null;
  /** One reading after the other: the last one counts. */
  #reading: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    panel: vscode.WebviewPanel,
    { uri, unsaved }: { readonly uri: vscode.Uri; readonly unsaved?: Uint8Array | undefined },
    extensionUri: vscode.Uri,
    edition: Edition,
  ) {
    this.#panel = panel;
    this.#uri = uri;
    this.#unsaved = unsaved;
    this.#extensionUri = extensionUri;
    this.#edition = edition;
    this.#watching = this.#watch();
  }

  /** Settles when the file's board or the trouble with it is shown. */
  load(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#load());
    return this.#reading;
  }

  async compare(first: Run, second: Run): Promise<void> {
    await this.#reading;
    this.#shown?.board.compare(first, second);
  }

  dispose(): void {
    this.#closed = true;
    this.#watching.dispose();
    this.#leave();
  }

  async #load(): Promise<void> {
    try {
      const { readRecording, board: boardOf } = this.#edition;
      const board = await boardOf(await readFile(this.#uri, readRecording, this.#unsaved));
      this.#leave();
      if (this.#closed) board.dispose();
      else this.#shown = { board, page: showBoard(this.#panel, board, this.#extensionUri) };
    } catch (error) {
      this.#tell(error);
    }
  }

  /** A board that is there stays: what it shows was measured, whatever became of the file. */
  #tell(error: unknown): void {
    const problem = toProblem(error);
    if (this.#shown) {
      this.#shown.board.notice(
        'warning',
        `The file has changed and cannot be read any more; this is what it held. ${problem.message}`,
      );
      return;
    }
    if (this.#closed) return;
    const { webview } = this.#panel;
    webview.options = { enableScripts: false, enableCommandUris: [OPEN_AS_TEXT, REOPEN_WITH], localResourceRoots: [] };
    webview.html = troublePage(problem, this.#steps(), newNonce());
  }

  #steps(): Step[] {
    // Both mean the tab that is in front: an address in a link would be one of another computer where the window is remote.
    const text: Step = { title: 'Open as Text', command: OPEN_AS_TEXT };
    const other: Step = { title: 'Reopen With\u2026', command: REOPEN_WITH };
    // A recording is packed: there is nothing to read in it.
    return this.#uri.path.endsWith('.numarec') ? [other] : [text, other];
  }

  #watch(): vscode.Disposable {
    // What is in a commit, or not saved, does not change.
    const pattern = new vscode.RelativePattern(
      vscode.Uri.joinPath(this.#uri, '..'),
      nameOf(this.#uri).replace(/^.*[/\\]/, ''),
    );
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const load = (): void => void this.load();
    watcher.onDidChange(load);
    watcher.onDidCreate(load);
    watcher.onDidDelete(load);
    return watcher;
  }

  #leave(): void {
    this.#shown?.page.dispose();
    this.#shown?.board.dispose();
    this.#shown = null;
  }
}
