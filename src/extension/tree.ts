/** The tree of hosts and runs: this machine, the hosts of the SSH config, and under the shown one its runs. */

import * as vscode from 'vscode';
import { changeLabel, pair } from '../model/run/compare.ts';
import { formatMetric } from '../model/text/format.ts';
import { resultLabel } from '../model/verdict/text.ts';
import type { RunSummary } from '../model/run/run.ts';
import type { BoardSession } from '../remote/board/session.ts';
import type { Here } from './here.ts';
import { hostRows } from './host-rows.ts';
import type { HostRow } from './host-rows.ts';

export type TreeNode =
  { readonly kind: 'host'; readonly row: HostRow } | { readonly kind: 'run'; readonly run: RunSummary };

/** What of a board the tree shows. */
const SHOWN = ['host', 'hosts', 'connection', 'topology', 'runs', 'kept'] as const;

export class HostsTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #session: BoardSession;
  readonly #here: Here;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #stop: () => void;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(session: BoardSession, here: Here) {
    this.#session = session;
    this.#here = here;
    this.#stop = session.onChange((change) => {
      if (SHOWN.some((key) => key in change)) this.#changed.fire(undefined);
    });
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node) return node.kind === 'host' ? node.row.runs.map((run) => ({ kind: 'run', run })) : [];
    return hostRows(this.#session.board, this.#session.standing, this.#here).map((row) => ({ kind: 'host', row }));
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node.kind === 'host' ? hostItem(node.row) : runItem(node.run, this.#session);
  }

  dispose(): void {
    this.#stop();
    this.#changed.dispose();
  }
}

function hostItem({ target, label, description, tooltip, connected, warnings, runs }: HostRow): vscode.TreeItem {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, runs.length > 0 ? Expanded : None);
  // A row that the editor knows without children stays closed when it gets some: with runs it is another row, and opens.
  item.id = `${runs.length > 0 ? 'runs' : 'host'}:${target ?? ''}`;
  item.iconPath =
    warnings.length > 0
      ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
      : new vscode.ThemeIcon(target === null ? 'device-desktop' : 'server');
  item.description = description;
  item.tooltip = tooltip;
  item.contextValue = connected ? 'connectedHost' : 'host';
  item.command = { command: 'numaPinboard.connectHost', title: 'Connect Host', arguments: [target] };
  return item;
}

function runItem(run: RunSummary, session: BoardSession): vscode.TreeItem {
  const { of } = pair(run);
  const item = new vscode.TreeItem(run.name ?? (of ? resultLabel(of) : run.id));
  item.id = `run:${run.id}`;
  item.iconPath = new vscode.ThemeIcon(run.partial === null ? 'graph' : 'warning');
  const figure = of?.median == null ? 'not measured' : formatMetric(of.median, of.metric);
  item.description = [figure, changeLabel(run)].filter((word) => word !== '').join('  ');
  item.tooltip = [run.verdict?.sentence, run.time, of?.emulated === true ? 'emulated host' : null, run.partial]
    .filter((word) => typeof word === 'string')
    .join('\n');
  item.contextValue = session.board.kept?.includes(run.id) === true ? 'keptRun' : 'run';
  item.command = { command: 'numaPinboard.openRun', title: 'Show Run', arguments: [run.id] };
  return item;
}
