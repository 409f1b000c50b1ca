/** The files of a run store, by what the folder itself says of them: names, sizes, ages. What a killed program began is cleared away. */

import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../system-error.ts';

/** What the store writes, and what a person may have put there; a name that is none of these is not the store's. */
const RUN_FILE = /^[^.].{0,200}\.numa\.json$/s;
const HOST_FOLDER = /^(?:local|ssh)-/;
const UNFINISHED = /^\..*\.tmp$/s;
/** Longer than any write takes, so that another program's is let be. */
const LEFTOVER_MS = 10 * 60_000;
/** Hosts, and files of one: beyond any use, below what takes long to list. */
const MAX_NAMES = 10_000;

export interface KeptFile {
  readonly path: string;
  readonly size: number;
  /** When it was written, or (deleted) put aside. */
  readonly at: number;
}

export class Kept {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Paths of the runs in one of its folders, by name: those of the store begin with their time. */
  async filesIn(name: string): Promise<string[]> {
    const folder = join(this.#folder, name);
    const names = await namesIn(folder);
    for (const unfinished of names.filter((one) => UNFINISHED.test(one))) await clear(join(folder, unfinished));
    const runs = names.filter((one) => RUN_FILE.test(one)).sort();
    return runs.map((one) => join(folder, one));
  }

  /** Of every host. */
  async oldestFirst(): Promise<KeptFile[]> {
    return this.#under('', ({ mtimeMs }) => mtimeMs);
  }

  async deletedOldestFirst(): Promise<string[]> {
    // Moving a file keeps the time of its content.
    return (await this.#under('deleted', ({ ctimeMs }) => ctimeMs)).map(({ path }) => path);
  }

  async #under(where: string, age: (info: { mtimeMs: number; ctimeMs: number }) => number): Promise<KeptFile[]> {
    const hosts = (await namesIn(join(this.#folder, where))).filter((name) => HOST_FOLDER.test(name));
    const files: KeptFile[] = [];
    for (const host of hosts)
      for (const path of await this.filesIn(join(where, host))) {
        const info = await lstat(path).catch(() => null);
        if (info) files.push({ path, size: info.size, at: age(info) });
      }
    return files.sort((a, b) => a.at - b.at || (a.path < b.path ? -1 : 1));
  }
}

/** None where there is no such folder yet. @throws Error where it cannot be read. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).slice(0, MAX_NAMES);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return [];
    throw error;
  }
}

async function clear(path: string): Promise<void> {
  const info = await lstat(path).catch(() => null);
  if (info?.isFile() === true && Date.now() - info.mtimeMs > LEFTOVER_MS) await rm(path, { force: true });
}
