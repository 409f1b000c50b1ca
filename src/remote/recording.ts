/** The files that discovery would have read, out of a machine recorded in any form that can list folders and read files. */

import { cpusetFiles } from '../model/read/allowed.ts';
import { DUMP_GLOBS } from '../model/read/globs.ts';
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
}

/** Paths that may match; a glob's pieces are names, or names in which [0-9]* stands for a number. */
function expand(recording: Recording, glob: string): string[] {
  let paths = [''];
  for (const piece of glob.split('/')) {
    const pattern = new RegExp(`^${piece.replace(/[.+]/g, '\\$&').replace('[0-9]*', '\\d{1,9}')}$`);
    paths = paths.flatMap((folder) => {
      const names = piece.includes('[') ? recording.list(folder).filter((name) => pattern.test(name)) : [piece];
      return names.map((name) => (folder === '' ? name : `${folder}/${name}`));
    });
  }
  return paths;
}

/** The files of the allow-list, and the cpuset files of the groups they name. */
export function readRecording(recording: Recording): ProbeFiles {
  const files = new Map<string, string>();
  let total = 0;
  const read = (path: string): void => {
    if (files.has(path) || files.size >= MAX_FILES || total >= MAX_TOTAL) return;
    const content = recording.read(path);
    if (content === null) return;
    total += content.length;
    files.set(path, content);
  };
  for (const glob of DUMP_GLOBS) expand(recording, glob).forEach(read);
  cpusetFiles(files).forEach(read);
  return files;
}
