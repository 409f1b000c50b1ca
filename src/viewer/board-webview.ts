/** A webview that shows a board: its page, and the line between that page and what the board is the picture of. */

import * as vscode from 'vscode';
import { pageHtml } from '../protocol/page-html.ts';
import type { BoardSource } from './file-board.ts';

/** The board whose page is the editor in front; null: another editor is. */
let inFront: BoardSource | null = null;

export const boardInFront = (): BoardSource | null => inFront;

/** Ties the panel to the board for as long as it is not disposed. @param extensionUri where the page's files lie. */
export function showBoard(panel: vscode.WebviewPanel, board: BoardSource, extensionUri: vscode.Uri): vscode.Disposable {
  const { webview } = panel;
  const assets = vscode.Uri.joinPath(extensionUri, 'dist');
  webview.options = { enableScripts: true, localResourceRoots: [assets] };
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media', `tab-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  const attached = board.attach((message) => void webview.postMessage(message));
  const listening = webview.onDidReceiveMessage((message: unknown) => attached.receive(message));
  const look = (): void => {
    attached.show(panel.visible);
    if (panel.active) inFront = board;
    else if (inFront === board) inFront = null;
  };
  look();
  const looking = panel.onDidChangeViewState(look);
  const uri = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(assets, name)).toString();
  webview.html = pageHtml({
    scriptUri: uri('board.js'),
    styleUri: uri('board.css'),
    nonce: newNonce(),
    cspSource: webview.cspSource,
    connect: null,
  });
  return new vscode.Disposable(() => {
    if (inFront === board) inFront = null;
    looking.dispose();
    listening.dispose();
    attached.close();
  });
}

export const newNonce = (): string => crypto.randomUUID().replaceAll('-', '');
