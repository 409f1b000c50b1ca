// Owns where the lab keeps things: the cache folder, what is built in it, and one folder for each host.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** `lab` in the cache folder (`NUMA_PINBOARD_CACHE`, default `.cache` beside the project's files). */
export function labFolder() {
  return join(resolve(process.env['NUMA_PINBOARD_CACHE'] || join(repository, '.cache')), 'lab');
}

/**
 * A folder in the lab's, made private: keys and sockets lie in it.
 * @param {string[]} names
 */
export function folderIn(...names) {
  const folder = join(labFolder(), ...names);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
