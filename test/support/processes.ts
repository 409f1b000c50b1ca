// Owns every process and folder that a test starts: nothing of them outlives the test's own process, however it ends.
// Processes lead a group of their own, so that killing one takes what it started; what left the group is found in /proc.
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf, signal, signalFamily } from './process-table.mjs';

export interface StartedProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it printed so far, stdout and stderr in the order they came. */
  output(): string;
  running(): boolean;
  /** Settles when the process has ended, never rejects. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** TERM to it and all it started, KILL to what is left after `graceMs` (default 5 s). */
  stop(graceMs?: number): Promise<void>;
}

const started = new Set<number>();
const folders = new Set<string>();
const lastActs: (() => void)[] = [];
let guarded = false;

/** Runs `command` (no shell) in a process group of its own, tracked until it ends. Output is kept unless `stdio` says else. */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<StartedProcess> {
  guardExit();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true });
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      resolve(child.pid ?? 0);
    });
  });
  started.add(pid);
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      started.delete(pid);
      const settle = (): void => {
        resolve({ code, signal });
      };
      // Its last words may still be in the pipe; one that a grandchild holds open is not waited for.
      child.once('close', settle);
      setTimeout(settle, 500).unref();
    });
  });
  const stop = async (graceMs = 5000): Promise<void> => {
    // Looked up first: children that made a session of their own cannot be found once their parent is gone.
    const family = [pid, ...descendantsOf(pid)];
    signalFamily(pid, family, 'SIGTERM');
    const grace = new AbortController();
    await Promise.race([ended, sleep(graceMs, undefined, { signal: grace.signal }).catch(() => undefined)]);
    grace.abort();
    signalFamily(pid, family, 'SIGKILL');
    await ended;
  };
  return { pid, child, output: () => output, running, ended, stop };
}

/** Waits for a state, not a time: returns the first truthy answer; fails with `what` in words after `timeoutMs`. */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: { what: string | (() => string); timeoutMs?: number; everyMs?: number },
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const timeoutMs = options.timeoutMs ?? 120_000;
  const begin = performance.now();
  for (;;) {
    const answer = await condition();
    if (answer) return answer as Exclude<T, false | null | undefined | 0 | ''>;
    const waited = performance.now() - begin;
    if (waited > timeoutMs) {
      const what = typeof options.what === 'string' ? options.what : options.what();
      throw new Error(`waited ${String(timeoutMs)} ms in vain for ${what}`);
    }
    // The longer it takes, the less often: each look takes from the CPUs what the awaited thing may need.
    await sleep(options.everyMs ?? Math.min(100, 25 + waited / 10));
  }
}

/** Tries a start once more when it fails, and says so: for starting things on a loaded machine, never for what is asserted. */
export async function twice<T>(what: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    process.stderr.write(`${what} did not start, trying once more: ${String(error)}\n`);
    return start();
  }
}

/** A port of 127.0.0.1 that was free a moment ago; whoever binds it must be ready to try another. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** A private folder (mode 700) that is removed when this process ends. */
export function temporaryFolder(name: string): string {
  guardExit();
  const folder = mkdtempSync(join(tmpdir(), `numa-pinboard-${name}-`));
  folders.add(folder);
  return folder;
}

/** Removes a folder of `temporaryFolder` before the process ends. */
export function removeFolder(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Runs `act` (synchronous) after everything started here was killed, when this process ends. */
export function whenThisEnds(act: () => void): void {
  guardExit();
  lastActs.push(act);
}

function guardExit(): void {
  if (guarded) return;
  guarded = true;
  process.once('exit', () => {
    for (const pid of started) signalFamily(pid, [pid, ...descendantsOf(pid)], 'SIGKILL');
    for (const act of lastActs) act();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  // `npm test` that was killed ends nobody: then we end ourselves, and with us what was started here.
  const runner = Number(process.env['NUMA_PINBOARD_RUNNER']);
  if (runner > 0) setInterval(() => signal(runner, 0) || process.exit(1), 1000).unref();
  // Without a listener a signal ends the process without 'exit', and the children would stay.
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(name, () => process.exit(code));
  }
}
