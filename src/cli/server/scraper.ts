/**
 * Who may read /metrics: a program that sends the token of a file (`Authorization: Bearer …`). A scraper has no browser to bring a cookie,
 * and a path that nobody can guess would stand in its configuration and its logs; a file can be kept from others, and outlives the server.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { stat } from 'node:fs/promises';
import { PinboardError } from '../../model/problem.ts';
import { cannotWrite, readWhole, writeSynced } from '../../remote/store/files.ts';
import { errorCode } from '../../remote/system-error.ts';

export interface Scraper {
  /** Whether a request brings the token. */
  readonly knows: (request: IncomingMessage) => boolean;
  /** What it gets. @throws PinboardError why there is nothing. */
  readonly text: () => Promise<string>;
}

const MAX_TOKEN_BYTES = 4096;
/** What could be found by trying is no token. */
const LEAST = 20;
const OF_OTHERS = 0o077;
const PRIVATE = 0o600;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The token in the file, which is made where it is not there. @throws PinboardError for one that others can read, or that is no token. */
async function tokenOf(path: string): Promise<string> {
  const info = await stat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw cannotWrite(path, error);
  });
  if (!info) {
    const made = randomBytes(32).toString('base64url');
    await writeSynced(path, `${made}\n`, PRIVATE).catch((error: unknown) => {
      throw cannotWrite(path, error);
    });
    return made;
  }
  if ((info.mode & OF_OTHERS) !== 0)
    throw new PinboardError('permission', `${path}: others may read this token.`, `Run: chmod 600 ${path}`);
  const token = (await readWhole(path, MAX_TOKEN_BYTES, 'a token')).trim();
  if (!/^[\w.~+/=-]+$/.test(token) || token.length < LEAST)
    throw new PinboardError('bad-file', `${path} holds no token.`, 'Remove it: a new one is made.');
  return token;
}

export async function createScraper(path: string, text: () => Promise<string>): Promise<Scraper> {
  const known = digest(await tokenOf(path));
  return {
    text,
    knows: ({ headers }) => {
      const given = /^Bearer ([\w.~+/=-]+)$/i.exec(headers.authorization ?? '')?.[1];
      return given !== undefined && timingSafeEqual(digest(given), known);
    },
  };
}
