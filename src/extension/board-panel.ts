/**
 * The board: one webview panel. It is kept when hidden (nothing is sampled meanwhile) and comes back after a reload of the window by its serializer.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { BoardSession } from '../remote/board/session.ts';
import { attachPage } from '../remote/board/attach.ts';
import { showBoard } from '../viewer/board-webview.ts';
import type { BoardSource } from '../viewer/file-board.ts';
import { leftovers, VIEW_TYPE } from './board-tabs.ts';

const TITLE = 'NUMA Board';

/** A panel that the editor kept over a reload is handed over when it is revealed; one that is not is replaced. */
const REVIVAL_MS = 10_000;
const GROUPS = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth'];

export class BoardPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #session: BoardSession;
  readonly #stop: () => void;
  readonly #onRevival: () => void;
  #panel: vscode.WebviewPanel | null = null;
  #detach: (() => void) | null = null;
  #showing: Promise<void> | null = null;
  #adopted: () => void = () => undefined;

  /** @param onRevival the editor brought the panel back after a reload. */
  constructor(extensionUri: vscode.Uri, session: BoardSession, onRevival: () => void) {
    this.#extensionUri = extensionUri;
    this.#session = session;
    this.#onRevival = onRevival;
    this.#stop = session.onChange((change) => {
      if ('host' in change) this.#name();
    });
  }

  /** Whether it is the editor in front. */
  get inFront(): boolean {
    return this.#panel?.active ?? false;
  }

  /** Reveals the panel, the one that a reload left hidden in some tab included; else makes one. */
  show(): Promise<void> {
    this.#showing ??= this.#show().finally(() => (this.#showing = null));
    return this.#showing;
  }

  async #show(): Promise<void> {
    const [left] = leftovers();
    if (!this.#panel && left) await this.#revive(left);
    if (this.#panel) {
      this.#panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      VIEW_TYPE,
      TITLE,
      left?.group.viewColumn ?? vscode.ViewColumn.Active,
      {
        enableScripts: true,
        retainContextWhenHidden: true,
        localResourceRoots: [vscode.Uri.joinPath(this.#extensionUri, 'dist')],
      },
    );
    this.#adopt(panel);
    if (left) await vscode.window.tabGroups.close(left);
  }

  /** Revealing such a tab makes the editor hand its panel over. */
  async #revive(tab: vscode.Tab): Promise<void> {
    const group = GROUPS[tab.group.viewColumn - 1];
    const index = tab.group.tabs.indexOf(tab);
    if (group === undefined || index === -1) return;
    const adopted = new Promise<void>((resolve) => (this.#adopted = resolve));
    await vscode.commands.executeCommand(`workbench.action.focus${group}EditorGroup`);
    await vscode.commands.executeCommand('workbench.action.openEditorAtIndex', index);
    const given = new AbortController();
    const late = sleep(REVIVAL_MS, undefined, { signal: given.signal }).catch(() => undefined);
    await Promise.race([adopted, late]);
    given.abort();
  }

  /** After a reload of the window the editor brings an empty panel back. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    // Only one board: a second one left over from another window layout goes.
    if (this.#panel) panel.dispose();
    else {
      this.#adopt(panel);
      this.#onRevival();
    }
    return Promise.resolve();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const session = this.#session;
    const source: BoardSource = {
      attach: (send) => attachPage(session, send),
      act: (asked) => session.act(asked),
    };
    const shown = showBoard(panel, source, this.#extensionUri);
    this.#panel = panel;
    this.#detach = () => {
      shown.dispose();
    };
    panel.onDidDispose(() => this.#forget());
    this.#name();
    this.#adopted();
  }

  #name(): void {
    const { host } = this.#session.board;
    const title = host ? `${TITLE}: ${host.name}` : TITLE;
    if (this.#panel && this.#panel.title !== title) this.#panel.title = title;
  }

  #forget(): void {
    this.#detach?.();
    this.#detach = null;
    this.#panel = null;
  }

  /** The panel itself stays: it comes back with the window. */
  dispose(): void {
    this.#stop();
    this.#detach?.();
  }
}
