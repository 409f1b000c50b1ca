/** What the commands act on. */

import type * as vscode from 'vscode';
import type { BoardSession } from '../remote/board/session.ts';
import type { BoardPanel } from './board-panel.ts';
import type { Here } from './here.ts';
import type { Views } from './views/views.ts';

export interface CommandContext {
  readonly session: BoardSession;
  readonly panel: BoardPanel;
  readonly log: vscode.LogOutputChannel;
  readonly here: Here;
  readonly extension: vscode.ExtensionContext;
  readonly views: Views;
  /** Connects to the host that the board was last at, else to this machine; nothing where the board has a host. */
  comeBack(): Promise<void>;
}

/** What a command does. The editor gives it what it was chosen on, and in a list what else is selected there. */
export type Handlers = Readonly<Record<string, (argument?: unknown, selected?: unknown) => unknown>>;
