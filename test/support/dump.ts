// Owns writing a machine of paper to disk, as `--from` reads it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './processes.ts';

/** A folder with sys/ and proc/; to be removed with `removeFolder`. */
export function dumpOf(files: ReadonlyMap<string, string>): string {
  const folder = temporaryFolder('dump');
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}\n`);
  }
  return folder;
}
