/** A host as it is written into an ssh configuration: what is added, and adding it behind all that is there. */

import { appendFile, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cannotWrite, makeFolder } from '../store/files.ts';
import { errorCode } from '../system-error.ts';
import type { Target } from './target.ts';

/** @param name whose it is from now on. */
export function stanzaOf(name: string, { user, host, port }: Target): string {
  const lines = [
    `Host ${name}`,
    `  HostName ${host}`,
    ...(user === null ? [] : [`  User ${user}`]),
    ...(port === null ? [] : [`  Port ${port}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** What is there stays as it is; a file that is not there is made for its owner alone. @throws PinboardError when it cannot be written. */
export async function addStanza(path: string, stanza: string): Promise<void> {
  try {
    await makeFolder(dirname(path), 0o700);
    const before = await readFile(path, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '';
      throw error;
    });
    const gap = before === '' ? '' : before.endsWith('\n') ? '\n' : '\n\n';
    await appendFile(path, gap + stanza, { mode: 0o600 });
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
