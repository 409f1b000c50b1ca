// Owns fetching Debian's packages for a host, with all they depend on, and unpacking them: nothing is installed here, and
// no other architecture is added to this system.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needTools } from './tools.mjs';

/**
 * Fetches `names` for an architecture into `folder`, and returns the names of all files that this takes.
 * @param {readonly string[]} names
 * @param {{ architecture: string, folder: string, say: import('./types.ts').Say }} options
 */
export function fetchPackages(names, { architecture, folder, say }) {
  needTools(['apt-get', 'dpkg', 'dpkg-deb'], say);
  const archives = join(folder, 'archives');
  const empty = join(folder, 'empty');
  const lists = join(folder, 'lists');
  for (const path of [archives, empty, lists]) mkdirSync(join(path, 'partial'), { recursive: true });
  // An empty record of what is installed makes apt take the whole closure.
  const status = join(folder, 'nothing-installed');
  writeFileSync(status, '');
  const sources = join(folder, 'sources.list');
  writeFileSync(sources, withBackports());
  const settings = {
    'APT::Architecture': architecture,
    'APT::Architectures::': architecture,
    'Acquire::Retries': '3',
    'Debug::NoLocking': 'true',
    'Dir::State::status': status,
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    ...(process.getuid?.() === 0 ? { 'APT::Sandbox::User': 'root' } : {}),
  };
  const wanted = ['install', '--no-install-recommends', ...names];

  // The system's own lists know its own architecture, if they are there and young enough; else ours are fetched.
  const own = spawnSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).stdout.trim() === architecture;
  /** @type {Record<string, string>[]} */
  const attempts = [...(own ? [{}] : []), { 'Dir::State::lists': lists, 'Dir::Etc::sourcelist': sources }];
  /** @type {ReturnType<typeof apt>[]} */
  const problems = [];
  for (const place of attempts) {
    if (place['Dir::State::lists']) {
      say(`fetching Debian's list of packages for ${architecture}`);
      problems.push(apt({ ...settings, ...place }, ['update']));
    }
    const all = apt({ ...settings, ...place, 'Dir::Cache::archives': empty }, ['-qq', '--print-uris', ...wanted]);
    const files = [...all.stdout.matchAll(/^'[^']+' (\S+\.deb) \d+/gm)].map(([, file = '']) => file);
    const fetched =
      all.status === 0 &&
      apt({ ...settings, ...place, 'Dir::Cache::archives': archives }, ['--download-only', ...wanted]);
    problems.push(all, fetched || all);
    if (fetched && fetched.status === 0 && files.length > 0) {
      // What an earlier build left is of other versions.
      for (const file of readdirSync(archives)) {
        if (file.endsWith('.deb') && !files.includes(file)) rmSync(join(archives, file));
      }
      return files.sort();
    }
  }
  const why = [...new Set(problems.map(({ stderr, error }) => `${error ?? ''}${stderr}`.trim()))].join('\n');
  throw new Error(`Debian's packages for ${architecture} could not be fetched:\n${why.slice(-3000)}`);
}

/** The system's own sources, and what its release got of later ones: kernels among it. */
function withBackports() {
  const system = '/etc/apt/sources.list';
  const own = existsSync(system) ? readFileSync(system, 'utf8') : '';
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (release === undefined) return own;
  const key = 'signed-by=/usr/share/keyrings/debian-archive-keyring.gpg';
  return `${own}\ndeb [${key}] http://deb.debian.org/debian ${release}-backports main\n`;
}

/**
 * @param {Readonly<Record<string, string>>} settings
 * @param {readonly string[]} args
 */
function apt(settings, args) {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return spawnSync('apt-get', [...options, '-y', '-q', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}

/**
 * Unpacks packages of `folder` one over the other.
 * @param {readonly string[]} files
 * @param {{ folder: string, into: string }} options
 */
export function unpackPackages(files, { folder, into }) {
  mkdirSync(into, { recursive: true });
  for (const file of files) {
    const run = spawnSync('dpkg-deb', ['-x', join(folder, 'archives', file), into], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${file} could not be unpacked: ${run.stderr || String(run.error)}`);
  }
}
