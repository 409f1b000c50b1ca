// A board over a real ssh connection that really breaks: the server's side is killed, and frozen, in the middle of a run.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import type { Topology } from '../../src/model/topology/topology.ts';
import { BoardSession } from '../../src/remote/board/session.ts';
import { connectHost } from '../../src/remote/connect/connect.ts';
import { openSsh } from '../../src/remote/ssh/open.ts';
import { waitFor } from '../support/processes.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { endlessWork, hasCode, shortWork } from './measuring.ts';

const agentDir = fileURLToPath(new URL('../../dist/agent', import.meta.url));

describe('BoardSession over ssh', { timeout: 300_000 }, () => {
  let sshd: Sshd;
  let session: BoardSession;

  before(async () => {
    assert.ok(existsSync(agentDir), 'node scripts/build-agent.mjs');
    sshd = await startSshd();
    const sshConfig = join(sshd.dir, 'ssh_config');
    writeFileSync(sshConfig, sshd.configText('lab'));
    writeFileSync(sshd.knownHostsPath, '');
    session = new BoardSession({
      connector: async (target, prompter, onStep, signal) =>
        connectHost(await openSsh({ target: target ?? '', sshConfig, prompter, onStep, signal }), { agentDir }),
      listHosts: () => ['lab'],
      exporter: () => Promise.reject(new Error('not asked for')),
      samplingMs: 100,
    });
  });
  after(async () => {
    await session.dispose();
    await sshd.stop();
  });

  const machine = (): Topology | null => session.board.topology;
  const points = (): number => session.board.running?.points.flat().length ?? 0;

  async function answer(value: string | null): Promise<void> {
    const question = await waitFor(() => session.board.question, { what: 'the question' });
    assert.equal(question.kind, 'host-key');
    assert.ok(question.detail.includes(sshd.hostFingerprint));
    session.answer(question.id, value);
  }

  it('asks about the host key on the board, and goes no further without an answer', async () => {
    const declined = session.connect('lab');
    declined.catch(() => undefined);
    await answer(null);
    await assert.rejects(declined, hasCode('cancelled'));
    assert.equal(session.board.connection.state, 'none');
    assert.equal(machine(), null);

    const connecting = session.connect('lab');
    await answer('yes');
    await connecting;
    assert.equal(session.board.connection.state, 'connected');
    assert.deepEqual(session.board.host, { name: 'lab', transport: 'ssh' });
    assert.equal(session.board.measuring, null);
    const usable =
      machine()
        ?.cpus.filter((cpu) => cpu.allowed)
        .map((cpu) => cpu.id) ?? [];
    session.tokens.place('producer', [usable[0] ?? 0]);
    session.tokens.place('consumer', [usable[1] ?? 1]);
  });

  it('keeps the run and the picture when the connection breaks, and comes back to them', async () => {
    session.tokens.configure(endlessWork);
    const running = session.run();
    await waitFor(() => points() >= 3, { what: 'the third figure' });
    const { topology, placement } = session.board;
    sshd.dropConnections();
    const { run } = await running;
    await waitFor(() => session.board.connection.state === 'lost', { what: 'the loss' });
    const snapshot = session.findRun(run);
    assert.ok(snapshot.partial);
    assert.ok((snapshot.results[0]?.repetitions.length ?? 0) >= 1);
    assert.deepEqual([session.board.topology, session.board.placement], [topology, placement]);
    assert.equal(session.board.running, null);
    // Nothing outlives the connection: the guard's stdin has ended.
    await waitFor(() => sshd.remoteProcesses().length === 0, { what: 'the host to be clear' });

    await session.connect('lab');
    session.tokens.configure(shortWork);
    const again = session.findRun((await session.run()).run);
    assert.equal(again.partial, null);
    assert.match(again.repeat, / --host lab$/);
    assert.deepEqual(
      session.board.runs.map((one) => one.id),
      [again.id, run],
    );
  });

  it('lets go of a host that has frozen', async () => {
    session.tokens.configure(endlessWork);
    const control = new AbortController();
    const running = session.run(control.signal);
    await waitFor(() => points() >= 2, { what: 'the second figure' });
    sshd.freeze(true);
    try {
      control.abort();
      const { run } = await running;
      assert.match(session.findRun(run).partial ?? '', /cancelled/);
    } finally {
      sshd.freeze(false);
    }
    await session.disconnect();
    await waitFor(() => sshd.remoteProcesses().length === 0, { what: 'the host to be clear' });
  });
});
