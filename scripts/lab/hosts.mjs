// Owns the hosts that outlive the command that booted them: one folder each, with its state in a file; the ssh config that
// lists those that run; and their end.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signal } from '../../test/support/process-table.mjs';
import { codeOf } from '../setup/problems.mjs';
import { boot } from './boot.mjs';
import { ensureImage } from './build.mjs';
import { labKeys } from './keys.mjs';
import { folderIn, labFolder } from './places.mjs';
import { showToProduct, writeSshConfig } from './ssh-config.mjs';

const stateFile = 'state.json';
/** Which process is booting the host. */
const claimFile = 'claim.json';

export const sshConfigPath = () => join(labFolder(), 'ssh_config');

/** @returns {import('./types.ts').HostState[]} those that run, by alias; what dead ones left is removed */
export function runningHosts() {
  const folder = folderIn('hosts');
  return readdirSync(folder)
    .sort()
    .flatMap((alias) => {
      const state = stateOf(join(folder, alias));
      // Without a state it is being made, by somebody who knows what to do with it.
      if (state === null) return [];
      if (isRunning(state)) return [state];
      // Between two tries of a boot (boot.mjs) the first emulator is dead, and the folder is not.
      if (!state.ready && isBeingBooted(join(folder, alias))) return [];
      rmSync(join(folder, alias), { recursive: true, force: true });
      return [];
    });
}

/**
 * Boots a shape to stay, under `alias`; returns the one that runs if there is one.
 * @param {import('./types.ts').Shape} shape
 * @param {Pick<import('./types.ts').BootOptions, 'port' | 'say' | 'timeoutMs' | 'signal'> & { alias: string }} options
 * @returns {Promise<import('./types.ts').HostState & { already?: boolean }>}
 */
export async function startHost(shape, { alias, port, say, timeoutMs, signal: cancelled }) {
  const running = runningHosts().find((host) => host.alias === alias);
  if (running && !running.ready && isBeingBooted(join(folderIn('hosts'), alias))) throw beingBooted(alias);
  if (running) return { ...running, already: true };
  const image = await ensureImage(shape.architecture, say);
  const folder = join(folderIn('hosts'), alias);
  claim(folder, alias);
  /** @type {(emulator: import('./types.ts').Emulator, more: { ready: boolean }) => import('./types.ts').HostState} */
  const note = (emulator, more) => {
    const { pid } = emulator;
    const state = {
      alias,
      shape: shape.name,
      title: shape.title,
      pid,
      started: startOf(pid),
      port: emulator.port,
      ...more,
    };
    const draft = join(folder, `${stateFile}.${process.pid}`);
    writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`);
    renameSync(draft, join(folder, stateFile));
    return state;
  };
  try {
    say(`booting ${shape.title}`);
    const emulator = await boot(shape, {
      ...{ image, folder, hostName: alias, port, say, timeoutMs, signal: cancelled, tied: false },
      started: (one) => note(one, { ready: false }),
    });
    const state = note(emulator, { ready: true });
    emulator.release();
    listHosts();
    return state;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Ends a host and forgets it.
 * @param {import('./types.ts').HostState} state
 */
export async function stopHost(state) {
  for (const name of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    if (!isRunning(state)) break;
    signal(state.pid, name);
    for (let tries = 0; tries < 50 && isRunning(state); tries++) await sleep(100);
  }
  rmSync(join(folderIn('hosts'), state.alias), { recursive: true, force: true });
  listHosts();
}

/** Writes the ssh config anew for what runs now, and has the product find it. */
export function listHosts() {
  const hosts = runningHosts().filter(({ ready }) => ready);
  const config = writeSshConfig(
    folderIn(),
    hosts,
    labKeys(() => undefined),
  );
  showToProduct(config, hosts.length > 0);
}

/**
 * Takes the folder of an alias for this process. It appears with its owner's name in it, in one step: of two commands at the
 * same instant one has it, and neither takes the other's for a leftover.
 * @param {string} folder
 * @param {string} alias
 */
function claim(folder, alias) {
  // No alias begins with a dot.
  const draft = join(dirname(folder), `.claim-${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(join(draft, claimFile), JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  try {
    for (let tries = 2; ; tries--) {
      try {
        renameSync(draft, folder);
        return;
      } catch (error) {
        if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
        const owned = existsSync(join(folder, stateFile)) || isBeingBooted(folder);
        if (owned || tries <= 1) throw beingBooted(alias, error);
        // Whoever made it was killed before there was a host.
        rmSync(folder, { recursive: true, force: true });
      }
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Whether the command that took the folder is still there; it ends when its host is up.
 * @param {string} folder
 */
function isBeingBooted(folder) {
  const owner = stateOf(folder, claimFile);
  return owner !== null && isRunning(owner);
}

/**
 * @param {string} alias
 * @param {unknown} [cause]
 */
function beingBooted(alias, cause) {
  return new Error(`${alias} is being booted by another command`, { cause });
}

/**
 * @param {string} folder
 * @returns {import('./types.ts').HostState | null}
 */
function stateOf(folder, name = stateFile) {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8'));
  } catch {
    return null;
  }
}

/**
 * The number of a process may be another's by now: its start tells.
 * @param {Pick<import('./types.ts').HostState, 'pid' | 'started'>} state
 */
function isRunning({ pid, started }) {
  return started !== null && startOf(pid) === started;
}

/** @param {number} pid */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
