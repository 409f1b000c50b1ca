// Whatever is killed, on this machine or over SSH: no process of a run and no file is left, though both guards are killed at once.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { descendantsOf, processesWith, signal } from '../support/process-table.mjs';
import { watchScript } from '../../src/remote/scripts/deploy.ts';
import { newMark } from '../../src/remote/scripts/talk.ts';
import { bundled } from '../support/bundled.ts';
import { varied } from '../support/long.ts';
import { removeFolder, startProcess, temporaryFolder, waitFor, type StartedProcess } from '../support/processes.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { alive } from '../agent/process.ts';
import { configFile } from './ssh-support.ts';

/** Set for everything of a test, so that whatever it leaves is found. */
const MARK = 'NUMA_PINBOARD_TEST_WATCH';

const command = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

const killedClient = bundled(join(import.meta.dirname, 'killed-client.ts'));

interface Running {
  readonly client: StartedProcess;
  readonly programs: readonly number[];
  readonly sshd: Sshd | null;
  /** Guards and workers of the agent. */
  readonly agents: () => number[];
  /** The first shell of the watch. */
  readonly watch: () => number;
  readonly programsEnd: () => Promise<void>;
  readonly directoryGoes: () => Promise<unknown>;
  readonly nothingLeft: () => Promise<void>;
}

/** The client alone: `stop` would kill the watch with it, both shells at once. */
async function ends({ pid, ended }: StartedProcess): Promise<void> {
  signal(pid, 'SIGTERM');
  await ended;
}

/** Folders and processes of one test, so that several run side by side; what it leaves is found by the mark, and ended. */
async function withRun(where: Where, work: (running: Running) => Promise<void>): Promise<void> {
  const dir = temporaryFolder('guarded');
  const runtime = join(dir, 'runtime');
  mkdirSync(runtime, { mode: 0o700 });
  const environment = { XDG_RUNTIME_DIR: runtime, [MARK]: dir };
  const sshd = where === 'ssh' ? await startSshd({ environment }) : null;
  const marked = (): number[] => processesWith(MARK, dir);
  try {
    const file = join(dir, 'programs');
    const client = await startProcess(process.execPath, [await killedClient, sshd ? configFile(sshd) : 'local', file], {
      env: { ...process.env, ...environment },
    });
    const programs = await waitFor(
      () => {
        const pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/).map(Number) : [];
        return client.output().includes('started') && pids.length === 6 && pids;
      },
      { what: () => `the program to start: ${client.output()}` },
    );
    const programsEnd = async (): Promise<void> => {
      await waitFor(() => !programs.some(alive), {
        what: () => `these to end: ${programs.filter(alive).map(command).join(' | ')}; client: ${client.output()}`,
        timeoutMs: 120_000,
      });
    };
    const directoryGoes = (): Promise<unknown> =>
      waitFor(() => readdirSync(runtime).length === 0, { what: 'the directory to go' });
    await work({
      client,
      programs,
      sshd,
      agents: () => marked().filter((pid) => command(pid).includes('numa-agent')),
      watch: () => {
        const second = marked().find((pid) => command(pid).includes('numa-pinboard-watch')) ?? 0;
        return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${second}/status`, 'utf8'))?.[1]);
      },
      programsEnd,
      directoryGoes,
      nothingLeft: async () => {
        await programsEnd();
        await directoryGoes();
        const left = (): number[] => {
          const clients = [client.pid, ...descendantsOf(client.pid)];
          return marked().filter((pid) => !clients.includes(pid));
        };
        await waitFor(() => left().length === 0, { what: () => `these to end: ${left().map(command).join(' | ')}` });
      },
    });
  } finally {
    for (const pid of marked()) signal(pid, 'SIGKILL');
    await sshd?.stop();
    removeFolder(dir);
  }
}

type Where = 'local' | 'ssh';
const both: readonly Where[] = ['local', 'ssh'];
const onSsh = varied<readonly Where[]>(['ssh'], both);
const onLocal = varied<readonly Where[]>(['local'], both);

void describe('the watch over a connection', { timeout: 400_000, concurrency: 6 }, () => {
  for (const where of onSsh)
    void it(`${where}: the client is killed`, () =>
      withRun(where, async ({ client, nothingLeft }) => {
        signal(client.pid, 'SIGKILL');
        await nothingLeft();
      }));

  for (const where of both)
    void it(`${where}: client, guards and worker are killed at once`, () =>
      withRun(where, async ({ client, agents, nothingLeft }) => {
        for (const pid of [...agents(), client.pid]) signal(pid, 'SIGKILL');
        await nothingLeft();
      }));

  for (const where of onLocal)
    void it(`${where}: guards and worker are killed, and the client lives on`, () =>
      withRun(where, async ({ client, agents, programsEnd, nothingLeft }) => {
        for (const pid of agents()) signal(pid, 'SIGKILL');
        await waitFor(() => client.output().includes('ended'), { what: client.output });
        await programsEnd();
        await ends(client);
        await nothingLeft();
      }));

  for (const where of onSsh)
    void it(`${where}: the guards are stopped, and the client is killed`, () =>
      withRun(where, async ({ client, agents, nothingLeft }) => {
        for (const pid of agents()) signal(pid, 'SIGSTOP');
        signal(client.pid, 'SIGKILL');
        await nothingLeft();
      }));

  for (const where of onLocal)
    void it(`${where}: the shell that watches is killed`, () =>
      withRun(where, async ({ client, watch, programsEnd, directoryGoes, nothingLeft }) => {
        signal(watch(), 'SIGKILL');
        await programsEnd();
        await directoryGoes();
        await ends(client);
        await nothingLeft();
      }));

  void it('ssh: the sessions of the host are killed, and the guards with them', () =>
    withRun('ssh', async ({ client, agents, sshd, nothingLeft }) => {
      for (const pid of agents()) signal(pid, 'SIGKILL');
      sshd?.dropConnections();
      await ends(client);
      await nothingLeft();
    }));

  void it('a client that is silent too long counts as gone', async () => {
    const runtime = temporaryFolder('silent');
    const seal = 'f00d5ea1';
    const shell = spawn('/bin/sh', [], { stdio: 'pipe', env: { ...process.env, XDG_RUNTIME_DIR: runtime } });
    const sealed = spawn('sleep', ['1000'], { env: { ...process.env, NUMA_PINBOARD_SEAL: `${seal}-7-` } });
    try {
      shell.stdin.write(watchScript(newMark(), seal, 1));
      await waitFor(() => readdirSync(runtime).length === 1, { what: 'the directory' });
      await waitFor(() => readdirSync(runtime).length === 0, { what: 'the directory to go' });
      await waitFor(() => sealed.signalCode !== null, { what: 'what was sealed to end' });
      await waitFor(() => shell.exitCode !== null, { what: 'the shell to end' });
    } finally {
      shell.stdin.end();
      sealed.kill('SIGKILL');
      removeFolder(runtime);
    }
  });
});
