/** The editor of plans (`*.plan.yaml`) on their machine: what is done on the board is an edit of the text, which is saved and taken back as such. */

import * as vscode from 'vscode';
import { toProblem } from '../model/problem.ts';
import type { RunStore } from '../remote/store/run-store.ts';
import { newNonce } from '../viewer/board-webview.ts';
import { OPEN_AS_TEXT, PLAN_EDITOR } from '../viewer/opening.ts';
import type { Alive, PlanBoard } from './plan-board.ts';

const CONNECT = 'numaPinboard.connectHost';

export class PlanEditor implements vscode.CustomTextEditorProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #alive: Alive;
  readonly #runs: () => Promise<RunStore>;

  /** @param runs where a plan's flows are priced by what was measured. */
  constructor(extensionUri: vscode.Uri, alive: Alive, runs: () => Promise<RunStore>) {
    this.#extensionUri = extensionUri;
    this.#alive = alive;
    this.#runs = runs;
  }

  register(): vscode.Disposable {
    const options = { webviewOptions: { retainContextWhenHidden: true } };
    return vscode.window.registerCustomEditorProvider(PLAN_EDITOR, this, options);
  }

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    let board: PlanBoard | null = null;
    let closed = false;
    const open = async (): Promise<void> => {
      const { showPlan } = await import('./plan-board.ts');
      try {
        const host = { alive: this.#alive, store: await this.#runs() };
        const shown = await showPlan(document, panel, this.#extensionUri, host);
        if (closed) shown.dispose();
        else board = shown;
      } catch (error) {
        if (!closed) await this.#tell(document, panel, error);
      }
    };
    // One after the other: a plan that is no plan yet, or has no machine, may have one by now.
    let last = Promise.resolve();
    const again = (): Promise<void> => (last = last.then(() => (board ? board.look() : open())));
    const listening = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
        if (changed.uri.toString() === document.uri.toString() && contentChanges.length > 0) void again();
      }),
      panel.onDidChangeViewState(() => {
        if (panel.visible && !board) void again();
      }),
    );
    panel.onDidDispose(() => {
      closed = true;
      listening.dispose();
      board?.dispose();
    });
    await again();
  }

  async #tell(document: vscode.TextDocument, { webview }: vscode.WebviewPanel, error: unknown): Promise<void> {
    const [{ troublePage }, { readPlan }] = await Promise.all([
      import('../viewer/trouble-page.ts'),
      import('../protocol/plan-text.ts'),
    ]);
    const problem = toProblem(error);
    const read = readPlan(document.getText());
    const host = 'plan' in read ? (read.plan.host?.ssh ?? null) : null;
    const connect =
      host === null
        ? { title: 'Connect Host', command: CONNECT }
        : { title: `Connect to ${host}`, command: `${CONNECT}?${encodeURIComponent(JSON.stringify([host]))}` };
    const steps = [
      { title: 'Open as Text', command: OPEN_AS_TEXT },
      ...(problem.code === 'not-connected' ? [connect] : []),
    ];
    webview.options = { enableScripts: false, enableCommandUris: [OPEN_AS_TEXT, CONNECT], localResourceRoots: [] };
    webview.html = troublePage(problem, steps, newNonce());
  }
}
