/** A webview that shows a board: its page, and the line between that page and a session. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from '../protocol/page-html.ts';
import { attachPage } from '../remote/board/attach.ts';
import type { BoardSession } from '../remote/board/session.ts';

/** Ties the panel to the session for as long as it is not disposed. @param extensionUri where the page's files lie. */
export function showBoard(
  panel: vscode.WebviewPanel,
  session: BoardSession,
  extensionUri: vscode.Uri,
): vscode.Disposable {
  const { webview } = panel;
  const assets = vscode.Uri.joinPath(extensionUri, 'dist');
  webview.options = { enableScripts: true, localResourceRoots: [assets] };
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media', `tab-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  const attached = attachPage(session, (message) => void webview.postMessage(message));
  const listening = webview.onDidReceiveMessage((message: unknown) => attached.receive(message));
  attached.show(panel.visible);
  const looking = panel.onDidChangeViewState(() => attached.show(panel.visible));
  const uri = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(assets, name)).toString();
  webview.html = pageHtml({
    scriptUri: uri('board.js'),
    styleUri: uri('board.css'),
    nonce: randomBytes(16).toString('base64url'),
    cspSource: webview.cspSource,
    connect: null,
  });
  return new vscode.Disposable(() => {
    looking.dispose();
    listening.dispose();
    attached.close();
  });
}
