// Owns writing a machine of paper to disk, as `--from` reads it.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isKnownLink } from '../../src/model/formats/sysfs/globs.ts';
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
