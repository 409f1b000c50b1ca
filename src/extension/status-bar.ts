/** The item in the status bar: the board's host, how it stands with it, how far a run is. It opens the board. */

import * as vscode from 'vscode';
import type { BoardSession } from '../remote/board/session.ts';
import { statusOf } from './words/status.ts';

/** What of a board it shows. */
const SHOWN = ['host', 'connection', 'topology', 'running', 'recording'] as const;

/** Not shown while no host was asked for. */
export function showStatus(session: BoardSession): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('numaPinboard.host', vscode.StatusBarAlignment.Left);
  item.name = 'NUMA Pinboard';
  item.command = 'numaPinboard.openBoard';
  const update = (): void => {
    const status = statusOf(session.board);
    if (!status) {
      item.hide();
      return;
    }
    const { text, tooltip, spoken, warned } = status;
    // Every assignment is a message to the window.
    if (item.text !== text) item.text = text;
    if (item.tooltip !== tooltip) item.tooltip = tooltip;
    if (item.accessibilityInformation?.label !== spoken) item.accessibilityInformation = { label: spoken };
    const background = warned ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    if ((item.backgroundColor !== undefined) !== warned) item.backgroundColor = background;
    item.show();
  };
  const stop = session.onChange((change) => {
    if (SHOWN.some((key) => key in change)) update();
  });
  update();
  return vscode.Disposable.from(item, new vscode.Disposable(stop));
}
