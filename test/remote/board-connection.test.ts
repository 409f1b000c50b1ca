// Which host a board is at: attempts, questions, switches that are refused or fail, losses. Hosts are this machine with the real agent.
import assert from 'node:assert/strict';
import { after, afterEach, describe, it } from 'node:test';
import { PinboardError } from '../../src/model/problem.ts';
import type { Run } from '../../src/model/run/run.ts';
import type { Connector } from '../../src/remote/board/connection.ts';
import type { BoardSession } from '../../src/remote/board/session.ts';
import type { Host } from '../../src/remote/host.ts';
import { RunStore } from '../../src/remote/store/run-store.ts';
import { temporaryFolder, waitFor } from '../support/processes.ts';
import { endSessions, newSession, openPage, placed, points } from './boards.ts';
import type { TestPage } from './boards.ts';
import { endlessWork, hasCode, localHost, losable, processesNamed, twoCpus, variant } from './measuring.ts';

/** This machine, as if it had been reached over ssh under that name. */
function namedHost(name: string): Host {
  const host = localHost();
  return variant(host, { transport: { ...host.transport, kind: 'ssh', name } });
}

describe('The connection of a board', { timeout: 300_000 }, () => {
  afterEach(endSessions);
  after(() => assert.deepEqual(processesNamed('numa-agent'), []));

  it('leaves alone what was connected to while the connection before was still closing', async () => {
    const session = newSession();
    let closed = (): void => undefined;
    const closing = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const [slow, next] = [localHost(), localHost()];
    const [cpu] = await twoCpus(next);
    const close = async (): Promise<void> => {
      await closing;
      await slow.close();
    };
    await session.useHost(variant(slow, { close }));
    const leaving = session.disconnect();
    await waitFor(() => session.board.connection.state === 'none', { what: 'the board without a host' });
    await session.useHost(next);
    session.tokens.place('producer', [cpu]);
    closed();
    await leaving;
    assert.equal(session.board.connection.state, 'connected');
    assert.deepEqual(session.board.placement['producer'], [cpu]);
  });

  it('asks on the board what only a person can decide', async () => {
    const session = newSession({
      connector: async (target, prompter, onStep) => {
        onStep('Checking the host key');
        if (!(await prompter.confirmHostKey({ host: target ?? '', keyType: 'ssh-ed25519', fingerprint: 'SHA256:abc' })))
          throw new PinboardError('host-key-unknown', 'Its key was not agreed to.');
        const secret = await prompter.secret({ title: 'Passphrase\u202e', detail: 'of a key\nof yours' });
        if (secret !== 'open sesame') throw new PinboardError('login-refused', 'It was the wrong one.');
        return localHost();
      },
    });
    const page = await openPage(session);
    const other = await openPage(session);
    const asked = async (kind: string): Promise<string> => {
      const question = await waitFor(() => (other.board().question?.kind === kind ? other.board().question : null), {
        what: kind,
      });
      assert.doesNotMatch(question.title, /\u202e/);
      return question.id;
    };
    const answer = async (kind: string, value: string | null): Promise<unknown> =>
      other.client.request('answer', { question: await asked(kind), value });

    const declined = page.client.request('connect', { target: 'alpha' });
    declined.catch(() => undefined);
    await answer('host-key', null);
    await assert.rejects(declined, hasCode('cancelled'));
    assert.equal(page.board().connection.state, 'none');
    assert.equal(page.board().host, null);
    assert.equal(page.board().question, null);

    const wrong = page.client.request('connect', { target: 'alpha' });
    wrong.catch(() => undefined);
    await answer('host-key', 'yes');
    await answer('secret', 'guess');
    await assert.rejects(wrong, hasCode('login-refused'));
    assert.equal(page.board().connection.problem?.code, 'login-refused');

    const back = page.client.request('connect', { target: 'alpha' });
    back.catch(() => undefined);
    await answer('host-key', 'yes');
    await answer('secret', null);
    await assert.rejects(back, hasCode('cancelled'));
    assert.equal(page.board().connection.state, 'none', 'who goes back at a question is told of no failure');

    const control = new AbortController();
    const cancelled = page.client.request('connect', { target: 'alpha' }, control.signal);
    cancelled.catch(() => undefined);
    await asked('host-key');
    control.abort();
    await assert.rejects(cancelled, hasCode('cancelled'));
    assert.equal(session.board.question, null);
    assert.equal(session.board.connection.state, 'none');

    const right = page.client.request('connect', { target: 'alpha' });
    await answer('host-key', 'yes');
    await answer('secret', 'open sesame');
    await right;
    assert.equal(page.board().connection.state, 'connected');
    assert.doesNotMatch(JSON.stringify([...page.events, ...other.events]), /open sesame/);
  });

  it('follows the last of several attempts to connect', async () => {
    const slow: (() => void)[] = [];
    const session = newSession({
      connector: async (target, _prompter, _onStep, signal) => {
        if (target === 'alpha') await new Promise<void>((resolve) => slow.push(resolve));
        if (signal.aborted) throw new Error('too late');
        return localHost();
      },
    });
    const first = session.connect('alpha');
    first.catch(() => undefined);
    await waitFor(() => slow.length === 1, { what: 'the first attempt' });
    const second = session.connect('beta');
    slow[0]?.();
    await assert.rejects(first, hasCode('cancelled'));
    await second;
    assert.equal(session.board.connection.state, 'connected');
    assert.ok(session.board.topology);
  });

  it('keeps the last picture and the run when the connection is lost, and comes back', async () => {
    const first = losable(localHost());
    const hosts = [first.host, localHost()];
    const session = newSession({ connector: () => Promise.resolve(hosts.shift() ?? localHost()) });
    await session.connect('alpha');
    const page = await openPage(session);
    const [producer, consumer] = await twoCpus(first.host);
    session.tokens.place('producer', [producer]);
    session.tokens.place('consumer', [consumer]);
    session.tokens.configure(endlessWork);
    const running = session.run();
    await waitFor(() => points(page.board()) >= 3, { what: 'the third figure' });
    const { placement, topology } = page.board();
    first.lose();
    const { run } = await running;
    await waitFor(() => page.board().connection.state === 'lost', { what: 'the loss' });
    assert.equal(page.board().connection.problem?.code, 'connection-lost');
    assert.match(session.findRun(run).partial ?? '', /connection was lost/);
    assert.deepEqual([page.board().placement, page.board().topology], [placement, topology]);
    await assert.rejects(page.client.request('run', {}), hasCode('not-connected'));
    await session.connect('alpha');
    assert.equal(page.board().connection.state, 'connected');
    assert.deepEqual(page.board().placement, placement);
  });

  /** Hosts by name; a test decides when each answers. */
  function doors(): {
    connector: Connector;
    opened: string[];
    open: (target: string) => Host;
    fail: (target: string, error: PinboardError) => void;
  } {
    const waiting = new Map<string, { resolve: (host: Host) => void; reject: (error: Error) => void }>();
    const opened: string[] = [];
    const take = (target: string): { resolve: (host: Host) => void; reject: (error: Error) => void } => {
      const door = waiting.get(target);
      assert.ok(door, `nobody waits for ${target}`);
      waiting.delete(target);
      return door;
    };
    return {
      opened,
      connector: (target) => {
        opened.push(target ?? 'this machine');
        return new Promise<Host>((resolve, reject) => waiting.set(target ?? 'this machine', { resolve, reject }));
      },
      open: (target) => {
        const host = namedHost(target);
        take(target).resolve(host);
        return host;
      },
      fail: (target, error) => take(target).reject(error),
    };
  }

  /** Connected to alpha. */
  async function atAlpha(): Promise<{ session: BoardSession; door: ReturnType<typeof doors>; page: TestPage }> {
    const door = doors();
    const session = newSession({ connector: door.connector });
    const page = await openPage(session);
    const connecting = session.connect('alpha');
    door.open('alpha');
    await connecting;
    return { session, door, page };
  }

  const stands = ({ board }: BoardSession): string => {
    const { host, connection, topology } = board;
    const next = connection.next ? `, next ${connection.next.name}` : '';
    return `${connection.state} ${host?.name ?? '-'} ${topology ? 'drawn' : 'empty'}${next}`;
  };

  it('keeps the host that answers until the other one stands', async () => {
    const { session, door, page } = await atAlpha();
    const states = new Set<string>();
    session.onChange(() => states.add(stands(session)));
    const failing = session.connect('beta');
    assert.equal(stands(session), 'connected alpha drawn, next beta');
    door.fail('beta', new PinboardError('unreachable', 'Nobody there.'));
    await assert.rejects(failing, hasCode('unreachable'));
    assert.equal(stands(session), 'connected alpha drawn');
    assert.equal(page.board().connection.problem, null);

    const switching = session.connect('beta');
    door.open('beta');
    await switching;
    assert.equal(stands(session), 'connected beta drawn');
    const never = [...states].filter((one) => !one.startsWith('connected '));
    assert.deepEqual(never, [], 'there was always a host');
  });

  it('stays where it is when that is asked for once more, in the middle of a run too', async () => {
    const { session, door } = await atAlpha();
    await session.connect('alpha');
    assert.deepEqual(door.opened, ['alpha']);
    const away = session.connect('beta');
    away.catch(() => undefined);
    await session.connect('alpha');
    assert.equal(stands(session), 'connected alpha drawn');
    door.fail('beta', new PinboardError('unreachable', 'Too late.'));
    await assert.rejects(away, hasCode('cancelled'));
    assert.equal(stands(session), 'connected alpha drawn');
  });

  it('refuses to leave a host that is measured, also when the run began later', async () => {
    const { session, door } = await atAlpha();
    const look = localHost();
    const [producer, consumer] = await twoCpus(look);
    await look.close();
    session.tokens.place('producer', [producer]);
    session.tokens.place('consumer', [consumer]);
    session.tokens.configure(endlessWork);
    const early = session.connect('beta');
    early.catch(() => undefined);
    const running = session.run();
    await waitFor(() => points(session.board) >= 1, { what: 'the first figure' });
    door.open('beta');
    await assert.rejects(early, hasCode('busy'));
    await assert.rejects(session.connect('beta'), hasCode('busy'));
    await session.connect('alpha');
    assert.deepEqual(door.opened, ['alpha', 'beta']);
    assert.equal(stands(session), 'connected alpha drawn');
    assert.deepEqual(session.standing.held?.at.target, 'alpha');
    await session.cancelRun();
    await running;
  });

  it('is left alone by a second click on the host that is connected to', async () => {
    const door = doors();
    const session = newSession({ connector: door.connector });
    const clicks = [session.connect('alpha'), session.connect('alpha')];
    door.open('alpha');
    await Promise.all(clicks);
    assert.deepEqual(door.opened, ['alpha']);
  });

  it('takes the last of two clicks on two hosts, and says nothing of the first', async () => {
    const door = doors();
    const session = newSession({ connector: door.connector });
    const states: string[] = [];
    session.onChange(({ connection }) => connection && states.push(connection.state));
    const [one, two] = [session.connect('alpha'), session.connect(null)];
    one.catch(() => undefined);
    door.open('this machine');
    await two;
    const late = door.open('alpha');
    await assert.rejects(one, hasCode('cancelled'));
    await assert.rejects(
      late.startAgent(['identify']),
      hasCode('connection-lost'),
      'a host that comes too late is closed',
    );
    assert.equal(session.board.connection.state, 'connected');
    assert.equal(session.standing.held?.at.target, null);
    assert.ok(states.every((state) => state === 'connecting' || state === 'connected'));
  });

  it('leaves nothing behind when it is ended while connecting', async () => {
    const { session, door } = await atAlpha();
    const away = session.connect('beta');
    away.catch(() => undefined);
    await session.disconnect();
    assert.equal(stands(session), 'none - empty');
    const late = door.open('beta');
    await assert.rejects(away, hasCode('cancelled'));
    await assert.rejects(late.startAgent(['identify']), hasCode('connection-lost'));
    assert.equal(stands(session), 'none - empty');
  });

  it('gives up when nobody wants it any more, at once and with what was shown before', async () => {
    const lost = losable(namedHost('alpha'));
    const door = doors();
    const session = newSession({
      connector: (...asked) => (asked[0] === 'alpha' ? Promise.resolve(lost.host) : door.connector(...asked)),
    });
    await session.connect('alpha');
    lost.lose();
    await waitFor(() => session.board.connection.state === 'lost', { what: 'the loss' });
    const away = session.connect('beta');
    away.catch(() => undefined);
    assert.equal(stands(session), 'connecting beta empty');
    session.stay();
    assert.equal(stands(session), 'lost alpha drawn');
    door.fail('beta', new PinboardError('unreachable', 'Too late.'));
    await assert.rejects(away, hasCode('cancelled'));
    assert.equal(stands(session), 'lost alpha drawn');
  });

  it('withdraws a question when its host has hung up', async () => {
    let hangUp: (error: PinboardError) => void = () => undefined;
    const session = newSession({
      connector: (_target, prompter) => {
        void prompter.secret({ title: 'Password', detail: '' });
        return new Promise((_, reject) => (hangUp = reject));
      },
    });
    const connecting = session.connect('alpha');
    connecting.catch(() => undefined);
    await waitFor(() => session.board.question, { what: 'the question' });
    hangUp(new PinboardError('unreachable', 'The host hung up.'));
    await assert.rejects(connecting, hasCode('unreachable'));
    assert.equal(session.board.question, null);
    assert.equal(session.board.connection.state, 'failed');
  });

  it('brings the stored runs of a host, however it is connected', async () => {
    const { session } = await placed();
    const own = session.findRun((await session.run()).run);
    const of = (name: string): Run => ({ ...own, id: `of-${name}`, host: { name, transport: 'ssh' } });
    const store = new RunStore(temporaryFolder('runs'));
    for (const name of ['alpha', 'beta']) await store.write(of(name));
    const later = newSession({ connector: (target) => Promise.resolve(namedHost(target ?? '')), store });
    for (const name of ['alpha', 'beta', 'alpha']) {
      await later.connect(name);
      assert.deepEqual(
        later.board.runs.map(({ id }) => id),
        [`of-${name}`],
      );
    }
  });
});
