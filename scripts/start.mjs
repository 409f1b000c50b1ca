// `npm start`: installs what is missing, builds, compiles the agent, and starts the command line with whatever was given after
// `--`. Runs on plain Node 20.3 with nothing installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installsCompiler, NO_INSTALL } from './setup/compiler.mjs';
import { installPackages, packagesComplete } from './setup/packages.mjs';
import { install, whyNoInstalling } from './setup/programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);

/** @param {string} words */
function say(words) {
  process.stderr.write(`${words}\n`);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 3)) {
  say(`Node ${process.version} is too old: NUMA Pinboard needs Node 20.3 or newer (https://nodejs.org).`);
  process.exit(2);
}

if (!packagesComplete(root)) {
  say('Installing packages (npm ci) …');
  const [command, ...rest] = installPackages;
  const done = spawnSync(command, rest, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // There npm is a batch file.
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    say('npm ci failed; see above. It needs the npm registry to be reachable.');
    process.exit(1);
  }
}

say('Building …');
const { build } = await import('./build.mjs');
let agent = await build();
const { compilerMissing } = agent;
const mayInstall = () => whyNoInstalling() === null;
if (installsCompiler({ compilerMissing, args, ci: process.env['CI'], mayInstall })) {
  say(
    `No C compiler is installed, and measuring on this machine needs one. Installing it ("npm start -- ${NO_INSTALL}" leaves the system as it is) …`,
  );
  const whyNot = install(['gcc', 'headers'], say);
  if (whyNot) say(whyNot);
  agent = await build();
}
// Elsewhere it measures hosts by SSH, which compile the agent themselves.
if (process.platform === 'linux' && !agent.built) say(agent.why);

// The program takes the terminal over; its exit status is ours.
const child = spawn(process.execPath, [`${root}dist/cli.js`, ...(args[0] === NO_INSTALL ? args.slice(1) : args)], {
  stdio: 'inherit',
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
