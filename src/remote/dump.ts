/** Another machine's sys/ and proc/, recorded below a directory, as the files that discovery would have read there. */

import { closeSync, constants, fstatSync, openSync, readSync, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { cpusetFiles } from '../model/read/allowed.ts';
import { cleanLines } from '../model/read/clean.ts';
import { DUMP_GLOBS } from '../model/read/globs.ts';
import type { ProbeFiles } from '../model/read/probe.ts';

// Bounds against a directory made to exhaust memory; the largest real recording stays far below each.
const MAX_FILE = 2 * 1024 * 1024;
const MAX_FILES = 500_000;
const MAX_TOTAL = 128 * 1024 * 1024;
const MAX_LINE = 8192;

const scratch = Buffer.alloc(65_536);

/** Reads below one root and never outside: links are resolved first, and what they lead to must still be inside. */
class Recording {
  readonly #root: string;
  readonly #folders = new Map<string, readonly string[]>();
  readonly files = new Map<string, string>();
  readonly #resolved = new Map<string, string | null>();
  #total = 0;

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

  #list(folder: string): readonly string[] {
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

  /** Paths that exist and match; a glob's pieces are names, or names in which [0-9]* stands for a number. */
  expand(glob: string): string[] {
    let paths = [''];
    for (const piece of glob.split('/')) {
      const pattern = new RegExp(`^${piece.replace(/[.+]/g, '\\$&').replace('[0-9]*', '\\d{1,9}')}$`);
      paths = paths.flatMap((folder) => {
        const names = piece.includes('[') ? this.#list(folder).filter((name) => pattern.test(name)) : [piece];
        return names.map((name) => (folder === '' ? name : `${folder}/${name}`));
      });
    }
    return paths;
  }

  read(path: string): void {
    if (this.files.has(path) || this.files.size >= MAX_FILES || this.#total >= MAX_TOTAL) return;
    const content = this.#content(path);
    if (content === null) return;
    this.#total += content.length;
    this.files.set(path, content);
  }

  // Nearly every file is no link itself, and its folder is resolved already.
  #content(path: string): string | null {
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

/**
 * The files of the allow-list below `dir`, and the cpuset files of the groups they name. A dump that is not there or
 * holds nothing gives an empty map.
 */
export function readDump(dir: string): ProbeFiles {
  let recording: Recording;
  try {
    recording = new Recording(dir);
  } catch {
    return new Map();
  }
  for (const glob of DUMP_GLOBS) for (const path of recording.expand(glob)) recording.read(path);
  for (const path of cpusetFiles(recording.files)) recording.read(path);
  return recording.files;
}
