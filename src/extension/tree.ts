/** The tree of hosts and runs: this machine, the hosts of the SSH config, and under the connected one its runs. */

import * as vscode from 'vscode';
import { pair } from '../model/compare.ts';
import { formatChange, formatMetric } from '../model/format.ts';
import { resultLabel } from '../model/run-text.ts';
import type { Board, RunRecord } from '../model/board.ts';
import type { BoardSession } from '../remote/board-session.ts';

export const THIS_MACHINE = 'This machine';

export type TreeNode =
  { readonly kind: 'host'; readonly target: string | null } | { readonly kind: 'run'; readonly run: RunRecord };

const STATE_WORDS: Readonly<Record<Board['connection']['state'], string>> = {
  none: '',
  connecting: 'connecting …',
  connected: 'connected',
  lost: 'connection lost',
  failed: 'failed',
};

export class HostsTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #session: BoardSession;
  readonly #currentTarget: () => string | null | undefined;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  /** @param currentTarget what the board is connected to: null for this machine, undefined for nothing. */
  constructor(session: BoardSession, currentTarget: () => string | null | undefined) {
    this.#session = session;
    this.#currentTarget = currentTarget;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    const { board } = this.#session;
    if (!node) {
      const targets: (string | null)[] = [null, ...board.hosts];
      const current = this.#currentTarget();
      if (typeof current === 'string' && !targets.includes(current)) targets.push(current);
      return targets.map((target) => ({ kind: 'host', target }));
    }
    if (node.kind === 'run' || node.target !== this.#currentTarget()) return [];
    return board.runs.map((run) => ({ kind: 'run', run }));
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node.kind === 'host' ? this.#hostItem(node.target) : runItem(node.run);
  }

  #hostItem(target: string | null): vscode.TreeItem {
    const { board } = this.#session;
    const current = this.#currentTarget() === target;
    const item = new vscode.TreeItem(
      target ?? THIS_MACHINE,
      current && board.runs.length > 0
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.None,
    );
    item.id = `host:${target ?? ''}`;
    item.iconPath = new vscode.ThemeIcon(target === null ? 'device-desktop' : 'server');
    item.description = current ? STATE_WORDS[board.connection.state] : '';
    item.contextValue = current && board.connection.state === 'connected' ? 'connectedHost' : 'host';
    item.command =
      target === null
        ? { command: 'numaPinboard.openBoard', title: 'Open Board' }
        : { command: 'numaPinboard.connectHost', title: 'Connect Host', arguments: [target] };
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function runItem(run: RunRecord): vscode.TreeItem {
  const { of } = pair(run);
  const item = new vscode.TreeItem(of ? resultLabel(of) : run.id);
  item.id = `run:${run.id}`;
  item.iconPath = new vscode.ThemeIcon(run.partial === null ? 'graph' : 'warning');
  const figure = of?.median == null ? 'not measured' : formatMetric(of.median, of.metric);
  item.description = [figure, run.comparison?.shown === true ? formatChange(run.comparison.change) : null]
    .filter((word) => word !== null)
    .join('  ');
  item.tooltip = [run.verdict?.sentence, run.time, of?.emulated === true ? 'emulated host' : null, run.partial]
    .filter((word) => typeof word === 'string')
    .join('\n');
  item.contextValue = 'run';
  item.command = { command: 'numaPinboard.openRun', title: 'Show Run', arguments: [run.id] };
  return item;
}
