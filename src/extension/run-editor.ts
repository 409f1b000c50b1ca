/**
 * Opens a run (`*.numa.json`) as what it is, its verdict on the machine it was measured on, and a recording (`*.numarec`) as the board that
 * was recorded. Nothing is connected to, nothing runs.
 */

import * as vscode from 'vscode';
import { PinboardError, toProblem } from '../model/problem.ts';
import { BoardSession } from '../remote/board/session.ts';
import { hostFromRecording, hostFromRun } from '../remote/recorded/dump-host.ts';
import { looksRecorded, readRecordingBytes } from '../remote/recording/reader.ts';
import { parseRunOf } from '../protocol/run-file.ts';
import type { RunStore } from '../remote/store/run-store.ts';
import { showBoard } from './board-webview.ts';
import { pickFiles } from './run-commands.ts';
import { exportToDocs, showReport } from './exporting.ts';

export const RUN_EDITOR = 'numaPinboard.run';
const ELSEWHERE = 'To measure, connect to a host: NUMA: Connect Host.';

const refused = (): Promise<never> =>
  Promise.reject(new PinboardError('unsupported', 'This editor shows a file.', ELSEWHERE));

/** In a tab of its own. */
export async function openRunFile(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, RUN_EDITOR);
}

export class RunEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #store: RunStore;

  constructor(extensionUri: vscode.Uri, store: RunStore) {
    this.#extensionUri = extensionUri;
    this.#store = store;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  /** @throws Error with the reason, which the editor shows in place of the board. */
  async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const session = new BoardSession({
      connector: refused,
      listHosts: () => [],
      exporter: exportToDocs,
      openPage: showReport,
      store: this.#store,
      pickFiles,
      showApart: (run) => openRunFile(vscode.Uri.file(this.#store.pathOf(run))),
    });
    panel.onDidDispose(() => void session.dispose());
    try {
      const name = vscode.workspace.asRelativePath(uri);
      const bytes = await vscode.workspace.fs.readFile(uri);
      if (looksRecorded(bytes)) {
        await session.useHost(hostFromRecording(await readRecordingBytes(name, bytes), ELSEWHERE));
      } else {
        const run = parseRunOf(name, new TextDecoder().decode(bytes));
        await session.useHost(hostFromRun(run, ELSEWHERE));
        session.showRun(run.id);
      }
    } catch (error) {
      const { message, hint } = toProblem(error);
      throw new Error([message, hint].filter((words) => words !== null).join(' '), { cause: error });
    }
    const shown = showBoard(panel, session, this.#extensionUri);
    panel.onDidDispose(() => {
      shown.dispose();
    });
  }
}
