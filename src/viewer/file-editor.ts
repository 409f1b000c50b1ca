/**
 * The editor of runs (`*.numa.json`), recordings (`*.numarec`) and, where it is asked for, lstopo XML: the board that they tell of.
 * It only shows; nothing is connected to, nothing runs, and the file is never written.
 */

import * as vscode from 'vscode';
import type { Run } from '../model/run/run.ts';
import type { Edition } from './file-board.ts';
import type { FilePanel } from './file-panel.ts';
import { MACHINE_EDITOR, openOnBoard, RUN_EDITOR } from './opening.ts';

interface FileDocument extends vscode.CustomDocument {
  readonly unsaved: Uint8Array | undefined;
}

export class FileEditor implements vscode.CustomReadonlyEditorProvider<FileDocument> {
  readonly #extensionUri: vscode.Uri;
  readonly #edition: Edition;
  readonly #panels = new Map<string, FilePanel>();
  /** What a panel that is still on its way is to compare. */
  readonly #wanted = new Map<string, readonly [Run, Run]>();

  constructor(extensionUri: vscode.Uri, edition: Edition) {
    this.#extensionUri = extensionUri;
    this.#edition = edition;
  }

  register(): vscode.Disposable {
    const options = { webviewOptions: { retainContextWhenHidden: true } };
    return vscode.Disposable.from(
      ...[RUN_EDITOR, MACHINE_EDITOR].map((type) => vscode.window.registerCustomEditorProvider(type, this, options)),
    );
  }

  openCustomDocument(uri: vscode.Uri, { untitledDocumentData }: vscode.CustomDocumentOpenContext): FileDocument {
    return { uri, unsaved: untitledDocumentData, dispose: () => undefined };
  }

  async resolveCustomEditor(document: FileDocument, panel: vscode.WebviewPanel): Promise<void> {
    let closed = false as boolean;
    const closing = panel.onDidDispose(() => (closed = true));
    const { FilePanel } = await import('./file-panel.ts');
    closing.dispose();
    if (closed) return;
    const shown = new FilePanel(panel, document, this.#extensionUri, this.#edition);
    const key = document.uri.toString();
    this.#panels.set(key, shown);
    panel.onDidDispose(() => {
      shown.dispose();
      if (this.#panels.get(key) === shown) this.#panels.delete(key);
    });
    await shown.load();
    await this.#compare(key);
  }

  /** Shows a run's file, with a second one held against it. */
  async compare(uri: vscode.Uri, first: Run, second: Run): Promise<void> {
    const key = uri.toString();
    this.#wanted.set(key, [first, second]);
    await openOnBoard(uri);
    await this.#compare(key);
  }

  async #compare(key: string): Promise<void> {
    const [panel, runs] = [this.#panels.get(key), this.#wanted.get(key)];
    if (!panel || !runs) return;
    this.#wanted.delete(key);
    await panel.compare(...runs);
  }
}
