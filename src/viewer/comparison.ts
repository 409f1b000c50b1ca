/** Two runs of different machines, case by case: no board shows both, so they stand in a text of their own. */

import * as vscode from 'vscode';
import { toProblem } from '../model/problem.ts';
import type { Edition } from './file-board.ts';
import { nameOf, readFile } from './read-file.ts';

const SCHEME = 'numa-comparison';
const HEAD = 'These runs were measured on different machines: no board shows both.\n\n';

/** The two files stand in the document's address, so that it comes back with the window. */
export async function showComparison(before: vscode.Uri, after: vscode.Uri): Promise<void> {
  const [one, two] = [before, after].map((uri) => nameOf(uri).replaceAll(/[/\\]/g, ' '));
  const uri = vscode.Uri.from({
    scheme: SCHEME,
    path: `/${one} \u2194 ${two}.txt`,
    query: JSON.stringify([before.toString(), after.toString()]),
  });
  await vscode.window.showTextDocument(uri, { preview: false });
}

export function registerComparisons({ readRecording }: Pick<Edition, 'readRecording'>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent({ query }): Promise<string> {
      try {
        const { between } = await import('../model/gate/between.ts');
        const { betweenText } = await import('../model/gate/text.ts');
        const uris = JSON.parse(query) as string[];
        const files = await Promise.all(uris.map((uri) => readFile(vscode.Uri.parse(uri, true), readRecording)));
        const [before, after] = files.flatMap((file) => (file.kind === 'run' ? [file.run] : []));
        return before && after ? `${HEAD}${betweenText(between(before, after))}\n` : 'These are no two runs.\n';
      } catch (error) {
        return `The two files cannot be compared: ${toProblem(error).message}\n`;
      }
    },
  });
}
