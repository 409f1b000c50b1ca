// Owns one emulator from its start to its end: the port it is reached at, the wait for its console's word, the words when it
// dies or hangs, and that it ends with whoever it belongs to.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signal } from '../../test/support/process-table.mjs';
import { guests } from './guests.mjs';
import { consoleFile, qemuCommand } from './qemu.mjs';
import { needTools, onPath } from './tools.mjs';

const emulatorLog = 'emulator.log';
const portTries = 5;
/** A machine that is free needs ten seconds; one that builds and tests beside it was seen to need minutes. */
const patienceMs = 6 * 60_000;
/**
 * Now and then a boot hangs, most often before its console says a word: CPUs run into a breakpoint that the kernel had put into its
 * own code for a moment, and the emulator (qemu 7.2) goes on playing what was there. Such a host never comes up, and is booted anew.
 */
const silenceMs = 60_000;
const silentTries = 3;

/**
 * Boots a shape in `folder`, and returns when it answers as an SSH server. `tied`: it ends with this process, however that
 * ends; else it outlives it. `started` is called as soon as there is a process to remember.
 *
 * @param {import('./types.ts').Shape} shape
 * @param {import('./types.ts').BootOptions} options
 * @returns {Promise<import('./types.ts').Emulator>}
 */
export async function boot(shape, options) {
  needTools([guests[shape.architecture].emulator], options.say);
  let silent = 0;
  for (let left = portTries; ; left--) {
    const port = options.port ?? (await freePort());
    const emulator = await start(shape, { ...options, port });
    options.started?.(emulator);
    try {
      await ready(emulator, { ...options, silenceMs: silent + 1 < silentTries ? silenceMs : Infinity });
      return emulator;
    } catch (error) {
      await emulator.stop();
      if (error instanceof Silent) {
        silent++;
        options.say(`the host printed nothing for ${silenceMs / 1000} s; booting it again`);
        continue;
      }
      if (!(error instanceof PortTaken)) throw error;
      if (options.port !== undefined || left <= 1) {
        throw new Error(`port ${port} of 127.0.0.1 is in use: choose another with --port, or leave --port out`, {
          cause: error,
        });
      }
      // It was free a moment ago: somebody was faster.
      options.say(`port ${port} was taken in the meantime; trying another`);
    }
  }
}

/**
 * The last lines that a host wrote to its console, with a heading, for a person to see why it did not come up.
 * @param {string} folder
 */
export function consoleTail(folder, lines = 25) {
  const text = read(join(folder, consoleFile)).replaceAll('\r', '').trimEnd();
  if (text === '') return 'Its console stayed empty.';
  return `The last lines of its console:\n${text.split('\n').slice(-lines).join('\n')}`;
}

class PortTaken extends Error {}
class Silent extends Error {}

/**
 * @param {import('./types.ts').Shape} shape
 * @param {import('./types.ts').BootOptions & { port: number }} options
 * @returns {Promise<import('./types.ts').Emulator>}
 */
async function start(shape, { image, folder, hostName, port, tied }) {
  const files = { kernel: image.kernel, initramfs: image.initramfs };
  const { program, args } = qemuCommand(shape, { ...files, port, hostName, tscKhz: tscKhz() });
  // The kernel itself kills it with us, also where we are killed without a last act.
  const [command, ...rest] =
    tied && onPath('setpriv') ? ['setpriv', '--pdeathsig', 'KILL', '--', program, ...args] : [program, ...args];
  writeFileSync(join(folder, consoleFile), '');
  const log = openSync(join(folder, emulatorLog), 'w');
  const child = spawn(command, rest, { cwd: folder, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const running = () => child.exitCode === null && child.signalCode === null;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} has no process id though it was started`);
  const kill = () => void signal(pid, 'SIGKILL');
  if (tied) process.once('exit', kill);
  void ended.then(() => process.off('exit', kill));
  return {
    pid,
    port,
    folder,
    running,
    /** Leaves it to itself: this process may end before it. */
    release: () => child.unref(),
    async stop() {
      if (!running()) return;
      child.kill('SIGTERM');
      const grace = setTimeout(kill, 5000);
      await ended;
      clearTimeout(grace);
    },
  };
}

/**
 * Waits for the console's word, never at the port: user networking takes connections long before the host is up.
 * @param {import('./types.ts').Emulator} emulator
 * @param {import('./types.ts').BootOptions & { silenceMs: number }} options
 */
async function ready(emulator, { say, timeoutMs = patienceMs, silenceMs: silence, signal: cancelled }) {
  const begin = performance.now();
  const seconds = () => ((performance.now() - begin) / 1000).toFixed(1);
  let told = 0;
  let heard = begin;
  for (;;) {
    cancelled?.throwIfAborted();
    const alive = emulator.running();
    const words = [...read(join(emulator.folder, consoleFile)).matchAll(/^LAB [\d.]+ (.*)$/gm)].map(([, word = '']) =>
      word.trim(),
    );
    if (words.includes('LAB-READY')) break;
    for (; told < words.length; told++) {
      say(`${words[told]} (${seconds()} s)`);
      heard = performance.now();
    }
    if (words.includes('LAB-FAILED')) throw failure('The host came up, but cannot be reached', emulator);
    if (!alive) {
      const log = read(join(emulator.folder, emulatorLog)).trim();
      if (/could not set up host forwarding/i.test(log)) throw new PortTaken();
      throw failure(`The emulator ended before its host was up${log ? `:\n${log.slice(-3000)}\n` : ''}`, emulator);
    }
    if (performance.now() - heard > silence) throw new Silent();
    if (performance.now() - begin > timeoutMs) {
      throw failure(`The host was not up after ${Math.round(timeoutMs / 1000)} s, and was ended`, emulator);
    }
    await sleep(200);
  }
  const left = timeoutMs - (performance.now() - begin);
  if (!(await greets(emulator.port, Math.max(left, 30_000)))) {
    throw failure(`The host is up, but no SSH server greets at port ${emulator.port} of 127.0.0.1`, emulator);
  }
  say(`ready (${seconds()} s)`);
}

/**
 * @param {string} words
 * @param {import('./types.ts').Emulator} emulator
 */
function failure(words, { folder }) {
  return new Error(`${words}. ${consoleTail(folder)}`);
}

/**
 * Whether an SSH server greets at the port, within the time. The host says that it is up when sshd's first process has ended; the
 * one that stays binds its socket after that, on a loaded machine a second later, and until then connections are refused.
 * @param {number} port
 * @param {number} timeoutMs
 */
export async function greets(port, timeoutMs) {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (await greetsNow(port, end - performance.now())) return true;
    await sleep(Math.min(200, Math.max(0, end - performance.now())));
  }
  return false;
}

/**
 * @param {number} port
 * @param {number} timeoutMs
 * @returns {Promise<boolean>}
 */
function greetsNow(port, timeoutMs) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    /** @param {boolean} answer */
    const end = (answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, timeoutMs, false);
    socket.once('data', (bytes) => end(bytes.toString('latin1').startsWith('SSH-')));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

/** What an emulated x86 CPU's clock runs at, for it is this machine's; null where it cannot be told. */
function tscKhz() {
  if (process.arch !== 'x64' || !existsSync('/proc/cpuinfo')) return null;
  const bogomips = Number(/^bogomips\s*:\s*([\d.]+)/m.exec(read('/proc/cpuinfo'))?.[1]);
  return bogomips > 0 ? Math.round(bogomips * 500) : null;
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
