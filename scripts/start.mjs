// `npm start`: installs what is missing, builds, compiles the agent where there is a compiler, and starts the command
// line with whatever was given after `--`. Runs on plain Node 20.3 with nothing installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** @param {string} words */
function say(words) {
  process.stderr.write(`${words}\n`);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 3)) {
  say(`Node ${process.version} is too old: NUMA Pinboard needs Node 20.3 or newer (https://nodejs.org).`);
  process.exit(2);
}

/** Newer lock file than the last installation means that packages changed. */
function installed() {
  const stamp = `${root}node_modules/.package-lock.json`;
  return existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;
}

if (!installed()) {
  say('Installing packages (npm ci) …');
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    say('npm ci failed: see above. The npm registry has to be reachable once.');
    process.exit(1);
  }
}

say('Building …');
const { build } = await import('./build.mjs');
const agent = await build();
// Elsewhere it measures hosts by SSH, which compile the agent themselves.
if (process.platform === 'linux' && !agent.built) say(agent.why);

// The program takes the terminal over; its exit status is ours.
const child = spawn(process.execPath, [`${root}dist/cli.js`, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
