// Owns the VS Code that tests run in where no desktop build can be fetched: code-server and the Node it needs, both from npm,
// in the cache folder (`NUMA_PINBOARD_CACHE`, default `.cache`). Nothing is compiled, no install script runs; two native
// modules are replaced by scripts that do what tests need of them.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '../..');
// code-server 4.N is VS Code 1.N and runs on exactly this major version of Node.
const codeServerVersion = '4.139.1';
const nodeVersion = '24.21.0';
// Counts up when what we do to the installation changes, so that an older one in a cache is replaced.
const revision = 2;

/**
 * Paths. `stamp` exists once everything is in place; `node` is the Node (24) that code-server, @vscode/test-electron and the
 * harness run on; `codeServer` is the entry, a script for it.
 * @typedef {{ readonly folder: string, readonly stamp: string, readonly node: string, readonly codeServer: string }} Workbench
 */

/**
 * Where things are, installed or not.
 * @returns {Workbench}
 */
export function workbench() {
  const cache = resolve(process.env['NUMA_PINBOARD_CACHE'] || join(repository, '.cache'));
  return inside(join(cache, 'vscode-web', `${codeServerVersion}-r${revision}`));
}

/** Installs it unless it is there; `say` hears what is done. */
export function ensureWorkbench(say = (/** @type {string} */ words) => void process.stderr.write(`${words}\n`)) {
  const target = workbench();
  if (existsSync(target.stamp)) return target;
  if (process.platform !== 'linux')
    throw new Error('the workbench from npm runs on Linux only: set NUMA_PINBOARD_VSCODE=download');
  say(`installing VS Code 1.${codeServerVersion.slice(2)} for tests into ${target.folder} (about a minute, 800 MB)`);
  mkdirSync(dirname(target.folder), { recursive: true });
  // Beside its final place, so that a rename makes all of it appear at once and a broken install never looks whole.
  const building = mkdtempSync(`${target.folder}.partial-`);
  try {
    install(inside(building));
    if (existsSync(target.stamp)) return target; // another run was quicker
    rmSync(target.folder, { recursive: true, force: true });
    renameSync(building, target.folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return target;
}

/** @param {string} folder */
function inside(folder) {
  const modules = join(folder, 'node_modules');
  return {
    folder,
    stamp: join(folder, 'complete'),
    node: join(modules, `node-linux-${process.arch}`, 'bin', 'node'),
    codeServer: join(modules, 'code-server', 'out', 'node', 'entry.js'),
  };
}

/** @param {Workbench} place */
function install(place) {
  writeFileSync(join(place.folder, 'package.json'), '{"private":true}\n');
  npm(place, place.folder, [`node-linux-${process.arch}@${nodeVersion}`]);
  npm(place, place.folder, ['--ignore-scripts', `code-server@${codeServerVersion}`]);
  // What code-server's own install script would do, less the compiling: the two inner packages and two links.
  const inner = join(place.folder, 'node_modules', 'code-server', 'lib', 'vscode');
  npm(place, inner, ['--ignore-scripts', '--omit=dev']);
  npm(place, join(inner, 'extensions'), ['--ignore-scripts', '--omit=dev']);
  link('code-linux.sh', join(inner, 'bin', 'remote-cli', 'code-server'));
  link('browser-linux.sh', join(inner, 'bin', 'helpers', 'browser.sh'));
  for (const name of ['native-watchdog', 'spdlog']) {
    const native = join(inner, 'node_modules', '@vscode', name, 'index.js');
    copyFileSync(join(here, 'vscode-natives', `${name}.cjs`), native);
  }
  writeFileSync(place.stamp, `code-server ${codeServerVersion}, node ${nodeVersion}\n`);
}

/**
 * @param {Workbench} place
 * @param {string} cwd
 * @param {string[]} args
 */
function npm(place, cwd, args) {
  // Under `npm test` npm tells its children about this repository: that is not where these packages go.
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_local_prefix)/.test(name),
  );
  const env = { ...Object.fromEntries(own), PATH: `${dirname(place.node)}${delimiter}${process.env['PATH'] ?? ''}` };
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier'];
  const run = spawnSync('npm', ['install', ...quiet, ...args], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (run.status === 0) return;
  const why = run.error ? String(run.error) : `${run.stdout}\n${run.stderr}`.trim().slice(-4000);
  throw new Error(`npm install ${args.join(' ')} failed in ${cwd}:\n${why}`);
}

/**
 * @param {string} target
 * @param {string} path
 */
function link(target, path) {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  console.log(ensureWorkbench().folder);
}
