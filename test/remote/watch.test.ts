// Whatever is killed, on this machine or over SSH: no process of a run and no file is left, though both guards are killed at once.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { descendantsOf, processesWith, signal } from '../support/process-table.mjs';
import { watchScript } from '../../src/remote/scripts/deploy.ts';
import { newMark } from '../../src/remote/scripts/talk.ts';
import { removeFolder, startProcess, temporaryFolder, waitFor, type StartedProcess } from '../support/processes.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { alive } from '../agent/process.ts';
import { configFile } from './ssh-support.ts';

/** Set for everything of a test, so that whatever it leaves is found. */
const MARK = 'NUMA_PINBOARD_TEST_WATCH';

void describe('the watch over a connection', { timeout: 400_000 }, () => {
  let dir = '';
  let runtime = '';
  let sshd: Sshd;
  before(async () => {
    dir = temporaryFolder('guarded');
    runtime = join(dir, 'runtime');
    mkdirSync(runtime, { mode: 0o700 });
    sshd = await startSshd({ environment: { XDG_RUNTIME_DIR: runtime, [MARK]: dir } });
  });
  after(async () => {
    for (const pid of processesWith(MARK, dir)) signal(pid, 'SIGKILL');
    await sshd.stop();
    removeFolder(dir);
  });

  interface Running {
    readonly client: StartedProcess;
    readonly programs: number[];
    /** Guards and workers of the agent. */
    readonly agents: () => number[];
    /** The first shell of the watch. */
    readonly watch: () => number;
  }

  async function start(name: string, where: 'local' | 'ssh'): Promise<Running> {
    const file = join(dir, name);
    const client = await startProcess(
      process.execPath,
      [
        ...['--import', 'tsx', join(import.meta.dirname, 'killed-client.ts')],
        where === 'local' ? 'local' : configFile(sshd),
        file,
      ],
      { env: { ...process.env, XDG_RUNTIME_DIR: runtime, [MARK]: dir } },
    );
    const programs = await waitFor(
      () => {
        const pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/).map(Number) : [];
        return client.output().includes('started') && pids.length === 6 && pids;
      },
      { what: () => `the program to start: ${client.output()}` },
    );
    const agents = (): number[] => processesWith(MARK, dir).filter((pid) => command(pid).includes('numa-agent'));
    const watch = (): number => {
      const second = processesWith(MARK, dir).find((pid) => command(pid).includes('numa-pinboard-watch')) ?? 0;
      return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${second}/status`, 'utf8'))?.[1]);
    };
    return { client, programs, agents, watch };
  }

  const command = (pid: number): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  };

  async function nothingLeft({ client, programs }: Running): Promise<void> {
    await waitFor(() => !programs.some(alive), { what: () => `the programs to end: ${client.output()}` });
    await waitFor(() => readdirSync(runtime).length === 0, { what: 'the directory to go' });
    const left = (): number[] => processesWith(MARK, dir).filter((pid) => pid !== client.pid);
    await waitFor(() => left().filter((pid) => !descendantsOf(client.pid).includes(pid)).length === 0, {
      what: () => `these to end: ${left().map(command).join(' | ')}`,
    });
  }

  for (const where of ['local', 'ssh'] as const) {
    void it(`${where}: the client is killed`, async () => {
      const running = await start(`${where}-client`, where);
      signal(running.client.pid, 'SIGKILL');
      await nothingLeft(running);
    });

    void it(`${where}: client, guards and worker are killed at once`, async () => {
      const running = await start(`${where}-all`, where);
      for (const pid of [...running.agents(), running.client.pid]) signal(pid, 'SIGKILL');
      await nothingLeft(running);
    });

    void it(`${where}: guards and worker are killed, and the client lives on`, async () => {
      const running = await start(`${where}-guards`, where);
      for (const pid of running.agents()) signal(pid, 'SIGKILL');
      await waitFor(() => running.client.output().includes('ended'), { what: running.client.output });
      await waitFor(() => !running.programs.some(alive), {
        what: () => `the programs to end: ${running.programs.filter(alive).map(command).join(' | ')}`,
        timeoutMs: 30_000,
      });
      await running.client.stop();
      await nothingLeft(running);
    });

    void it(`${where}: the guards are stopped, and the client is killed`, async () => {
      const running = await start(`${where}-stopped`, where);
      for (const pid of running.agents()) signal(pid, 'SIGSTOP');
      signal(running.client.pid, 'SIGKILL');
      await nothingLeft(running);
    });

    void it(`${where}: the shell that watches is killed`, async () => {
      const running = await start(`${where}-shell`, where);
      signal(running.watch(), 'SIGKILL');
      await waitFor(() => !running.programs.some(alive), {
        what: () => `the programs to end: ${running.programs.filter(alive).map(command).join(' | ')}`,
        timeoutMs: 30_000,
      });
      await waitFor(() => readdirSync(runtime).length === 0, { what: 'the directory to go' });
      await running.client.stop();
      await nothingLeft(running);
    });
  }

  void it('ssh: the sessions of the host are killed, and the guards with them', async () => {
    const running = await start('sessions', 'ssh');
    for (const pid of running.agents()) signal(pid, 'SIGKILL');
    sshd.dropConnections();
    await running.client.stop();
    await nothingLeft(running);
  });

  void it('a client that is silent too long counts as gone', async () => {
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
    }
  });
});
