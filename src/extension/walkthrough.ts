/** What the steps of the walkthrough depend on beside the board, as context keys, and its opening. */

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import * as vscode from 'vscode';
import type { Here } from './here.ts';

const EMULATOR = 'qemu-system-x86_64';

export const setKey = (key: string, value: boolean): Thenable<unknown> =>
  vscode.commands.executeCommand('setContext', `numaPinboard.${key}`, value);

/** Whether the emulator of the lab's hosts is on this machine; nothing is started for it. */
async function hasEmulator(): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = await Promise.allSettled(folders.map((folder) => access(join(folder, EMULATOR), constants.X_OK)));
  return found.some(({ status }) => status === 'fulfilled');
}

export function tellWalkthrough(here: Here): void {
  void setKey('linux', here.lacks === null);
  void hasEmulator().then((has) => setKey('qemu', has));
}

/** @param extension its id. */
export async function openWalkthrough(extension: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extension}#firstMinute`, false);
}
