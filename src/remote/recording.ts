/** The files that discovery would have read, out of a machine recorded in any form that can list folders and read files. */

import { cpusetFiles } from '../model/read/allowed.ts';
import { clean } from '../model/read/clean.ts';
import { DUMP_GLOBS, LINK_GLOBS, NAME_GLOBS, namesOf } from '../model/read/globs.ts';
import type { ProbeFiles } from '../model/read/probe.ts';

/** Bounds against a recording made to exhaust memory; the largest real one stays far below each. */
export const MAX_FILE = 2 * 1024 * 1024;
export const MAX_FILES = 500_000;
export const MAX_TOTAL = 128 * 1024 * 1024;
export const MAX_LINE = 8192;

/** Paths are below the folder with sys/ and proc/, without a leading slash. Links inside are followed, none leads outside. */
export interface Recording {
  /** Names in a folder; empty for what is none. */
  readonly list: (folder: string) => readonly string[];
  /** Clean lines of a regular file; null for anything else. */
  readonly read: (path: string) => string | null;
  /** Where a link says it leads; null for what is none. */
  readonly target: (path: string) => string | null;
}

/** Paths that may match. */
function expand(recording: Recording, glob: string): string[] {
  let paths = [''];
  for (const piece of glob.split('/')) {
    const pattern = namesOf(piece);
    paths = paths.flatMap((folder) => {
      const names = pattern ? recording.list(folder).filter((name) => pattern.test(name)) : [piece];
      return names.map((name) => (folder === '' ? name : `${folder}/${name}`));
    });
  }
  return paths;
}

/** The files of the allow-list, and the cpuset files of the groups they name. */
export function readRecording(recording: Recording): ProbeFiles {
  const files = new Map<string, string>();
  let total = 0;
  const keep = (path: string, contentOf: (path: string) => string | null): void => {
    if (files.has(path) || files.size >= MAX_FILES || total >= MAX_TOTAL) return;
    const content = contentOf(path);
    if (content === null) return;
    total += content.length;
    files.set(path, content);
  };
  const read = (path: string): void => keep(path, (one) => recording.read(one));
  const target = (path: string): string | null => {
    const found = recording.target(path);
    return found === null ? null : clean(found, MAX_LINE);
  };
  for (const glob of DUMP_GLOBS) expand(recording, glob).forEach(read);
  for (const glob of LINK_GLOBS) expand(recording, glob).forEach((path) => keep(path, target));
  for (const glob of NAME_GLOBS) expand(recording, glob).forEach((path) => keep(path, () => ''));
  cpusetFiles(files).forEach(read);
  return files;
}
