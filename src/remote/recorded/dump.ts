/** Another machine's sys/ and proc/, recorded below a directory. */

import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  opendirSync,
  readSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { cleanLines } from '../../model/text/clean.ts';
import { PROBE_WARNINGS } from '../../model/formats/sysfs/probe.ts';
import type { ProbeFiles } from '../../model/formats/sysfs/probe.ts';
import { PinboardError } from '../../model/problem.ts';
import { errorCode } from '../system-error.ts';
import { beyondBound, MAX_FILE, MAX_LINE, MAX_NAMES, probeFilesOf } from './dump-files.ts';
import type { DumpFiles } from './dump-files.ts';

const scratch = Buffer.alloc(65_536);

/** Reads below one root and never outside: links are resolved first, and what they lead to must still be inside. */
class Directory implements DumpFiles {
  readonly #root: string;
  readonly #folders = new Map<string, readonly string[]>();
  readonly #resolved = new Map<string, string | null>();

  readonly #unreadable = new Map<string, { first: string; count: number }>();

  constructor(dir: string) {
    this.#root = realpathSync(dir);
  }

  /** Keeps of what is there and cannot be read how much it is, and why. */
  #note(path: string, error: unknown): void {
    const code = error instanceof NotRead ? error.message : errorCode(error);
    if (ABSENT.has(code)) return;
    const known = this.#unreadable.get(code);
    if (known) known.count++;
    else this.#unreadable.set(code, { first: path, count: 1 });
  }

  get warnings(): string {
    return [...this.#unreadable]
      .map(([code, { first, count }]) =>
        count === 1
          ? `${first} could not be read (${code}).`
          : `${count} files could not be read (${code}), ${first} first.`,
      )
      .join('\n');
  }

  /** Where a path really leads; null when that is nowhere or outside. */
  #inside(path: string): string | null {
    try {
      const real = realpathSync(join(this.#root, path));
      const below = this.#root.endsWith(sep) ? this.#root : this.#root + sep;
      return real === this.#root || real.startsWith(below) ? real : null;
    } catch {
      return null;
    }
  }

  list(folder: string): readonly string[] {
    const known = this.#folders.get(folder);
    if (known) return known;
    const real = this.#inside(folder);
    let names: string[] = [];
    try {
      if (real !== null) names = namesIn(real);
    } catch (error) {
      if (error instanceof PinboardError) throw error;
      this.#note(folder, error);
    }
    this.#folders.set(folder, names);
    return names;
  }

  // Nearly every file is no link itself, and its folder is resolved already.
  read(path: string): string | null {
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, slash);
    const real = this.#resolved.get(folder) ?? this.#inside(folder);
    this.#resolved.set(folder, real);
    if (real === null) return null;
    const note = (error: unknown): void => {
      this.#note(path, error);
    };
    const direct = readRegular(join(real, path.slice(slash + 1)), note);
    if (direct !== LINK) return direct;
    const target = this.#inside(path);
    if (target === null) {
      if (existsSync(join(real, path.slice(slash + 1)))) note(new NotRead('a link that points outside the folder'));
      return null;
    }
    const followed = readRegular(target, note);
    return followed === LINK ? null : followed;
  }

  target(path: string): string | null {
    const slash = path.lastIndexOf('/');
    const folder = this.#inside(path.slice(0, slash));
    try {
      return folder === null ? null : readlinkSync(join(folder, path.slice(slash + 1)));
    } catch {
      return null;
    }
  }
}

/** Why something that is there is not opened at all. */
class NotRead extends Error {}

/** What is not there, or no folder, says nothing: no kernel has all files that are asked for. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENXIO', 'ENODEV']);

const LINK = Symbol('a link');

/** One by one, so that a folder of a million names is refused before it fills memory. */
function namesIn(folder: string): string[] {
  const open = opendirSync(folder);
  try {
    const names: string[] = [];
    for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
      if (names.length >= MAX_NAMES) throw beyondBound('names in one folder', MAX_NAMES);
      names.push(entry.name);
    }
    return names;
  } finally {
    open.closeSync();
  }
}

/** Content of a regular file; LINK for a link, null for anything else and for what cannot be read. */
function readRegular(path: string, note: (error: unknown) => void): string | null | typeof LINK {
  let fd: number | null = null;
  try {
    const info = lstatSync(path);
    if (info.isSymbolicLink()) return LINK;
    if (info.isDirectory()) return null;
    // Opening alone rewinds a tape or starts a watchdog.
    if (!info.isFile()) throw new NotRead('a pipe, socket or device');
    // A pipe put in the place of the file meanwhile must not block, nor a link lead outside.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    return fstatSync(fd).isFile() ? cleanLines(readUpTo(fd, MAX_FILE), MAX_LINE) : null;
  } catch (error) {
    if (errorCode(error) === 'ELOOP') return LINK;
    note(error);
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** By reading, not by size: files of a live /proc say they are empty. */
function readUpTo(fd: number, limit: number): string {
  const chunks: Buffer[] = [];
  let size = 0;
  while (size < limit) {
    const count = readSync(fd, scratch, 0, Math.min(scratch.length, limit - size), null);
    if (count === 0) break;
    chunks.push(Buffer.from(scratch.subarray(0, count)));
    size += count;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The machine recorded below `dir`. A dump that is not there or holds nothing gives an empty map. */
export function readDump(dir: string): ProbeFiles {
  let directory: Directory;
  try {
    directory = new Directory(dir);
  } catch {
    return new Map();
  }
  const files = probeFilesOf(directory);
  return directory.warnings === '' ? files : new Map([...files, [PROBE_WARNINGS, directory.warnings]]);
}
