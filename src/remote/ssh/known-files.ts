/** The known_hosts files on disk: read whole, and a line added to one. */

import { appendFile, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PinboardError } from '../../model/problem.ts';
import { makeFolder } from '../store/files.ts';
import { codeOrMessage, errorCode } from '../system-error.ts';
import { parseKnownHosts } from './known-hosts.ts';
import type { KnownHost } from './known-hosts.ts';

/** For people: a problem that stops nothing. */
export type Warn = (words: string) => void;

const MISSING = new Set(['ENOENT', 'ENOTDIR']);

/** Empty for what cannot be read, as in OpenSSH; one that would be waited for is refused. @throws PinboardError `bad-file`. */
async function readText(path: string, warn: Warn): Promise<string> {
  try {
    const file = await stat(path);
    if (file.isFIFO() || file.isSocket()) {
      throw new PinboardError(
        'bad-file',
        `The list of known hosts ${path} is not a file but a pipe or a socket.`,
        'Give UserKnownHostsFile a regular file.',
      );
    }
    return await readFile(path, 'latin1');
  } catch (error) {
    if (error instanceof PinboardError) throw error;
    if (!MISSING.has(errorCode(error))) {
      warn(`The list of known hosts ${path} cannot be read (${codeOrMessage(error)}); it is treated as empty.`);
    }
    return '';
  }
}

export async function readKnownHosts(files: readonly string[], warn: Warn): Promise<KnownHost[]> {
  const lists = await Promise.all(files.map(async (file) => parseKnownHosts(await readText(file, warn), file)));
  return lists.flat();
}

/** Adds a line, in a folder and file that only the user can read where they have to be made. */
export async function addKnownHost(file: string, line: string): Promise<void> {
  await makeFolder(dirname(file), 0o700);
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = size === 0 ? null : await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    const broken = last?.bytesRead === 1 && last.buffer[0] !== 10;
    await appendFile(handle, `${broken ? '\n' : ''}${line}`);
  } finally {
    await handle.close();
  }
}
