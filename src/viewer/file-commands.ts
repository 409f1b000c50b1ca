/** What is done with files in the editor: on the board, two runs against each other, as text. The same on a desktop and on the web. */

import * as vscode from 'vscode';
import type { Edition } from './file-board.ts';
import type { FileEditor } from './file-editor.ts';
import { OPEN_AS_TEXT, openOnBoard } from './opening.ts';

/** Tabs opened by one act: more are a mistake. */
const MOST_OPENED = 20;

const OPEN_ON_BOARD = 'numaPinboard.openOnBoard';
const COMPARE_SELECTED = 'numaPinboard.compareSelected';
export const FILE_COMMANDS: readonly string[] = [OPEN_ON_BOARD, COMPARE_SELECTED, OPEN_AS_TEXT];

type Handler = (clicked?: unknown, selected?: unknown) => Promise<void>;

/** By command. @param tell what went wrong. */
export function registerFileCommands(
  editor: FileEditor,
  { readRecording }: Pick<Edition, 'readRecording'>,
  tell: (error: unknown) => void,
): vscode.Disposable {
  const handlers: Readonly<Record<string, Handler>> = {
    [OPEN_ON_BOARD]: async (clicked, selected) => {
      for (const uri of filesOf(clicked, selected).slice(0, MOST_OPENED)) await openOnBoard(uri);
    },
    [COMPARE_SELECTED]: async (clicked, selected) => {
      const { compareFiles } = await import('./compare-files.ts');
      await compareFiles(filesOf(clicked, selected), editor, readRecording);
    },
    [OPEN_AS_TEXT]: async (clicked) => {
      const [uri] = filesOf(clicked, undefined);
      if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
    },
  };
  const registered = Object.entries(handlers).map(([command, handler]) =>
    vscode.commands.registerCommand(command, (clicked?: unknown, selected?: unknown) =>
      handler(clicked, selected).catch(tell),
    ),
  );
  return vscode.Disposable.from(...registered);
}

/** From the Explorer what is selected there, else what is meant by itself, else the file in the tab that is open. */
function filesOf(clicked: unknown, selected: unknown): vscode.Uri[] {
  const all = Array.isArray(selected) ? selected.filter((one) => one instanceof vscode.Uri) : [];
  if (all.length > 0) return all;
  if (clicked instanceof vscode.Uri) return [clicked];
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.modified] : [];
}
