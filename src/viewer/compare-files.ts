/** Two runs' files against each other: on one board where they are of one machine, else as text. */

import * as vscode from 'vscode';
import { onOneMachine } from '../model/board/run-list.ts';
import { PinboardError } from '../model/problem.ts';
import type { Run } from '../model/run/run.ts';
import { COMPARISON_SCHEME } from './comparison.ts';
import type { Edition } from './file-board.ts';
import type { FileEditor } from './file-editor.ts';
import { nameOf, readFile } from './read-file.ts';

interface RunFile {
  readonly uri: vscode.Uri;
  readonly run: Run;
}

/** @throws PinboardError `usage` for anything else than two runs. */
export async function compareFiles(
  uris: readonly vscode.Uri[],
  editor: FileEditor,
  readRecording: Edition['readRecording'],
): Promise<void> {
  const [before, after] = await twoRuns(uris, readRecording);
  if (onOneMachine(before.run, after.run)) await editor.compare(before.uri, before.run, after.run);
  else await showComparison(before.uri, after.uri);
}

async function showComparison(before: vscode.Uri, after: vscode.Uri): Promise<void> {
  const [one, two] = [before, after].map((uri) => nameOf(uri).replaceAll(/[/\\]/g, ' '));
  const uri = vscode.Uri.from({
    scheme: COMPARISON_SCHEME,
    path: `/${one} \u2194 ${two}.txt`,
    query: JSON.stringify([before.toString(), after.toString()]),
  });
  await vscode.window.showTextDocument(uri, { preview: false });
}

/** The older one first. @throws PinboardError `usage` for anything else than two runs. */
async function twoRuns(
  uris: readonly vscode.Uri[],
  readRecording: Edition['readRecording'],
): Promise<readonly [RunFile, RunFile]> {
  const read = async (uri: vscode.Uri): Promise<RunFile[]> => {
    const file = await readFile(uri, readRecording);
    return file.kind === 'run' ? [{ uri, run: file.run }] : [];
  };
  const found = uris.length === 2 ? (await Promise.all(uris.map(read))).flat() : [];
  const [first, second] = found.sort((a, b) => Date.parse(a.run.time) - Date.parse(b.run.time));
  if (!first || !second) throw new PinboardError('usage', 'Two runs can be compared.', 'Select two *.numa.json files.');
  if (first.run.id === second.run.id) throw new PinboardError('usage', 'The two files hold the same run.');
  return [first, second];
}
