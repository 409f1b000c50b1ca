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
 * that a command of the palette opened in between loses the focus to it, and closes, before anybody has seen it (ms).
 */
const UNSEEN = 500;

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
  let rows = items;
  picker.items = rows;
  picker.onDidChangeValue((value) => {
    const words = value.trim();
    const row = words === '' ? null : typed?.(words);
    rows = row ? [row, ...items] : items;
    picker.items = rows;
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
    const shown = performance.now();
    picker.onDidHide(() => {
      if (over) return;
      if (performance.now() - shown >= UNSEEN || !overWebview()) end(undefined);
      else {
        // Hidden, the editor forgets them.
        picker.items = [...rows];
        picker.show();
      }
    });
    picker.show();
  });
}
