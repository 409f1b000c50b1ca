/** What the views of the side bar offer beside what the board does: the SSH config, the doctor's commands, recordings, documents. */

import * as vscode from 'vscode';
import type { CommandContext, Handlers } from './command-context.ts';
import { openOnBoard } from '../viewer/opening.ts';
import { sshConfigNamed } from './settings.ts';
import { findingsOf } from './views/finding-rows.ts';
import { subjectOf } from './views/rows.ts';
import { addSshHost, editSshConfig } from './views/ssh-config.ts';

function recordingOf(argument: unknown): vscode.Uri | null {
  const row = subjectOf(argument);
  const path = row?.kind === 'recording' ? row.path : argument;
  return typeof path === 'string' ? vscode.Uri.file(path) : null;
}

async function copy({ session }: CommandContext, row: unknown, what: 'remedy' | 'undo'): Promise<void> {
  const { checkup } = session.board;
  const subject = subjectOf(row);
  const finding = subject?.kind === 'finding' && checkup ? findingsOf(checkup)[subject.at] : undefined;
  const lines = finding?.[what] ?? [];
  if (lines.length === 0) return;
  await vscode.env.clipboard.writeText(lines.join('\n'));
  vscode.window.setStatusBarMessage(`Copied: ${lines[0] ?? ''}`, 5000);
}

export function viewHandlers(context: CommandContext): Handlers {
  return {
    refreshHosts: () => context.session.refreshHosts(),
    addHost: () => addSshHost(sshConfigNamed()),
    editSshConfig: (row) => {
      const subject = subjectOf(row);
      return editSshConfig(sshConfigNamed(), subject?.kind === 'host' ? subject.target : null);
    },
    refreshRuns: () => context.views.refreshRuns(),
    openRecording: (row) => {
      const file = recordingOf(row);
      return file && openOnBoard(file);
    },
    revealRecording: (row) => {
      const file = recordingOf(row);
      return file && vscode.commands.executeCommand('revealFileInOS', file);
    },
    forgetRecording: async (row) => {
      const file = recordingOf(row);
      if (!file) return;
      await context.views.recordings.forget(file.fsPath);
      context.views.refreshRuns();
    },
    revealFinding: async (row) => {
      const subject = subjectOf(row);
      const at = subject?.kind === 'finding' ? subject.at : row;
      await context.panel.show();
      if (typeof at === 'number') context.session.revealFinding(at);
    },
    copyRemedy: (row) => copy(context, row, 'remedy'),
    copyUndo: (row) => copy(context, row, 'undo'),
    openDocument: (name) => {
      const file = vscode.Uri.joinPath(context.extension.extensionUri, String(name));
      return vscode.commands.executeCommand('markdown.showPreview', file);
    },
  };
}
