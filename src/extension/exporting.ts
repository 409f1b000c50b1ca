/** Where exports go: into the workspace, in the folder of the setting, and never outside of it. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { PinboardError } from '../model/problem.ts';
import type { Exporter } from '../remote/board/exports.ts';
import { RECORDING_ENDS, recordingName } from '../remote/recording/place.ts';
import { TRUST_HINT } from './path-setting.ts';
import { exportFolderIn, openFolder } from './settings.ts';

/** @throws PinboardError `unsupported` without a trusted folder on disk, `usage` for a folder outside of it. */
function exportParent(): string {
  const folder = openFolder();
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
  return exportFolderIn(folder);
}

/** Asks where to write a recording; a file that is there is replaced, as the editor asks whether it is to be. */
export async function recordTo(host: string): Promise<string | null> {
  const name = `${recordingName(host)}${RECORDING_ENDS}`;
  const folder = openFolder()?.uri;
  const file = await vscode.window.showSaveDialog({
    title: 'NUMA: Record',
    saveLabel: 'Record',
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: { Recordings: [RECORDING_ENDS.slice(1)] },
  });
  if (!file) return null;
  await rm(file.fsPath, { force: true });
  return file.fsPath;
}

/** The page of an exported folder, as Markdown is read. */
export async function showReport(folder: string): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(join(folder, 'report.md')));
}

/** In the Explorer: exports lie in the workspace. */
export async function revealReport(folder: string): Promise<void> {
  await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(join(folder, 'report.md')));
}

/** Says where a page was written, and offers it: nothing opens over what a person looks at. */
export async function tellExported(folder: string): Promise<void> {
  const steps = { 'Open Page': showReport, Reveal: revealReport } as const;
  const titles = Object.keys(steps) as (keyof typeof steps)[];
  const words = `Exported to ${vscode.workspace.asRelativePath(folder)}.`;
  const chosen = await vscode.window.showInformationMessage(words, ...titles);
  if (chosen) await steps[chosen](folder);
}

export const exportToDocs: Exporter = async (run, looked) => {
  const parent = exportParent();
  const { exportRun } = await import('../remote/store/export.ts');
  const { folder, files } = await exportRun(run, parent, undefined, { looked });
  return { folder, files: [...files] };
};
