/** What the commands act on. */

import type * as vscode from 'vscode';
import type { BoardSession } from '../remote/board/session.ts';
import type { BoardPanel } from './board-panel.ts';
import type { Here } from './here.ts';

export interface CommandContext {
  readonly session: BoardSession;
  readonly panel: BoardPanel;
  readonly log: vscode.LogOutputChannel;
  readonly here: Here;
  readonly extension: vscode.ExtensionContext;
  /** Connects to the host that the board was last at, else to this machine; nothing where the board has a host. */
  comeBack(): Promise<void>;
}
