// Owns what an emulated host has inside: the list of its files, from unpacked packages, our few own files, and keys.
import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { neededBy } from './elf.mjs';
import { guests, modules, openedLibraries, programFolders, programLinks, programs } from './guests.mjs';
import { unpack } from './kernel.mjs';

const guestFolder = fileURLToPath(new URL('guest/', import.meta.url));
const bench = 1000;

/** Our own files that go into a host, with their modes. */
export const guestFiles = { init: 0o755, 'etc/ssh/sshd_config': 0o644 };
/** @param {string} path */
export const guestSource = (path) => join(guestFolder, basename(path));

// Owners and modes as on a real system: sshd refuses keys that others could have written.
const accounts = {
  'etc/passwd': [
    'root:x:0:0:root:/root:/bin/bash',
    'sshd:x:100:65534::/run/sshd:/bin/false',
    `bench:x:${bench}:${bench}:bench:/home/bench:/bin/sh`,
    'nobody:x:65534:65534:nobody:/:/bin/false',
  ],
  'etc/shadow': ['root:*:19000:0:99999:7:::', 'sshd:*:19000::::::', 'bench:*:19000:0:99999:7:::'],
  'etc/group': ['root:x:0:', 'tty:x:5:', `bench:x:${bench}:`, 'nogroup:x:65534:'],
  'etc/nsswitch.conf': ['passwd: files', 'group: files', 'shadow: files', 'hosts: files'],
  'etc/hosts': ['127.0.0.1 localhost'],
  'etc/shells': ['/bin/sh', '/bin/bash'],
  'etc/inittab': ['::ctrlaltdel:/usr/bin/busybox poweroff -f', '::shutdown:/usr/bin/true'],
};

/**
 * `packages`: the folder they were unpacked into.
 * @param {{
 *   packages: string,
 *   architecture: import('./types.ts').Architecture,
 *   keys: import('./types.ts').Keys,
 *   say: import('./types.ts').Say,
 * }} options
 * @returns {import('./types.ts').Entry[]}
 */
export function guestEntries({ packages, architecture, keys, say }) {
  /** @type {Map<string, import('./types.ts').Entry>} */
  const tree = new Map();
  /** @type {(path: string, entry: Omit<import('./types.ts').Entry, 'path'>) => void} */
  const add = (path, entry) => {
    if (tree.has(path)) return;
    const parent = posix.dirname(path);
    if (parent !== '.' && !tree.has(parent)) add(parent, { type: 'folder' });
    tree.set(path, { path, ...entry });
  };
  /** @type {(path: string, target: string) => void} */
  const link = (path, target) => add(path, { type: 'link', content: target });
  /** @type {(path: string, content: Buffer | string, mode?: number, owner?: number) => void} */
  const file = (path, content, mode = 0o644, owner = 0) => add(path, { type: 'file', content, mode, owner });
  /** @type {(path: string, mode?: number, owner?: number) => void} */
  const folder = (path, mode = 0o755, owner = 0) => add(path, { type: 'folder', mode, owner });

  // One folder of programs: both users have all of them on their PATH.
  for (const name of ['bin', 'sbin']) link(name, 'usr/bin');
  for (const name of ['lib', 'lib64']) link(name, `usr/${name}`);
  link('usr/sbin', 'bin');
  for (const name of ['proc', 'sys', 'dev', 'mnt', 'var/log', 'var/empty', 'run/sshd', 'usr/lib64']) folder(name);
  link('var/run', '/run');
  for (const name of ['tmp', 'var/tmp']) folder(name, 0o1777);
  for (const { home, owner } of [
    { home: 'root', owner: 0 },
    { home: 'home/bench', owner: bench },
  ]) {
    folder(home, 0o700, owner);
    folder(`${home}/.ssh`, 0o700, owner);
    file(`${home}/.ssh/authorized_keys`, keys.userPublic, 0o600, owner);
  }
  file('etc/ssh/ssh_host_ed25519_key', keys.hostPrivate, 0o600);
  for (const [path, lines] of Object.entries(accounts)) {
    file(path, `${lines.join('\n')}\n`, path === 'etc/shadow' ? 0o640 : 0o644);
  }
  for (const [path, mode] of Object.entries(guestFiles)) file(path, readFileSync(guestSource(path)), mode);
  file('etc/os-release', found(packages, ['usr/lib/os-release', 'etc/os-release']).content);

  for (const name of programs) {
    const program = found(
      packages,
      ['usr/bin', 'bin', 'usr/sbin', 'sbin'].map((place) => `${place}/${name}`),
    );
    file(`usr/bin/${name}`, program.content, 0o755);
  }
  for (const [name, target] of Object.entries(programLinks)) link(`usr/bin/${name}`, target);
  for (const place of programFolders) {
    for (const name of readdirSync(join(packages, place))) {
      const path = `${place}/${name}`;
      if (lstatSync(join(packages, path)).isFile()) file(path, found(packages, [path]).content, 0o755);
    }
  }
  for (const { path, content } of librariesFor([...tree.values()], packages, architecture)) file(path, content, 0o755);
  const loaded = kernelModules(packages, say);
  for (const { name, content } of loaded) file(`usr/lib/modules/${name}`, content);
  file('usr/lib/modules/order', loaded.map(({ name }) => `${name}\n`).join(''));
  return [...tree.values()];
}

/**
 * The closure of what the programs need, each library where the loader looks for it.
 * @param {import('./types.ts').Entry[]} entries
 * @param {string} packages
 * @param {import('./types.ts').Architecture} architecture
 */
function librariesFor(entries, packages, architecture) {
  const own = guests[architecture].libraries;
  const places = [`usr/lib/${own}`, `lib/${own}`, 'usr/lib', 'lib', 'usr/lib64', 'lib64'];
  /** @type {Map<string, { path: string, content: Buffer }>} */
  const libraries = new Map();
  /** @param {readonly string[]} names */
  const want = (names) => {
    for (const asked of names) {
      const name = basename(asked);
      if (libraries.has(name)) continue;
      const library = found(
        packages,
        places.map((place) => `${place}/${name}`),
      );
      // The loader is asked for by its path, in a folder that is a link here.
      const path = asked.startsWith('/') ? `usr${asked.replace(/^\/usr/, '')}` : `usr/lib/${own}/${name}`;
      libraries.set(name, { path, content: library.content });
      want(neededBy(library.content));
    }
  };
  want(openedLibraries);
  for (const { type, content } of entries) if (type === 'file') want(neededBy(Buffer.from(content ?? '')));
  return [...libraries.values()];
}

/**
 * Modules that the kernel's package has as files, each behind what it depends on.
 * @param {string} packages
 * @param {import('./types.ts').Say} say
 */
function kernelModules(packages, say) {
  const home = ['lib/modules', 'usr/lib/modules'].find((place) => existsSync(join(packages, place)));
  if (home === undefined) return [];
  const all = readdirSync(join(packages, home), { recursive: true }).map(String);
  /** @type {Map<string, { name: string, content: Buffer }>} */
  const loaded = new Map();
  /** @param {string} name */
  const load = (name) => {
    // The file of a module may have a dash where its name has an underscore.
    const pattern = new RegExp(`^${name.replaceAll(/[-_]/g, '[-_]')}\\.ko(\\.(xz|gz|zst))?$`);
    const path = all.find((one) => pattern.test(basename(one)));
    if (path === undefined || loaded.has(path)) return;
    const content = unpack(readFileSync(join(packages, home, path)), say);
    const dependencies = /\0depends=([^\0]*)\0/.exec(content.toString('latin1'))?.[1] ?? '';
    for (const other of dependencies.split(',').filter(Boolean)) load(other);
    loaded.set(path, { name: `${name}.ko`, content });
  };
  for (const name of modules) load(name);
  return [...loaded.values()];
}

/**
 * The first of `paths` that the packages have, links followed within them.
 * @param {string} packages
 * @param {string[]} paths
 */
function found(packages, paths) {
  for (const path of paths) {
    const real = followed(packages, path);
    if (real !== null) return { content: readFileSync(join(packages, real)) };
  }
  throw new Error(`Debian's packages hold no ${paths[0]}`);
}

/**
 * @param {string} packages
 * @param {string} path
 * @returns {string | null}
 */
function followed(packages, path, depth = 0) {
  let status;
  try {
    status = lstatSync(join(packages, path));
  } catch {
    return null;
  }
  if (!status.isSymbolicLink()) return status.isFile() ? path : null;
  if (depth > 10) return null;
  const target = readlinkSync(join(packages, path));
  const next = target.startsWith('/') ? target.slice(1) : posix.join(dirname(path), target);
  return followed(packages, next, depth + 1);
}
