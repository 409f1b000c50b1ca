/** Two runs of different machines, case by case: no board shows both, so they stand in a text of their own. */

import * as vscode from 'vscode';
import { toProblem } from '../model/problem.ts';
import type { Edition } from './file-board.ts';

/** Of such a text's address, whose query names the two files, so that it comes back with the window. */
export const COMPARISON_SCHEME = 'numa-comparison';
const HEAD = 'These runs were measured on different machines: no board shows both.\n\n';

export function registerComparisons({ readRecording }: Pick<Edition, 'readRecording'>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(COMPARISON_SCHEME, {
    async provideTextDocumentContent({ query }): Promise<string> {
      try {
        const { readFile } = await import('./read-file.ts');
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
