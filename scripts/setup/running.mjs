// Owns the processes that `npm test` starts: each in a group of its own, none left when we end, however we end.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { watchLimit } from './patience.mjs';
import { descendantsOf, signal, signalFamily } from '../../test/support/process-table.mjs';

const graceMs = 10_000;
/** @type {Set<number>} leaders of the groups that run */
const leaders = new Set();

process.on('exit', () => {
  for (const leader of leaders) signalFamily(leader, [leader, ...descendantsOf(leader)], 'SIGKILL');
});
for (const [name, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.once(name, () => {
    // What runs gets the time to end what it started itself; a second signal ends us at once.
    process.once(name, () => process.exit(code));
    void Promise.all([...leaders].map(endFamily)).then(() => process.exit(code));
  });
}

/**
 * Runs a command in `cwd` without input. Returns null when it ended well, else why not, in words. `timeoutMs`: of an idle
 * machine's time (patience.mjs). `hear` takes its output line by line; without it, its output is ours.
 * @param {readonly [string, ...string[]]} command
 * @param {{ cwd: string, timeoutMs: number, env?: NodeJS.ProcessEnv, hear?: ((line: string) => void) | undefined }} options
 * @returns {Promise<string | null>}
 */
export async function run([command, ...args], { cwd, timeoutMs, env, hear }) {
  // Who is killed cannot end anybody: what runs looks whether we are still there (test/support/processes.ts).
  const told = { ...(env ?? process.env), NUMA_PINBOARD_RUNNER: String(process.pid) };
  const output = hear ? 'pipe' : 'inherit';
  // On Windows npm is a batch file.
  const shell = process.platform === 'win32' && command === 'npm';
  const child = spawn(command, args, { cwd, env: told, stdio: ['ignore', output, output], detached: true, shell });
  // What is left of its output when it has ended comes at once; a stray that holds the pipe open is not waited for.
  const heard = [child.stdout, child.stderr].flatMap((input) => {
    if (!input || !hear) return [];
    const lines = createInterface({ input }).on('line', hear);
    return [new Promise((resolve) => lines.once('close', resolve))];
  });
  /** @type {Promise<string | null>} */
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, name) => resolve(code === 0 ? null : name ? `ended by ${name}` : `exit code ${code}`));
  });
  const { pid } = child;
  if (pid === undefined) return ended;
  leaders.add(pid);
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
  leaders.delete(pid);
  await Promise.race([Promise.all(heard), new Promise((go) => setTimeout(go, 1000))]);
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
