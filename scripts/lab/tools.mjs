// Owns the programs of this system that the lab needs: seeing what is missing, installing it where that asks nobody, and else
// naming the exact command.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { guests } from './guests.mjs';

/** @type {Readonly<Record<string, string>>} */
const packageOf = {
  'apt-get': 'apt',
  dpkg: 'dpkg',
  'dpkg-deb': 'dpkg',
  lz4: 'lz4',
  xz: 'xz-utils',
  zstd: 'zstd',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  ...Object.fromEntries(Object.values(guests).map((guest) => [guest.emulator, guest.emulatorPackage])),
};

/**
 * Throws words that say what to do when one of the programs is not there and cannot be installed by itself.
 * @param {readonly string[]} names
 * @param {import('./types.ts').Say} say
 */
export function needTools(names, say) {
  const missing = names.filter((name) => !onPath(name));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => packageOf[name] ?? name))];
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  const lack = `The lab needs ${missing.join(', ')}`;
  if (!onPath('apt-get')) throw new Error(`${lack}. Install it (on Debian or Ubuntu): sudo ${command}`);
  if (process.getuid?.() !== 0) throw new Error(`${lack}. Install it: sudo ${command}`);
  say(`installing ${packages.join(', ')}`);
  /** @param {string[]} args */
  const apt = (...args) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=600', '-o', 'Acquire::Retries=3', '-y', '-q', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
  const install = () => apt('install', '--no-install-recommends', ...packages);
  let run = install();
  if (run.status !== 0) {
    apt('update');
    run = install();
  }
  if (run.status !== 0) {
    throw new Error(`${lack}, and "${command}" failed: ${(run.stderr || String(run.error)).trim().slice(-1500)}`);
  }
}

/**
 * Whether a program can be called by its name.
 * @param {string} name
 */
export function onPath(name) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder || '.', name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
