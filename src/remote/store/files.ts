/**
 * Files written whole or not at all: beside their place first, then renamed into it. And files read that may be anything: a
 * pipe nobody writes to, a device without an end. Neither may wait for ever, and a pool of threads that waits in the kernel
 * keeps even an ending process alive.
 */

import { randomBytes } from 'node:crypto';
import { constants, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, PinboardError } from '../../model/problem.ts';
import { errorCode } from '../system-error.ts';

/** Replaces the file at `path`, or leaves the one that is there. @throws PinboardError when it cannot be written. */
export async function writeAtomically(path: string, text: string, mode = 0o666): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeSynced(beside, text, mode);
    await rename(beside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw cannotWrite(path, error);
  }
}

/**
 * Makes a folder and those above it that are not there. Node's own `recursive` tries for ever where a file system takes no
 * folders and says that there is none (/proc).
 * @throws Error of `mkdir`, or PinboardError.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isFolder(at)); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    try {
      await mkdir(folder, { mode });
    } catch (error) {
      // Made by another program meanwhile.
      if (errorCode(error) === 'EEXIST' && (await isFolder(folder))) continue;
      if (errorCode(error) !== 'ENOENT') throw error;
      const words = `${folder} cannot be created: no folder can be created in ${dirname(folder)}.`;
      throw new PinboardError('permission', words, 'Choose another folder.', { cause: error });
    }
  }
}

/** @throws Error `ENOTDIR` where something else is in its place. */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && dirname(path) !== path) return false;
    throw error;
  }
  throw Object.assign(new Error(`${path} is not a folder`), { code: 'ENOTDIR' });
}

/** Runs `work` on the regular file at `path`. @throws PinboardError `bad-file` for what is none or cannot be opened. */
export async function withRegularFile<T>(
  path: string,
  work: (file: FileHandle, size: number) => Promise<T>,
  hint: string | null = null,
): Promise<T> {
  const bad = (words: string): PinboardError => new PinboardError('bad-file', words, hint);
  // Opening a pipe for reading would wait for a writer, and reading some of the kernel's files for news.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw bad(
      errorCode(error) === 'ENOENT' ? `${path} does not exist.` : `${path} cannot be read (${errorCode(error)}).`,
    );
  });
  try {
    const info = await file.stat();
    if (!info.isFile()) {
      const kind = info.isDirectory() ? 'folder' : info.isFIFO() ? 'pipe' : 'device';
      throw bad(`${path} is not a file: it is a ${kind}.`);
    }
    return await work(file, info.size);
  } catch (error) {
    throw error instanceof PinboardError ? error : bad(`${path}: ${messageOf(error)}`);
  } finally {
    await file.close();
  }
}

/** The whole of a regular file as text. @param what as in "larger than a run can be". @throws PinboardError `bad-file`. */
export function readWhole(path: string, maxBytes: number, what: string, hint: string | null = null): Promise<string> {
  const tooLarge = `${path} is larger than ${what} can be (${String(maxBytes >> 20)} MB).`;
  const read = async (file: FileHandle, size: number): Promise<string> => {
    if (size > maxBytes) throw new PinboardError('bad-file', tooLarge, hint);
    // By reading, not by size: files of /proc say that they are empty, and some have no end.
    const chunks: Buffer[] = [];
    for (let total = 0; ;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.max(65_536, size)));
      if (bytesRead === 0) return Buffer.concat(chunks).toString('utf8');
      total += bytesRead;
      if (total > maxBytes) throw new PinboardError('bad-file', tooLarge, hint);
      chunks.push(buffer.subarray(0, bytesRead));
    }
  };
  return withRegularFile(path, read, hint);
}

/** Writes a new file and waits until it is on the disk. */
export async function writeSynced(path: string, text: string, mode = 0o666): Promise<void> {
  const file = await open(path, 'wx', mode);
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

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you do not have permission to write there',
  EPERM: 'you do not have permission to write there',
  EROFS: 'that file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is exceeded',
  EFBIG: 'the file is too large for that file system',
  ENOTDIR: 'part of that path is not a folder',
  EEXIST: 'part of that path is not a folder',
  ENOENT: 'there is no such folder',
  ENAMETOOLONG: 'that name is too long',
};

export function cannotWrite(path: string, error: unknown): PinboardError {
  if (error instanceof PinboardError) return error;
  const code = errorCode(error);
  const reason = REASONS[code] ?? messageOf(error);
  const kind = ['EACCES', 'EPERM', 'EROFS'].includes(code) ? 'permission' : 'unsupported';
  return new PinboardError(kind, `${path} cannot be written: ${reason}.`, 'Choose another folder.', { cause: error });
}
