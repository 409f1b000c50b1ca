/** Another machine's sys/ and proc/, recorded below a directory. */

import { closeSync, constants, fstatSync, openSync, readSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { cleanLines } from '../model/read/clean.ts';
import type { ProbeFiles } from '../model/read/probe.ts';
import { MAX_FILE, MAX_LINE, readRecording } from './recording.ts';
import type { Recording } from './recording.ts';

const scratch = Buffer.alloc(65_536);

/** Reads below one root and never outside: links are resolved first, and what they lead to must still be inside. */
class Directory implements Recording {
  readonly #root: string;
  readonly #folders = new Map<string, readonly string[]>();
  readonly #resolved = new Map<string, string | null>();

  constructor(dir: string) {
    this.#root = realpathSync(dir);
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
      if (real !== null) names = readdirSync(real);
    } catch {
      // Not a folder, or not readable: then nothing below it matches.
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
    const direct = readRegular(join(real, path.slice(slash + 1)));
    if (direct !== LINK) return direct;
    const target = this.#inside(path);
    const followed = target === null ? null : readRegular(target);
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

const LINK = Symbol('a link');

/** Content of a regular file; LINK for a link, null for anything else and for what cannot be read. */
function readRegular(path: string): string | null | typeof LINK {
  let fd: number | null = null;
  try {
    // A pipe in the place of a file must not block, nor a link put there meanwhile lead outside.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    return fstatSync(fd).isFile() ? cleanLines(readUpTo(fd, MAX_FILE), MAX_LINE) : null;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ELOOP' ? LINK : null;
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
  return readRecording(directory);
}
