/** The four views, empty until what fills them is loaded: the editor asks for rows when it shows the first of them. */

import type * as vscode from 'vscode';
import { RowView } from './row-view.ts';

export class SideBar implements vscode.Disposable {
  readonly hosts: RowView;
  readonly runs: RowView;
  readonly findings: RowView;
  readonly help: RowView;

  /** @param fill settles when the views have their rows. */
  constructor(fill: () => Promise<void>) {
    this.hosts = new RowView('numaPinboard.hosts', fill);
    this.runs = new RowView('numaPinboard.runs', fill, { canSelectMany: true, showCollapseAll: true });
    this.findings = new RowView('numaPinboard.findings', fill);
    this.help = new RowView('numaPinboard.help', fill);
  }

  dispose(): void {
    for (const view of [this.hosts, this.runs, this.findings, this.help]) view.dispose();
  }
}
