/** The files that discovery would have read, out of a machine recorded in any form that can list folders and read files. */

import { cpusetFiles } from '../../model/formats/sysfs/allowed.ts';
import { clean } from '../../model/text/clean.ts';
import { DUMP_GLOBS, LINK_GLOBS, NAME_GLOBS, namesOf } from '../../model/formats/sysfs/globs.ts';
import type { ProbeFiles } from '../../model/formats/sysfs/probe.ts';
import { PinboardError } from '../../model/problem.ts';

/**
 * Bounds against a recording made to exhaust memory or time. A host of 2,048 CPUs has 140,000 files that are read, of
 * 4 MB together, and 3 MB of /proc/cpuinfo.
 */
export const MAX_FILE = 4 * 1024 * 1024;
export const MAX_FILES = 160_000;
export const MAX_TOTAL = 32 * 1024 * 1024;
export const MAX_LINE = 8192;
/** Names in one folder; /proc of a busy host has 100,000. */
export const MAX_NAMES = 200_000;
/** As many as any kernel can be built for, twice over. Each costs time whether or not it has files. */
const MAX_CPUS = 16_384;

const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** A recording beyond a bound: the words say which, so that nobody looks for a broken file. */
export function beyondBound(what: string, bound: number, unit = ''): PinboardError {
  return new PinboardError(
    'bad-file',
    `This recording contains more than ${thousands(bound)}${unit} ${what}, which is the limit.`,
    'Record only the machine itself: just its /sys/devices/system/cpu, /sys/devices/system/node and /proc/cpuinfo are needed.',
  );
}

/** Paths are below the folder with sys/ and proc/, without a leading slash. Links inside are followed, none leads outside. */
export interface DumpFiles {
  /** Names in a folder; empty for what is none. */
  readonly list: (folder: string) => readonly string[];
  /** Clean lines of a regular file; null for anything else. */
  readonly read: (path: string) => string | null;
  /** Where a link says it leads; null for what is none. */
  readonly target: (path: string) => string | null;
}

/** Paths that may match. */
function expand(recording: DumpFiles, glob: string): string[] {
  let paths = [''];
  for (const piece of glob.split('/')) {
    const pattern = namesOf(piece);
    paths = paths.flatMap((folder) => {
      const names = pattern ? recording.list(folder).filter((name) => pattern.test(name)) : [piece];
      if (names.length > MAX_CPUS) throw beyondBound(`entries ${piece.replace('[0-9]*', 'N')} in one folder`, MAX_CPUS);
      return names.map((name) => (folder === '' ? name : `${folder}/${name}`));
    });
  }
  return paths;
}

/**
 * The files of the allow-list, and the cpuset files of the groups they name.
 * @throws PinboardError `bad-file` naming the bound that was passed.
 */
export function probeFilesOf(recording: DumpFiles): ProbeFiles {
  const files = new Map<string, string>();
  let total = 0;
  const keep = (path: string, contentOf: (path: string) => string | null): void => {
    if (files.has(path)) return;
    const content = contentOf(path);
    if (content === null) return;
    total += content.length;
    if (files.size >= MAX_FILES) throw beyondBound('files of a machine', MAX_FILES);
    if (total > MAX_TOTAL) throw beyondBound('of text', MAX_TOTAL >> 20, ' MB');
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
