/** The recorded run that comes with the extension: of an emulated host with four sockets. */

import * as vscode from 'vscode';
import { openOnBoard } from './opening.ts';

export const EXAMPLE_COMMAND = 'numaPinboard.openExample';

export const openExample = (extensionUri: vscode.Uri): Promise<void> =>
  openOnBoard(vscode.Uri.joinPath(extensionUri, 'docs', 'examples', 'four-sockets-queue.numa.json'));
