// Owns the processes that `npm test` starts: one at a time, each in a group of its own, none left when we end, however we end.
import { spawn } from 'node:child_process';
import { watchLimit } from './patience.mjs';
import { descendantsOf, signal, signalFamily } from '../../test/support/process-table.mjs';

const graceMs = 10_000;
/** @type {number | null} leader of the group that runs */
let current = null;

process.on('exit', () => {
  if (current !== null) signalFamily(current, [current, ...descendantsOf(current)], 'SIGKILL');
});
for (const [name, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.once(name, () => {
    // What runs gets the time to end what it started itself; a second signal ends us at once.
    process.once(name, () => process.exit(code));
    if (current === null) process.exit(code);
    void endFamily(current).then(() => process.exit(code));
  });
}

/**
 * Runs a command in `cwd` with our output and no input. Returns null when it ended well, else why not, in words.
 * `timeoutMs`: of an idle machine's time (patience.mjs).
 * @param {readonly [string, ...string[]]} command
 * @param {{ cwd: string, timeoutMs: number, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<string | null>}
 */
export async function run([command, ...args], { cwd, timeoutMs, env }) {
  // Who is killed cannot end anybody: what runs looks whether we are still there (test/support/processes.ts).
  const told = { ...(env ?? process.env), NUMA_PINBOARD_RUNNER: String(process.pid) };
  const child = spawn(command, args, { cwd, env: told, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  /** @type {Promise<string | null>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, name) => resolve(code === 0 ? null : name ? `ended by ${name}` : `exit code ${code}`));
  });
  const { pid } = child;
  if (pid === undefined) return ended;
  current = pid;
  /** @type {string | null} */
  let late = null;
  const stopWatching = watchLimit(timeoutMs, (minutes) => {
    late = `was ended after ${Math.round(minutes)} minutes; its limit is ${timeoutMs / 60_000} on an idle machine`;
    void endFamily(pid);
  });
  const why = await ended;
  stopWatching();
  // Strays that stayed in the group; the group's number is not given anew while one of them lives.
  signal(-pid, 'SIGKILL');
  current = null;
  return late ?? why;
}

/**
 * TERM, so that tests end what they started; then KILL for whoever is left.
 * @param {number} leader
 */
async function endFamily(leader) {
  const family = [leader, ...descendantsOf(leader)];
  signalFamily(leader, family, 'SIGTERM');
  const end = Date.now() + graceMs;
  while (Date.now() < end && family.some((pid) => signal(pid, 0))) await new Promise((go) => setTimeout(go, 100));
  signalFamily(leader, family, 'SIGKILL');
}
