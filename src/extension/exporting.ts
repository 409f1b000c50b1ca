/** Where exports go: into the workspace, in the folder of the setting, and never outside of it. */

import { isAbsolute, join, normalize, sep } from 'node:path';
import * as vscode from 'vscode';
import { PinboardError } from '../model/problem.ts';
import type { Run } from '../model/run/run.ts';
import { exportRun } from '../remote/store/export.ts';

export const TRUST_HINT = 'Trust it first (Workspaces: Manage Workspace Trust).';

/** @throws PinboardError `unsupported` without a trusted folder on disk, `usage` for a folder outside of it. */
function exportParent(): string {
  const folder = vscode.workspace.workspaceFolders?.find((one) => one.uri.scheme === 'file');
  if (!folder) {
    throw new PinboardError(
      'unsupported',
      'There is no folder to export into.',
      'Open a folder first (File: Open Folder…).',
    );
  }
  if (!vscode.workspace.isTrusted) {
    throw new PinboardError('unsupported', 'Nothing is written into an untrusted workspace.', TRUST_HINT);
  }
  const setting = vscode.workspace.getConfiguration('numaPinboard', folder.uri).get('exportFolder', 'docs/numa/');
  const inside = normalize(setting);
  if (isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`)) {
    throw new PinboardError(
      'usage',
      `The setting numaPinboard.exportFolder (${setting}) lies outside the workspace.`,
      'Use a folder inside it, such as docs/numa/.',
    );
  }
  return join(folder.uri.fsPath, inside);
}

/** The page of an exported folder, as Markdown is read. */
export async function showReport(folder: string): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(join(folder, 'report.md')));
}

export async function exportToDocs(run: Run): Promise<{ folder: string; files: string[] }> {
  const { folder, files } = await exportRun(run, exportParent());
  return { folder, files: [...files] };
}
