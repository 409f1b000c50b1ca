/** A view of the side bar that shows rows, and tells the editor which of them changed. */

import * as vscode from 'vscode';
import { RowTree } from './rows.ts';
import type { Row, RowNode } from './rows.ts';

export class RowView implements vscode.TreeDataProvider<RowNode>, vscode.Disposable {
  readonly view: vscode.TreeView<RowNode>;
  readonly #tree = new RowTree();
  readonly #changed = new vscode.EventEmitter<RowNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  readonly #fill: () => Promise<void>;

  /** @param fill settles when the view has been given its rows. */
  constructor(
    id: string,
    fill: () => Promise<void>,
    options: Pick<vscode.TreeViewOptions<RowNode>, 'canSelectMany' | 'showCollapseAll'> = {},
  ) {
    this.#fill = fill;
    this.view = vscode.window.createTreeView(id, { ...options, treeDataProvider: this });
  }

  show(rows: readonly Row[]): void {
    const changed = this.#tree.set(rows);
    if (changed === null) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire([...changed]);
  }

  /** Above the rows; null: nothing, and a view without rows says what can be done. */
  say(words: string | null): void {
    this.view.message = words ?? '';
  }

  async getChildren(node?: RowNode): Promise<RowNode[]> {
    if (node) return [...node.children];
    await this.#fill();
    return [...this.#tree.roots];
  }

  getParent(node: RowNode): RowNode | null {
    return node.parent;
  }

  getTreeItem({ row }: RowNode): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const state = row.below === undefined ? None : row.below === 'open' ? Expanded : Collapsed;
    const item = new vscode.TreeItem(row.label, state);
    item.id = row.id;
    item.description = row.description;
    item.tooltip = row.tooltip;
    item.iconPath = new vscode.ThemeIcon(
      row.icon,
      row.color === undefined ? undefined : new vscode.ThemeColor(row.color),
    );
    item.contextValue = row.context;
    item.accessibilityInformation = { label: [row.label, row.description].filter((one) => one !== '').join(', ') };
    if (row.command) {
      const { name, title, arguments: words } = row.command;
      item.command = { command: name, title, arguments: [...words] };
    }
    return item;
  }

  dispose(): void {
    this.view.dispose();
    this.#changed.dispose();
  }
}
