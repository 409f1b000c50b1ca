/** Files written whole or not at all: beside their place first, then renamed into it. */

import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PinboardError } from '../model/problem.ts';

/** Replaces the file at `path`, or leaves the one that is there. @throws PinboardError when it cannot be written. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeSynced(beside, text);
    await rename(beside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw cannotWrite(path, error);
  }
}

/** Writes a new file and waits until it is on the disk. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder last. Windows and some network file systems cannot: there it is left to them. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'that file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota is used up',
  ENOTDIR: 'a part of that path is no folder',
  EEXIST: 'a part of that path is no folder',
  ENOENT: 'there is no such folder',
  ENAMETOOLONG: 'that name is too long',
};

export function cannotWrite(path: string, error: unknown): PinboardError {
  const code = errorCode(error);
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  const kind = ['EACCES', 'EPERM', 'EROFS'].includes(code) ? 'permission' : 'unsupported';
  return new PinboardError(kind, `${path} cannot be written: ${reason}.`, 'Choose another folder.', { cause: error });
}
