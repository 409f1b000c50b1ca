// Owns the lab's keys: the one that logs in, and the one that every emulated host shows. Made once, kept with the cache.
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folderIn } from './places.mjs';
import { needTools } from './tools.mjs';

/** @typedef {{ userKey: string, userPublic: string, hostPrivate: string, hostPublic: string }} Keys `userKey` is a path */

/** @returns {Keys} */
export function labKeys(say) {
  needTools(['ssh-keygen'], say);
  const folder = folderIn('keys');
  const [user, host] = ['user', 'host'].map((name) => ensureKey(folder, name));
  return {
    userKey: user,
    userPublic: readFileSync(`${user}.pub`, 'utf8'),
    hostPrivate: readFileSync(host, 'utf8'),
    hostPublic: readFileSync(`${host}.pub`, 'utf8').trim(),
  };
}

function ensureKey(folder, name) {
  const path = join(folder, name);
  if (existsSync(path) && existsSync(`${path}.pub`)) return path;
  const draft = `${path}.${process.pid}`;
  try {
    const comment = `numa-pinboard lab, ${name}`;
    const run = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', draft]);
    if (run.status !== 0) throw new Error(`ssh-keygen failed: ${String(run.error ?? run.stderr).trim()}`);
    // Who comes second keeps the first one's pair.
    if (!existsSync(path)) {
      linkSync(`${draft}.pub`, `${path}.pub`);
      linkSync(draft, path);
    }
    return path;
  } finally {
    for (const left of [draft, `${draft}.pub`]) rmSync(left, { force: true });
  }
}
