/** Reads files as the editor does, wherever they lie: on a disk, in a repository on the web, in a commit, or not saved yet. */

import * as vscode from 'vscode';
import { PinboardError } from '../model/problem.ts';
import { checkSize, readShown } from './shown-file.ts';
import type { ReadRecording, ShownFile } from './shown-file.ts';

/** As words call it: by its path in the workspace, also where it is the file of a commit. */
export function nameOf({ path }: vscode.Uri): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.workspace.asRelativePath(folder?.with({ path }) ?? vscode.Uri.file(path));
}

/** @param unsaved what a file holds that is not saved yet. @throws PinboardError `bad-file` or `not-found`, in words. */
export async function readFile(
  uri: vscode.Uri,
  readRecording: ReadRecording,
  unsaved?: Uint8Array,
): Promise<ShownFile> {
  const name = nameOf(uri);
  return readShown(name, unsaved ?? (await bytesOf(uri, name)), readRecording);
}

async function bytesOf(uri: vscode.Uri, name: string): Promise<Uint8Array> {
  if (uri.scheme === 'untitled')
    throw new PinboardError('not-found', `${name} has not been saved yet.`, 'Save it first.');
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    checkSize(name, size);
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound')
      throw new PinboardError('not-found', `${name} does not exist any more.`, null, { cause: error });
    throw error;
  }
}

/** In the editor's own dialog; none where a person goes back. */
export async function pickFiles(): Promise<{ name: string; text: string }[]> {
  const files = await vscode.window.showOpenDialog({
    title: 'NUMA: Open Run',
    openLabel: 'Open Run',
    canSelectMany: true,
    filters: { Runs: ['json'] },
  });
  const read = async (uri: vscode.Uri): Promise<{ name: string; text: string }> => {
    const name = nameOf(uri).replace(/^.*[/\\]/, '');
    return { name, text: new TextDecoder().decode(await bytesOf(uri, name)) };
  };
  return Promise.all((files ?? []).map(read));
}
