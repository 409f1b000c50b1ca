// Runs in the extension host of a real workbench that `npm run bench:start` opens: what activating the extension costs there.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { RESULT } from '../start-result.ts';
import { activation } from './packed.ts';

export async function run(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (folder === undefined) throw new Error('no folder is open');
  writeFileSync(join(folder, RESULT), JSON.stringify(await activation()));
}
