// Owns the programs that the build and the tests need from the system: how to see that one is there, and Debian's package of it.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// A login without them on PATH still has the system's programs here.
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** As data, so that a suite's needs are checked when it is written. */
export const programs = {
  gcc: { package: 'gcc', present: () => onPath('gcc') },
  make: { package: 'make', present: () => onPath('make') },
  headers: { package: 'libc6-dev', present: () => existsSync('/usr/include/stdlib.h') },
  musl: { package: 'musl-tools', present: () => onPath('musl-gcc') },
  sshd: { package: 'openssh-server', present: () => onPath('sshd') },
  ssh: { package: 'openssh-client', present: () => onPath('ssh') && onPath('ssh-keygen') },
  lstopo: { package: 'hwloc-nox', present: () => onPath('lstopo-no-graphics') },
  qemu: { package: 'qemu-system-x86', present: () => onPath('qemu-system-x86_64') },
  qemuArm: { package: 'qemu-system-arm', present: () => onPath('qemu-system-aarch64') },
  gccArm: {
    package: 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
    present: () => onPath('aarch64-linux-gnu-gcc') && existsSync('/usr/aarch64-linux-gnu/include/stdlib.h'),
  },
  bzip2: { package: 'bzip2', present: () => onPath('bzip2') },
  xz: { package: 'xz-utils', present: () => onPath('xz') },
  zip: { package: 'zip', present: () => onPath('zip') },
  xmllint: { package: 'libxml2-utils', present: () => onPath('xmllint') },
  // Only for the schema of its domains.
  libvirt: { package: 'libvirt0', present: () => existsSync('/usr/share/libvirt/schemas/domain.rng') },
  // A service of the examples, and what the other is built of in a long run.
  python: { package: 'python3', present: () => onPath('python3') },
  cargo: { package: 'cargo', present: () => onPath('cargo') },
  tokio: { package: 'librust-tokio-dev', present: () => existsSync('/usr/share/doc/librust-tokio-dev') },
  kubectl: { package: 'kubernetes-client', present: () => onPath('kubectl') },
  chromium: {
    // Without a user interface: smaller, and quicker. An ordinary one does as well.
    package: 'chromium-headless-shell',
    present: () =>
      Boolean(process.env['CHROMIUM']) ||
      ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].some(onPath),
  },
  fonts: { package: 'fonts-dejavu-core', present: () => hasEntries('/usr/share/fonts') },
  // What benchmarks compare with.
  gxx: { package: 'g++', present: () => onPath('g++') },
  pkgConfig: { package: 'pkg-config', present: () => onPath('pkg-config') },
  tbb: { package: 'libtbb-dev', present: () => existsSync('/usr/include/tbb/task_group.h') },
  readerWriterQueue: {
    package: 'libreaderwriterqueue-dev',
    present: () => existsSync('/usr/include/readerwriterqueue.h'),
  },
  boost: { package: 'libboost-dev', present: () => existsSync('/usr/include/boost/lockfree/spsc_queue.hpp') },
  atomicQueue: {
    package: 'libatomic-queue-dev',
    present: () => existsSync('/usr/include/atomic_queue/atomic_queue.h'),
  },
  dpdk: { package: 'libdpdk-dev', present: () => existsSync('/usr/include/dpdk/rte_ring.h') },
  likwid: { package: 'likwid', present: () => onPath('likwid-bench') },
  numastat: { package: 'numactl', present: () => onPath('numastat') },
};

/** @typedef {import('./types.ts').Need} Need */

/**
 * Of `needs` the keys that are not there.
 * @param {readonly Need[]} needs
 */
export function missingOf(needs) {
  return [...new Set(needs)].filter((key) => !programs[key].present());
}

/**
 * The command that a person would type for them.
 * @param {readonly Need[]} keys
 */
export function installCommand(keys) {
  const packages = keys.map((key) => programs[key].package).join(' ');
  return onPath('apt-get')
    ? `sudo apt-get install --no-install-recommends ${packages}`
    : `your system's package manager (Debian's names: ${packages})`;
}

/** Why nothing can be installed here without asking somebody; null as root, or where sudo wants no password. */
export function whyNoInstalling() {
  if (!onPath('apt-get')) return 'there is no apt-get on this system';
  if (process.getuid?.() === 0) return null;
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  if (sudo.error) return 'only root may install packages, and sudo could not be run';
  return sudo.status === 0 ? null : 'only root may install packages, and sudo does not allow it without a password';
}

/**
 * Installs them where that asks nobody. Returns why not, or null.
 * @param {readonly Need[]} keys
 * @param {(words: string) => void} say
 */
export function install(keys, say) {
  const whyNot = whyNoInstalling();
  if (whyNot) return whyNot;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const packages = keys.flatMap((key) => programs[key].package.split(' '));
  /** @param {string[]} args */
  const apt = (...args) => {
    const settings = ['-o', 'DPkg::Lock::Timeout=600', '-o', 'Acquire::Retries=3', '-y', '-q'];
    const [command = '', ...rest] = [
      ...asRoot,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      ...settings,
      ...args,
    ];
    say(`apt-get ${args.join(' ')}`);
    return spawnSync(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 1 << 28 });
  };
  const packagesIn = () => apt('install', '--no-install-recommends', ...packages);
  // A list of packages that is missing or old shows only here, so it is fetched only then.
  let run = packagesIn();
  if (run.status !== 0) {
    apt('update');
    run = packagesIn();
  }
  if (run.status !== 0) return `apt-get failed: ${(run.stderr || String(run.error)).trim().slice(-1500)}`;
  const still = missingOf(keys);
  return still.length === 0 ? null : `apt-get succeeded, but ${still.join(', ')} cannot be found`;
}

/** @param {string} name */
function onPath(name) {
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param {string} folder */
function hasEntries(folder) {
  return existsSync(folder) && readdirSync(folder).length > 0;
}
