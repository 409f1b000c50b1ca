// Owns writing a machine of paper to disk, as `--from` reads it: as a host's files, or as the topology that was read from them.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isKnownLink } from '../../src/model/formats/sysfs/globs.ts';
import { readTopology } from '../../src/model/formats/sysfs/topology.ts';
import { temporaryFolder } from './processes.ts';

/** A folder with sys/ and proc/; to be removed with `removeFolder`. */
export function dumpOf(files: ReadonlyMap<string, string>): string {
  const folder = temporaryFolder('dump');
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (isKnownLink(path)) symlinkSync(text, join(folder, path));
    else writeFileSync(join(folder, path), `${text}\n`);
  }
  return folder;
}

/** The same machine as one file, in a folder to be removed: 1,024 CPUs as files of a host take 5 CPU seconds to write, read and remove. */
export function topologyFile(files: ReadonlyMap<string, string>): string {
  const file = join(temporaryFolder('topology'), 'machine.json');
  writeFileSync(file, JSON.stringify(readTopology(files)));
  return file;
}
