/**
 * The board: one webview panel. It is kept when hidden (the page says so itself and nothing is sampled meanwhile) and
 * comes back after a reload of the window by its serializer.
 */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from '../model/page-html.ts';
import type { BoardSession } from '../remote/board-session.ts';

export const VIEW_TYPE = 'numaPinboard.board';

export class BoardPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #assets: vscode.Uri;
  readonly #session: BoardSession;
  #panel: vscode.WebviewPanel | null = null;
  #detach: (() => void) | null = null;

  constructor(extensionUri: vscode.Uri, session: BoardSession) {
    this.#assets = vscode.Uri.joinPath(extensionUri, 'dist');
    this.#session = session;
  }

  show(): void {
    if (this.#panel) {
      this.#panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(VIEW_TYPE, 'NUMA Board', vscode.ViewColumn.Active, {
      enableScripts: true,
      retainContextWhenHidden: true,
      localResourceRoots: [this.#assets],
    });
    this.#adopt(panel);
  }

  /** After a reload of the window the editor brings an empty panel back. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    // Only one board: a second one left over from another window layout goes.
    if (this.#panel) panel.dispose();
    else this.#adopt(panel);
    return Promise.resolve();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [this.#assets] };
    panel.iconPath = vscode.Uri.joinPath(this.#assets, '..', 'media', 'numa.svg');
    const attached = this.#session.attach((message) => void webview.postMessage(message));
    const listening = webview.onDidReceiveMessage((message: unknown) => attached.receive(message));
    this.#panel = panel;
    this.#detach = () => {
      listening.dispose();
      attached.close();
    };
    panel.onDidDispose(() => this.#forget());
    const uri = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(this.#assets, name)).toString();
    webview.html = pageHtml({
      scriptUri: uri('board.js'),
      styleUri: uri('board.css'),
      nonce: randomBytes(16).toString('base64url'),
      cspSource: webview.cspSource,
      connect: null,
    });
  }

  #forget(): void {
    this.#detach?.();
    this.#detach = null;
    this.#panel = null;
  }

  dispose(): void {
    this.#panel?.dispose();
  }
}
