/**
 * Runs that outlive the program that measured them: a folder for each host, a file for each run. Whatever is killed, a file is whole or
 * not there. Several programs may share the folder: each writes its own runs, and what changes or removes a file holds the lock.
 */

import { createHash } from 'node:crypto';
import { lstat, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PinboardError, toProblem } from '../../model/problem.ts';
import type { Run } from '../../model/run/run.ts';
import { clean } from '../../model/text/clean.ts';
import { visibleJson } from '../../model/text/visible.ts';
import { MAX_NAME, parseRun, parseRunHead } from '../../protocol/run.ts';
import type { RunHead } from '../../protocol/run.ts';
import { errorCode } from '../system-error.ts';
import { MAX_RUN_BYTES } from '../../protocol/run-file.ts';
import { cannotWrite, makeFolder, readWhole, syncFolder, writeAtomically } from './files.ts';
import { Kept } from './kept.ts';
import type { KeptFile } from './kept.ts';
import { locked } from './lock.ts';
import { stateFolder } from './state-folder.ts';

export interface StoreLimits {
  readonly runs: number;
  readonly bytes: number;
}

/** A run takes about 100 KB, one of 2,048 CPUs 2 MB. */
const LIMITS: StoreLimits = { runs: 500, bytes: 512 * 1024 * 1024 };
/** What only a person removes. */
export const NO_LIMITS: StoreLimits = { runs: Infinity, bytes: Infinity };
/** Runs of one host that are read when it is connected to, the newest. */
const MAX_READ = 200;
/** Of all hosts that are listed, the newest. */
const MAX_LISTED = 1000;
/** Deleted runs that can still be put back. */
const MAX_DELETED = 20;
const DELETED = 'deleted';
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

export interface Unread {
  /** Below the store's folder. */
  readonly file: string;
  readonly why: string;
}

export interface Shelf<R> {
  /** Newest first. */
  readonly runs: readonly R[];
  readonly unread: readonly Unread[];
  /** Further ones, older than those, which were not read. */
  readonly more: number;
}

export class RunStore {
  readonly folder: string;
  readonly #limits: StoreLimits;
  readonly #kept: Kept;
  /** Where runs lie whose files a person has renamed. */
  readonly #paths = new Map<string, string>();
  /** Where a deleted run lies, and where it belongs. */
  readonly #deleted = new Map<string, { readonly at: string; readonly from: string }>();
  /** What was read of a file, for as long as it is the same. */
  readonly #heads = new Map<string, { readonly file: KeptFile; readonly head: RunHead }>();
  /** One change after the other: the lock is a program's. */
  #changing: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  constructor(folder: string = stateFolder('runs'), limits: StoreLimits = LIMITS) {
    this.folder = folder;
    this.#limits = limits;
    this.#kept = new Kept(folder);
  }

  /** Told when this program has changed what is kept. @returns what stops it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A run as it stands: what is stored of it already is replaced. @throws PinboardError when it cannot be written. */
  async write(run: Run): Promise<void> {
    const text = visibleJson(run);
    if (text.length > MAX_RUN_BYTES)
      throw new PinboardError('unsupported', `The run is larger than what can be kept (${MAX_RUN_BYTES >> 20} MB).`);
    const path = this.pathOf(run);
    try {
      await makeFolder(dirname(path), PRIVATE_FOLDER);
      await writeAtomically(path, text, PRIVATE_FILE);
      this.#paths.set(run.id, path);
    } catch (error) {
      throw cannotWrite(path, error);
    }
    this.#changed();
  }

  /** Where it lies, or would. */
  pathOf({ id, host }: Pick<Run, 'id' | 'host'>): string {
    return this.#paths.get(id) ?? join(this.folder, folderOf(host), `${id}.numa.json`);
  }

  /** Removes the oldest beyond the limits, but for `but`. @returns what was removed, as files below the folder. */
  async makeRoom(but: string): Promise<readonly string[]> {
    const files = await this.#kept.oldestFirst();
    let [runs, bytes] = [files.length, files.reduce((sum, { size }) => sum + size, 0)];
    const removed: string[] = [];
    for (const { path, size } of files) {
      if (runs <= this.#limits.runs && bytes <= this.#limits.bytes) break;
      if (path === this.#paths.get(but)) continue;
      await rm(path, { force: true });
      runs -= 1;
      bytes -= size;
      removed.push(path.slice(this.folder.length + 1));
    }
    if (removed.length > 0) this.#changed();
    return removed;
  }

  /** What the kept runs take; not what is deleted and can be put back. */
  async usage(): Promise<StoreLimits> {
    const files = await this.#kept.oldestFirst();
    return { runs: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
  }

  /** Runs of one host, whole. */
  async of(host: Run['host']): Promise<Shelf<Run>> {
    const files = (await this.#kept.filesIn(folderOf(host))).reverse();
    const newest = files.slice(0, MAX_READ);
    const shelf = await this.#read(newest, async (path) => parseRun(await readWhole(path, MAX_RUN_BYTES, 'a run')));
    const own = shelf.runs.filter((run) => run.host.name === host.name && run.host.transport === host.transport);
    return { ...shelf, runs: own, more: Math.max(0, files.length - MAX_READ) };
  }

  /** What there is of every host; only files that are new or others than before are read. */
  async all(): Promise<Shelf<RunHead>> {
    const files = (await this.#kept.oldestFirst()).reverse();
    const newest = new Map(files.slice(0, MAX_LISTED).map((file) => [file.path, file]));
    for (const path of this.#heads.keys()) if (!newest.has(path)) this.#heads.delete(path);
    const shelf = await this.#read([...newest.keys()], (path) => this.#head(path, newest.get(path)));
    return { ...shelf, more: files.length - newest.size };
  }

  async #head(path: string, file: KeptFile | undefined): Promise<RunHead> {
    const known = this.#heads.get(path);
    if (file && known?.file.at === file.at && known.file.size === file.size) return known.head;
    const head = parseRunHead(await readWhole(path, MAX_RUN_BYTES, 'a run'));
    if (file) this.#heads.set(path, { file, head });
    return head;
  }

  /** @throws PinboardError `not-found`, or `bad-file` for one that cannot be opened. */
  async find(id: string): Promise<Run> {
    const { path, text } = await this.#text(id);
    return parsed(path, text);
  }

  /** Whether it is kept here. */
  async has(id: string): Promise<boolean> {
    return (await this.#find(id)) !== null;
  }

  /** @param name empty: none. @returns it as it now is. @throws PinboardError `not-found`, `busy`, or when it cannot be written. */
  rename(id: string, name: string): Promise<Run> {
    return this.#exclusively(async () => {
      const run = await this.find(id);
      const { name: before = '', ...plain } = run;
      const wanted = clean(name, MAX_NAME);
      if (wanted === before) return run;
      const named: Run = wanted === '' ? plain : { ...plain, name: wanted };
      await this.write(named);
      return named;
    });
  }

  /** Puts them where `restore` finds them again; all or none. @throws PinboardError as `rename`. */
  remove(...ids: readonly string[]): Promise<void> {
    return this.#exclusively(async () => {
      const found: [id: string, from: string][] = [];
      for (const id of ids) {
        const from = await this.#find(id);
        if (from === null) throw notKept();
        found.push([id, from]);
      }
      for (const [id, from] of found) await this.#putAside(id, from);
      // What is deleted at once can be put back at once.
      const deleted = await this.#kept.deletedOldestFirst();
      for (const path of deleted.slice(0, -Math.max(MAX_DELETED, ids.length))) await rm(path, { force: true });
      this.#changed();
    });
  }

  async #putAside(id: string, from: string): Promise<void> {
    const aside = join(this.folder, DELETED, basename(dirname(from)));
    const at = join(aside, basename(from));
    await makeFolder(aside, PRIVATE_FOLDER);
    await rename(from, at);
    await syncFolder(aside);
    await syncFolder(dirname(from));
    this.#paths.delete(id);
    this.#deleted.set(id, { at, from });
  }

  /** Takes `remove` back. @throws PinboardError `not-found` where it is too late. */
  restore(id: string): Promise<Run> {
    return this.#exclusively(async () => {
      const gone = this.#deleted.get(id);
      if (!gone) throw notKept();
      const { at, from } = gone;
      await rename(at, from).catch((error: unknown) => {
        throw errorCode(error) === 'ENOENT' ? notKept() : cannotWrite(from, error);
      });
      await syncFolder(dirname(from));
      this.#deleted.delete(id);
      this.#paths.set(id, from);
      this.#changed();
      return this.find(id);
    });
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const change = this.#changing.then(async () => {
      await makeFolder(this.folder, PRIVATE_FOLDER);
      return locked(this.folder, 'changing stored runs', work);
    });
    this.#changing = change.catch(() => undefined);
    return change;
  }

  async #read<R extends Pick<Run, 'id' | 'time'>>(
    paths: readonly string[],
    read: (path: string) => Promise<R>,
  ): Promise<Omit<Shelf<R>, 'more'>> {
    const runs = new Map<string, R>();
    const unread: Unread[] = [];
    for (const path of paths) {
      const file = path.slice(this.folder.length + 1);
      try {
        const run = await read(path);
        if (runs.has(run.id)) throw new PinboardError('bad-file', `It is the run ${run.id} once more.`);
        runs.set(run.id, run);
        this.#paths.set(run.id, path);
      } catch (error) {
        // Deleted meanwhile by another program: nothing to be told of.
        if (await isThere(path)) unread.push({ file, why: toProblem(error).message.replace(`${path}: `, '') });
      }
    }
    const newestFirst = [...runs.values()].sort(byTime);
    return { runs: newestFirst, unread };
  }

  async #text(id: string): Promise<{ path: string; text: string }> {
    const path = await this.#find(id);
    if (path === null) throw notKept();
    return { path, text: await readWhole(path, MAX_RUN_BYTES, 'a run') };
  }

  /** Null: not kept here. */
  async #find(id: string): Promise<string | null> {
    const known = this.#paths.get(id);
    if (known !== undefined && (await isThere(known))) return known;
    this.#paths.delete(id);
    // Another program may have written it, or a person renamed its file.
    await this.all();
    return this.#paths.get(id) ?? null;
  }
}

const byTime = (a: Pick<Run, 'time'>, b: Pick<Run, 'time'>): number => Date.parse(b.time) - Date.parse(a.time);

const notKept = (): PinboardError =>
  new PinboardError('not-found', 'This run is not among those that are kept here.', 'It may have been deleted.');

/** Readable, and another one for each host whatever its name is made of. */
function folderOf({ name, transport }: Run['host']): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60);
  const short = createHash('sha256')
    .update(JSON.stringify([transport, name]))
    .digest('hex')
    .slice(0, 8);
  return `${transport}-${safe}-${short}`;
}

function parsed(path: string, text: string): Run {
  try {
    return parseRun(text);
  } catch (error) {
    throw new PinboardError('bad-file', `${path}: ${toProblem(error).message}`);
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
