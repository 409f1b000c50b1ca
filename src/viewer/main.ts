/** The extension on the web (vscode.dev, virtual workspaces): it shows files. What needs a host says why it is not here. */

import * as vscode from 'vscode';
import { toProblem } from '../model/problem.ts';
import { boardInFront, newNonce } from './board-webview.ts';
import { registerComparisons } from './comparison.ts';
import { EXAMPLE_COMMAND, openExample } from './example.ts';
import type { Edition } from './file-board.ts';
import { FILE_COMMANDS, registerFileCommands } from './file-commands.ts';
import { FileEditor } from './file-editor.ts';
import { OPEN_AS_TEXT, openOnBoard, PLAN_EDITOR } from './opening.ts';
import { PAGE_ACTS } from './page-acts.ts';
import { pickFiles } from './read-file.ts';
import { ELSEWHERE } from './session.ts';
import { troublePage } from './trouble-page.ts';
import { readRecording } from './unpack.ts';
import { viewBoard } from './view-board.ts';

const OPEN = 'numaPinboard.openRunFile';

export function activate({ extension, extensionUri, subscriptions }: vscode.ExtensionContext): void {
  const edition: Edition = { readRecording, board: (file) => viewBoard(file, pickFiles) };
  const editor = new FileEditor(extensionUri, edition);
  const commands = registerFileCommands(editor, edition, tell);
  subscriptions.push(
    editor.register(),
    commands,
    registerComparisons(edition),
    vscode.window.registerCustomEditorProvider(PLAN_EDITOR, { resolveCustomTextEditor: refusePlan }),
    vscode.commands.registerCommand(OPEN, () => chooseFiles().catch(tell)),
    vscode.commands.registerCommand(EXAMPLE_COMMAND, () => openExample(extensionUri)),
    ...Object.entries(PAGE_ACTS).map(([name, act]) =>
      vscode.commands.registerCommand(`numaPinboard.${name}`, () => boardInFront()?.act({ act })),
    ),
    ...hostCommands(extension).map(({ command, title }) =>
      vscode.commands.registerCommand(command, () => void refuse(title)),
    ),
  );
}

function tell(error: unknown): void {
  const { message, hint } = toProblem(error);
  void vscode.window.showErrorMessage(hint === null ? message : `${message} ${hint}`);
}

/** Drawing a plan takes a session that writes. */
function refusePlan(_: vscode.TextDocument, { webview }: vscode.WebviewPanel): void {
  webview.options = { enableScripts: false, enableCommandUris: [OPEN_AS_TEXT], localResourceRoots: [] };
  const why = {
    message: 'The web edition of VS Code draws no plans.',
    hint: 'Open it in VS Code on a desktop or in a remote window.',
  };
  webview.html = troublePage(why, [{ title: 'Open as Text', command: OPEN_AS_TEXT }], newNonce());
}

async function chooseFiles(): Promise<void> {
  const files = await vscode.window.showOpenDialog({
    title: 'NUMA: Open Run',
    canSelectMany: true,
    filters: { 'Runs and recordings': ['json', 'numarec'] },
  });
  for (const uri of files ?? []) await openOnBoard(uri);
}

/** The extension's commands that only a host answers; the palette does not offer them here, but a key or a link may. */
function hostCommands({ packageJSON }: vscode.Extension<unknown>): { command: string; title: string }[] {
  const { contributes } = packageJSON as { contributes: { commands: { command: string; title: string }[] } };
  const here = [
    OPEN,
    EXAMPLE_COMMAND,
    ...FILE_COMMANDS,
    ...Object.keys(PAGE_ACTS).map((name) => `numaPinboard.${name}`),
  ];
  return contributes.commands.filter(({ command }) => !here.includes(command));
}

async function refuse(title: string): Promise<void> {
  const words = `NUMA: ${title} needs a host, and the web edition of VS Code reaches none. ${ELSEWHERE} Runs and recordings open here.`;
  await vscode.window.showInformationMessage(words);
}
