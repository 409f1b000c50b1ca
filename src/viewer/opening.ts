/** How files are opened: on the board, in a tab of its own, or as text. */

import * as vscode from 'vscode';

export const RUN_EDITOR = 'numaPinboard.run';
export const MACHINE_EDITOR = 'numaPinboard.machine';
export const PLAN_EDITOR = 'numaPinboard.plan';
export const OPEN_AS_TEXT = 'numaPinboard.openAsText';

/** In a tab of its own. */
export async function openOnBoard(uri: vscode.Uri): Promise<void> {
  const [, kind = ''] = /\.(xml|plan\.yaml)$/i.exec(uri.path) ?? [];
  const editor = kind === '' ? RUN_EDITOR : kind.toLowerCase() === 'xml' ? MACHINE_EDITOR : PLAN_EDITOR;
  await vscode.commands.executeCommand('vscode.openWith', uri, editor);
}
