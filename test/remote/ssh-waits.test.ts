// Every wait for a host ends: by its deadline and by a cancel, at each step, directly and behind another host.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PinboardError } from '../../src/model/problem.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import type { Host } from '../../src/remote/host.ts';
import { openSsh } from '../../src/remote/ssh/open.ts';
import { varied } from '../support/long.ts';
import { waitFor } from '../support/processes.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { startStallingServer, STEPS, type StallingServer } from '../support/stalling-server.ts';
import { agentDir, person, problemOf } from './ssh-support.ts';

/** Far above what any of it takes, and far below what stands for ever. */
const BOUND_MS = 60_000;
/** In milliseconds; ConnectTimeout, in whole seconds, is of the one host, the others are of the hosts on the way, too. */
const SHORT = { connect: 2000, login: 2000, channel: 2000, answer: 2000 };
/** Of what comes before: while other tests wait beside this one, it takes what it takes. */
const LONG = { connect: 30_000, login: 30_000, channel: 30_000, answer: 30_000 };
/** Which of the waits each step is a part of. */
const WAIT_OF: Readonly<Record<(typeof STEPS)[number], keyof typeof SHORT>> = {
  ...{ greeting: 'connect', keys: 'connect', login: 'login' },
  ...{ channel: 'channel', exec: 'channel' },
  ...{ shell: 'answer', noise: 'answer', reading: 'answer' },
};
const SIDE_BY_SIDE = 6;

const LATE: Readonly<Record<(typeof STEPS)[number], RegExp>> = {
  greeting: /accepted the connection but did not speak SSH within 2 s/,
  keys: /sent its greeting but did not continue with the key exchange within 2 s/,
  login: /did not continue with the login within 2 s/,
  channel: /accepted the login but did not open a shell within 2 s/,
  exec: /accepted the login but did not open a shell within 2 s/,
  shell: /its shell did not respond within 2 s/,
  noise: /its shell did not respond within 2 s|printed more than \d+ MiB and no response/,
  reading: /stopped responding while its topology was being read/,
};

void describe('waits', { timeout: 400_000, concurrency: SIDE_BY_SIDE }, () => {
  let sshd: Sshd;
  before(async () => {
    sshd = await startSshd();
  });
  after(() => sshd.stop());

  /** One of its own for each test. */
  async function withServer(work: (server: StallingServer) => Promise<void>): Promise<void> {
    const server = await startStallingServer();
    try {
      await work(server);
    } finally {
      server.stop();
    }
  }

  const config = (server: StallingServer, way: 'direct' | 'jump', connectTimeout: number): string => {
    const path = join(sshd.dir, `waits-${way}-${server.port}`);
    const jump = way === 'jump' ? '  ProxyJump jump\n' : '';
    writeFileSync(path, `${server.configText}  ConnectTimeout ${connectTimeout}\n${jump}${sshd.configText('jump')}`);
    return path;
  };

  /** Connects, reads the machine and has the agent brought, to the first end. @returns its problem. */
  const problemAt = async (sshConfig: string, signal: AbortSignal, deadlines = {}): Promise<PinboardError> => {
    const start = performance.now();
    try {
      const transport = await openSsh({ target: 'stalling', sshConfig, prompter: person(), signal, deadlines });
      const host = connectHost(transport, { agentDir });
      try {
        await host.discover(signal);
      } finally {
        await host.close();
      }
    } catch (error) {
      assert.ok(performance.now() - start < BOUND_MS);
      if (error instanceof PinboardError) return error;
      throw error;
    }
    throw new Error('it came to no end');
  };

  // Behind another host all of a direct way is waited for as well.
  for (const way of varied<readonly ('direct' | 'jump')[]>(['jump'], ['direct', 'jump'])) {
    for (const step of STEPS) {
      void it(`ends at ${step}, ${way}, when it is late`, () =>
        withServer(async (server) => {
          server.stallAt(step);
          const wait = WAIT_OF[step];
          const { connect, ...deadlines } = { ...LONG, [wait]: SHORT[wait] };
          const file = config(server, way, connect / 1000);
          const problem = await problemAt(file, new AbortController().signal, deadlines);
          assert.match(problem.message, LATE[step]);
          assert.match(problem.code, /unreachable|unsupported/);
        }));

      void it(`ends at ${step}, ${way}, when it is cancelled`, () =>
        withServer(async (server) => {
          server.stallAt(step);
          const abort = new AbortController();
          void server.reached().then(() => abort.abort());
          assert.equal((await problemAt(config(server, way, 300), abort.signal)).code, 'cancelled');
        }));
    }
  }

  void it('ends where a host on the way opens no way onward, late and cancelled', () =>
    withServer(async (server) => {
      const path = join(sshd.dir, 'waits-tunnel');
      writeFileSync(
        path,
        `${server.configText}${sshd.configText('box', { ProxyJump: 'stalling', ConnectTimeout: '2' })}`,
      );
      const options = { target: 'box', sshConfig: path, prompter: person() };
      server.stallAt('tunnel');
      assert.match((await problemOf(openSsh(options))).message, /stalling did not reach 127.0.0.1:\d+ within 2 s/);
      const abort = new AbortController();
      server.stallAt('tunnel');
      void server.reached().then(() => abort.abort());
      assert.equal((await problemOf(openSsh({ ...options, signal: abort.signal }))).code, 'cancelled');
    }));

  void it('ends where the ssh program waits for what its configuration runs', async () => {
    const path = join(sshd.dir, 'waits-exec');
    const mark = join(sshd.dir, 'waits-exec-runs');
    writeFileSync(path, `Match exec "touch ${mark}; exec sleep 300"\n  Port 1\n`);
    const abort = new AbortController();
    const opening = openSsh({ target: 'box', sshConfig: path, prompter: person(), signal: abort.signal });
    opening.catch(() => undefined);
    await waitFor(() => existsSync(mark), { what: 'ssh to run the command' });
    abort.abort();
    assert.equal((await problemOf(opening)).code, 'cancelled');
  });

  void it('gives up on an agent whose shell is silent, by its deadline, by a cancel and when the host is closed', () =>
    withServer(async (server) => {
      const connect = async (answer: number): Promise<Host> => {
        server.stallAt(null);
        const sshConfig = config(server, 'direct', 20);
        const options = { target: 'stalling', sshConfig, prompter: person(), deadlines: { answer } };
        const host = connectHost(await openSsh(options), { agentDir });
        server.stallAt('shell');
        return host;
      };
      const late = await connect(SHORT.answer);
      await assert.rejects(late.startAgent(['identify']), { code: 'unreachable' });
      await late.close();
      const cut = await connect(BOUND_MS * 2);
      const abort = new AbortController();
      void server.reached().then(() => abort.abort());
      await assert.rejects(cut.startAgent(['identify'], abort.signal), { code: 'cancelled' });
      await cut.close();
      const closed = await connect(BOUND_MS * 2);
      const starting = closed.startAgent(['identify']);
      starting.catch(() => undefined);
      await server.reached();
      const start = performance.now();
      await closed.close();
      await assert.rejects(starting, { code: 'cancelled' });
      assert.ok(performance.now() - start < BOUND_MS);
    }));
});
