// `npm run lab -- SHAPE`: boots an emulated multi-socket host and says how to reach it. Everything it needs is built once, out
// of Debian's packages, into the cache folder.
import { parseArgs } from 'node:util';
import { ensureImage } from './lab/build.mjs';
import { guests } from './lab/guests.mjs';
import { runningHosts, sshConfigPath, startHost, stopHost } from './lab/hosts.mjs';
import { freeShape, shapes } from './lab/shapes.mjs';
import { wordsOf } from './setup/problems.mjs';

const usage = `Emulated multi-socket hosts: a real Linux with several NUMA nodes, reached over a real SSH server.

  npm run lab -- SHAPE             boot one and print how to reach it
  npm run lab -- --sockets 2 --nodes 4 --distances 12,32
                                   boot a shape of your own
  npm run lab -- list              list the shapes and the running hosts
  npm run lab -- stop [ALIAS]...   stop these hosts, or all of them
  npm run lab -- build [ARCH]      build the image without booting a host

A shape of your own:
  --sockets N --dies N --cores N --threads N --nodes N   cores per die
  --memory MIB                     memory of the whole host (default 2048)
  --distances D                    one number, two (same socket, other socket),
                                   or rows separated by "/": 10,16/17,10
  --arch amd64|arm64
Options:
  --name ALIAS                     alias (default: lab-SHAPE)
  --port N                         port on 127.0.0.1 (default: any free port)
  --timeout MINUTES                how long to wait for a host to boot (default 6)

Shapes:
${Object.values(shapes)
  .map(({ name, title }) => `  ${name.padEnd(9)}${title}`)
  .join('\n')}`;

const text = /** @type {const} */ ({ type: 'string' });
const flag = /** @type {const} */ ({ type: 'boolean', short: 'h' });
const shapeOptions = /** @type {const} */ ([
  ...['sockets', 'dies', 'cores', 'threads', 'nodes', 'memory', 'distances', 'arch'],
]);
const options = /** @type {const} */ ({
  ...{ sockets: text, dies: text, cores: text, threads: text, nodes: text, memory: text, distances: text, arch: text },
  ...{ name: text, port: text, timeout: text, help: flag },
});

/** @typedef {ReturnType<typeof parsed>['values']} Values */

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

class UsageError extends Error {}

try {
  await main();
} catch (error) {
  const words = wordsOf(error);
  console.error(error instanceof UsageError ? `${words}\n"npm run lab -- --help" shows the usage.` : words);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main() {
  const { values, positionals } = parsed();
  const [word, ...more] = positionals;
  if (values.help) return console.log(usage);
  if (process.platform !== 'linux') throw new Error('The lab needs Linux; a virtual machine or a container will do.');
  if (word === undefined && !shapeOptions.some((name) => name in values)) return console.log(usage);
  if (word === 'list') return list();
  if (word === 'stop') return stop(more);
  if (word === 'build') return build(more[0] ?? 'amd64');
  if (more.length > 0) throw new UsageError(`Name one shape at a time; "${more.join(' ')}" is one too many.`);
  return start(word, values);
}

function parsed() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(wordsOf(error));
  }
}

/**
 * @param {string | undefined} word
 * @param {Values} values
 */
async function start(word, values) {
  const shape = chosen(word, values);
  const alias = values.name ?? `lab-${shape.name}`;
  if (!/^[\w][\w.-]{0,60}$/.test(alias))
    throw new UsageError(`"${alias}" is not a valid alias: use letters, digits, ".", "_" and "-".`);
  const port = values.port === undefined ? undefined : number('port', values.port, 1, 65_535);
  const timeoutMs = values.timeout === undefined ? undefined : number('timeout', values.timeout, 1, 600) * 60_000;
  const cancel = new AbortController();
  const interrupted = () => cancel.abort(new Error('Interrupted: the booting host was stopped.'));
  for (const name of signals) process.once(name, interrupted);
  const host = await startHost(shape, { alias, port, timeoutMs, say, signal: cancel.signal });
  for (const name of signals) process.off(name, interrupted);
  if (host.already) say(`${alias} is already running`);
  tell(host);
}

/**
 * @param {string | undefined} word
 * @param {Values} values
 */
function chosen(word, values) {
  const given = shapeOptions.filter((name) => values[name] !== undefined);
  if (word === undefined || word === 'custom') {
    try {
      return freeShape({ ...values, architecture: values.arch });
    } catch (error) {
      throw new UsageError(wordsOf(error));
    }
  }
  const shape = Object.hasOwn(shapes, word) ? shapes[word] : undefined;
  if (shape === undefined) {
    throw new UsageError(`There is no shape "${word}". The shapes are ${Object.keys(shapes).join(', ')}.`);
  }
  if (given.length > 0) throw new UsageError(`"${word}" defines its own numbers: leave out --${given.join(', --')}.`);
  return shape;
}

/** @param {import('./lab/types.ts').HostState} host */
function tell({ alias, title, port }) {
  console.log(`
${alias}: ${title}. SSH on port ${port} of 127.0.0.1 as root, or as the unprivileged user "bench" with ${alias}-bench.
All times measured there are emulated.

  npm start -- --host ${alias}
  npm start -- topology --host ${alias}
  ssh -F ${sshConfigPath()} ${alias}
  npm run lab -- stop ${alias}

"NUMA: Connect Host" in VS Code lists it, too.`);
}

function list() {
  for (const { name, title } of Object.values(shapes)) console.log(`${name.padEnd(9)}${title}`);
  const running = runningHosts();
  console.log(running.length > 0 ? '\nrunning:' : '\nNo host is running.');
  for (const { alias, title, port, pid, ready } of running) {
    console.log(`${alias}: ${title}; port ${port}, process ${pid}${ready ? '' : ', still booting'}`);
  }
  if (running.length > 0) console.log('Reach them with --host ALIAS.');
}

/** @param {string[]} names */
async function stop(names) {
  const running = runningHosts();
  const named = names.map((name) => {
    const host = running.find(({ alias }) => alias === name || alias === `lab-${name}`);
    if (!host)
      throw new UsageError(`No host "${name}" is running${running.length > 0 ? `, only ${aliases(running)}` : ''}.`);
    return host;
  });
  const ended = names.length > 0 ? named : running;
  for (const host of ended) await stopHost(host);
  console.log(ended.length > 0 ? `stopped ${aliases(ended)}` : 'No host is running.');
}

/** @param {string} architecture */
async function build(architecture) {
  const known = /** @type {import('./lab/types.ts').Architecture[]} */ (Object.keys(guests));
  const wanted = known.find((one) => one === architecture);
  if (wanted === undefined) throw new UsageError(`There is no architecture "${architecture}": ${known.join(', ')}.`);
  const image = await ensureImage(wanted, say);
  console.log(`kernel ${image.kernel}\ninitramfs ${image.initramfs}`);
}

/** @param {import('./lab/types.ts').HostState[]} hosts */
function aliases(hosts) {
  return hosts.map(({ alias }) => alias).join(', ');
}

/**
 * @param {string} name
 * @param {string} value
 * @param {number} least
 * @param {number} most
 */
function number(name, value, least, most) {
  const read = Number(value);
  if (Number.isInteger(read) && read >= least && read <= most) return read;
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not "${value}".`);
}

/** @param {string} words */
function say(words) {
  process.stderr.write(`lab: ${words}\n`);
}
