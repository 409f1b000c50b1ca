// Owns building what hosts boot from, once for each architecture: a plain kernel and a first file system, out of Debian's
// packages. Kept in the cache under a name that tells the content of what it was built from; whole, or not there.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { codeOf } from '../setup/problems.mjs';
import { signal } from '../../test/support/process-table.mjs';
import { writeCpio } from './cpio.mjs';
import { guests, userPackages } from './guests.mjs';
import { plainKernel } from './kernel.mjs';
import { labKeys } from './keys.mjs';
import { fetchPackages, unpackPackages } from './packages.mjs';
import { folderIn } from './places.mjs';
import { guestEntries, guestFiles, guestSource } from './root.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
/** Whatever decides what an image holds. */
const recipe = ['build.mjs', 'cpio.mjs', 'elf.mjs', 'guests.mjs', 'kernel.mjs', 'packages.mjs', 'root.mjs'];

/**
 * @param {import('./types.ts').Architecture} architecture
 * @param {import('./types.ts').Say} say
 * @returns {Promise<import('./types.ts').Image>}
 */
export async function ensureImage(architecture, say) {
  const keys = labKeys(say);
  const name = `${architecture}-${stamp(architecture, keys)}`;
  const images = folderIn('images');
  const image = join(images, name);
  if (!existsSync(image)) {
    await alone(folderIn('packages'), say, () => {
      if (!existsSync(image)) build({ architecture, keys, images, name, say });
    });
  }
  return { kernel: join(image, 'kernel'), initramfs: join(image, 'initramfs'), keys };
}

/**
 * @param {{
 *   architecture: import('./types.ts').Architecture,
 *   keys: import('./types.ts').Keys,
 *   images: string,
 *   name: string,
 *   say: import('./types.ts').Say,
 * }} options
 */
function build({ architecture, keys, images, name, say }) {
  const begin = performance.now();
  const folder = folderIn('packages', architecture);
  const draft = join(images, `draft-${process.pid}`);
  const unpacked = join(draft, 'unpacked');
  try {
    say(`fetching Debian's packages for ${architecture}`);
    const wanted = [guests[architecture].kernelPackage, ...userPackages];
    const files = fetchPackages(wanted, { architecture: guests[architecture].packages, folder, say });
    say(`unpacking ${files.length} packages`);
    unpackPackages(files, { folder, into: unpacked });
    say('making the kernel and the first file system');
    const boot = join(unpacked, 'boot');
    const packed = readdirSync(boot).find((file) => file.startsWith('vmlinuz-'));
    if (packed === undefined) throw new Error(`${guests[architecture].kernelPackage} brought no kernel`);
    writeFileSync(join(draft, 'kernel'), plainKernel(readFileSync(join(boot, packed)), say));
    writeCpio(join(draft, 'initramfs'), guestEntries({ packages: unpacked, architecture, keys, say }));
    writeFileSync(join(draft, 'packages.txt'), `${files.join('\n')}\n`);
    rmSync(unpacked, { recursive: true });
    renameSync(draft, join(images, name));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  for (const other of readdirSync(images)) {
    // Hosts that run have read theirs into memory.
    const ofIt = other.slice(0, other.lastIndexOf('-')) === architecture;
    if (ofIt && other !== name) rmSync(join(images, other), { recursive: true });
  }
  say(`built in ${Math.round((performance.now() - begin) / 1000)} s`);
}

/**
 * @param {string} architecture
 * @param {import('./types.ts').Keys} keys
 */
function stamp(architecture, keys) {
  const sources = [...recipe.map((file) => join(here, file)), ...Object.keys(guestFiles).map(guestSource)];
  const hash = createHash('sha256').update(JSON.stringify([architecture, keys.userPublic, keys.hostPublic]));
  for (const source of sources) hash.update(readFileSync(source)).update('\0');
  return hash.digest('hex').slice(0, 12);
}

/**
 * Runs `act` while no other process does: two builds would fetch into one folder. A holder that died holds no longer.
 * @param {string} folder
 * @param {import('./types.ts').Say} say
 * @param {() => void} act
 */
async function alone(folder, say, act) {
  const lock = join(folder, 'lock');
  const holder = () => {
    try {
      return Number(readFileSync(join(lock, 'pid'), 'utf8'));
    } catch {
      return null;
    }
  };
  let told = false;
  for (let waitedMs = 0; ; waitedMs += 500) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const pid = holder();
    // A lock without a name is one that is being made, or whose maker died in that moment.
    if (pid === null ? waitedMs > 5000 : !signal(pid, 0)) rmSync(lock, { recursive: true, force: true });
    else {
      if (!told && pid !== null) say(`waiting for process ${pid}, which is building the same`);
      told = true;
      await sleep(500);
    }
  }
  try {
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return act();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
