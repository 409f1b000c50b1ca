/**
 * The journal of pools that were changed, on this side: an entry is on the disk before its change is made, and goes when it is
 * undone, so that what was there can be put back also after this program died half-way.
 */

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { PinboardError } from '../../model/problem.ts';
import { poolEntrySchema } from '../../protocol/hugepages-journal.ts';
import type { PoolEntry } from '../../protocol/hugepages-journal.ts';
import { firstIssue } from '../../protocol/primitives.ts';
import { makeFolder, readWhole, syncFolder, writeAtomically } from '../store/files.ts';
import { locked } from '../store/lock.ts';
import { stateFolder } from '../store/state-folder.ts';
import { errorCode } from '../system-error.ts';
import type { Transport } from '../transport.ts';

const MAX_BYTES = 64 * 1024;

/** A host as an entry is found again. */
export interface Whose {
  readonly transport: Pick<Transport, 'name' | 'kind'>;
  readonly boot: string | null;
}

export class PoolJournal {
  readonly folder: string;

  constructor(folder: string = stateFolder('hugepages')) {
    this.folder = folder;
  }

  /** Runs `work` while no other program changes pools. @throws PinboardError `busy`, or where nothing can be written. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    await makeFolder(this.folder, 0o700);
    return locked(this.folder, 'changing huge pages', work);
  }

  /**
   * Entries of a host, oldest first. The boot tells hosts apart, whatever name they are reached by; an entry of the same name and
   * another boot is stale: the host was started anew, or the name means another one now.
   * @throws PinboardError `bad-file` for an entry that is damaged.
   */
  async of({ transport, boot }: Whose): Promise<{ readonly open: PoolEntry[]; readonly stale: PoolEntry[] }> {
    const all = await this.#all();
    const named = ({ host }: PoolEntry): boolean => host.name === transport.name && host.transport === transport.kind;
    const same = (entry: PoolEntry): boolean =>
      entry.boot === null || boot === null ? named(entry) : entry.boot === boot;
    return { open: all.filter(same), stale: all.filter((entry) => !same(entry) && named(entry)) };
  }

  /** No change of any host can be undone. @throws PinboardError `permission` where the folder cannot be read. */
  async isEmpty(): Promise<boolean> {
    return (await this.#files()).length === 0;
  }

  async write(entry: PoolEntry): Promise<void> {
    await writeAtomically(this.#file(entry), `${JSON.stringify(entry, null, 2)}\n`);
  }

  async remove(entry: PoolEntry): Promise<void> {
    await rm(this.#file(entry), { force: true });
    await syncFolder(this.folder);
  }

  #file({ time, id }: PoolEntry): string {
    return join(this.folder, `${time.replaceAll(':', '')}-${id}.json`);
  }

  async #files(): Promise<string[]> {
    const names = await readdir(this.folder).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw new PinboardError('permission', `${this.folder} cannot be read (${errorCode(error)}).`);
    });
    return names.filter((name) => /^[^.].*\.json$/.test(name)).sort();
  }

  async #all(): Promise<PoolEntry[]> {
    const files = await this.#files();
    return Promise.all(files.map((name) => readEntry(join(this.folder, name))));
  }
}

async function readEntry(path: string): Promise<PoolEntry> {
  const hint = 'It says what a pool of huge pages was before a change. Put it right, or delete it to forget that.';
  const text = await readWhole(path, MAX_BYTES, 'an entry of the journal', hint);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new PinboardError('bad-file', `${path} is not JSON.`, hint);
  }
  const read = v.safeParse(poolEntrySchema, json);
  if (read.success) return read.output;
  throw new PinboardError('bad-file', `${path} is damaged (${firstIssue(read.issues)}).`, hint);
}
