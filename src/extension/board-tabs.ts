/** Tabs with the board, as the editor has them. */

import * as vscode from 'vscode';

export const VIEW_TYPE = 'numaPinboard.board';

/** Tabs with a board that this extension host was not handed yet. */
export function leftovers(): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(VIEW_TYPE));
}
