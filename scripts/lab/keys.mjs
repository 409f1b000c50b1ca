// Owns the lab's keys: the one that logs in, and the one that every emulated host shows. Made once, kept with the cache.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folderIn, labFolder } from './places.mjs';
import { needTools } from './tools.mjs';

/**
 * @param {import('./types.ts').Say} say
 * @returns {import('./types.ts').Keys}
 */
export function labKeys(say) {
  const folder = join(labFolder(), 'keys');
  if (!existsSync(folder)) makeKeys(folder, say);
  const user = join(folder, 'user');
  const host = join(folder, 'host');
  return {
    userKey: user,
    userPublic: readFileSync(`${user}.pub`, 'utf8'),
    hostPrivate: readFileSync(host, 'utf8'),
    hostPublic: readFileSync(`${host}.pub`, 'utf8').trim(),
  };
}

/**
 * All of them or none: of commands that make them at the same instant, who comes second keeps the first one's.
 * @param {string} folder
 * @param {import('./types.ts').Say} say
 */
function makeKeys(folder, say) {
  needTools(['ssh-keygen'], say);
  const draft = mkdtempSync(join(folderIn(), 'keys.'));
  try {
    for (const name of ['user', 'host']) {
      const file = join(draft, name);
      const comment = `numa-pinboard lab, ${name}`;
      const run = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
      if (run.status !== 0) throw new Error(`ssh-keygen failed: ${String(run.error ?? run.stderr).trim()}`);
    }
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
