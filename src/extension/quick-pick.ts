/** The editor's list to pick from. Undefined: the person went back. */

import * as vscode from 'vscode';

export interface Row extends vscode.QuickPickItem {
  /** It says why it cannot be picked. */
  readonly refused?: true;
}

interface Asked<Item> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly Item[];
  /** The row for what was typed, above the others; null: there is none. */
  typed?(words: string): Item | null;
}

/**
 * A palette that closes over a webview gives it the focus back late: after 50 ms, and by a message to its frame (VS Code 1.139). A list
 * that a command of the palette opened in between loses the focus to it. So long (ms) it stays open without, and then takes it back.
 */
const FOCUS_RETURNS = 500;

const overWebview = (): boolean =>
  vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputWebview;

export function quickPick<Item extends Row>({
  title,
  placeholder,
  items,
  typed,
}: Asked<Item>): Promise<Item | undefined> {
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = title;
  picker.placeholder = placeholder;
  picker.matchOnDescription = true;
  picker.items = items;
  picker.onDidChangeValue((value) => {
    const words = value.trim();
    const row = words === '' ? null : typed?.(words);
    picker.items = row ? [row, ...items] : items;
  });
  return new Promise((resolve) => {
    let over = false;
    const end = (picked: Item | undefined): void => {
      over = true;
      resolve(picked);
      picker.dispose();
    };
    picker.onDidAccept(() => {
      const [picked] = picker.selectedItems;
      if (!picked?.refused) end(picked);
    });
    picker.onDidHide(() => {
      if (!over) end(undefined);
    });
    if (overWebview()) {
      picker.ignoreFocusOut = true;
      const closable = (): void => {
        if (!over) picker.ignoreFocusOut = false;
      };
      setTimeout(() => {
        if (!over) void vscode.commands.executeCommand('workbench.action.focusQuickOpen').then(closable, closable);
      }, FOCUS_RETURNS);
    }
    picker.show();
  });
}
