/**
 * One program at a time in a folder: a lock file that names its owner's process. A file whose owner is gone (killed, crashed) is
 * taken over, so that nobody has to delete it.
 */

import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PinboardError } from '../../model/problem.ts';
import { errorCode } from '../system-error.ts';
import { cannotWrite } from './files.ts';

/** One that was created and not yet written to is another program's, which has just begun. */
const ATTEMPTS = 3;

/** Runs `work` while holding the lock of the folder. @param doing as in "is …". @throws PinboardError `busy` while another program holds it. */
export async function locked<T>(folder: string, doing: string, work: () => Promise<T>): Promise<T> {
  const file = join(folder, 'lock');
  await take(file, doing);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, doing: string): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw cannotWrite(file, error);
    }
    const owner = (await readFile(file, 'utf8').catch(() => '')).trim();
    if (isAlive(owner)) throw held(file, owner, doing);
    await discard(file, owner);
  }
  throw held(file, 'unknown', doing);
}

/** Another program may take it over at the same time: what is not the dead owner's is put back. */
async function discard(file: string, owner: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  await rename(file, aside).catch(() => undefined);
  const found = await readFile(aside, 'utf8').catch(() => null);
  if (found !== null && found.trim() !== owner) await rename(aside, file);
  else await rm(aside, { force: true });
}

function isAlive(owner: string): boolean {
  const pid = /^[1-9]\d{0,9}$/.test(owner) ? Number(owner) : null;
  // Empty: created a moment ago by a program that is about to write its number.
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function held(file: string, owner: string, doing: string): PinboardError {
  return new PinboardError(
    'busy',
    `Another numa-pinboard (process ${owner}) is ${doing} right now.`,
    `Wait for it to end. If that process is no numa-pinboard, delete ${file}.`,
  );
}
