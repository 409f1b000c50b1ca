// A board with this machine: pages, tokens, runs, live figures; faults are real or at the seam.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { DEFAULT_MEMORY_WORKLOAD } from '../../src/model/bench/memory/workload.ts';
import { separationLimits } from '../../src/model/bench/separation/thresholds.ts';
import { DEFAULT_SEPARATION_WORKLOAD } from '../../src/model/bench/separation/workload.ts';
import { attachPage } from '../../src/remote/board/attach.ts';
import type { HostEvent } from '../../src/protocol/messages.ts';
import { MAX_FILE, MAX_PIECE, MESSAGES_VERSION } from '../../src/protocol/messages.ts';
import type { ToPage } from '../../src/protocol/messages.ts';
import { createClient } from '../../src/protocol/client.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { hostFromRun, hostFromTopology } from '../../src/remote/recorded/dump-host.ts';
import { RunStore } from '../../src/remote/store/run-store.ts';
import { temporaryFolder, waitFor } from '../support/processes.ts';
import { endSessions, newSession, openPage, placed, points, written } from './boards.ts';
import {
  endlessWork,
  hasCode,
  killAgent,
  localHost,
  nothingRuns,
  processesNamed,
  shortWork,
  withoutAgent,
} from './measuring.ts';

describe('BoardSession', { timeout: 300_000 }, () => {
  afterEach(endSessions);
  after(() => assert.deepEqual(processesNamed('numa-agent'), []));

  it('gives a page the whole board, and refuses one of another version', async () => {
    const session = newSession();
    const page = await openPage(session);
    assert.equal(page.board().connection.state, 'none');
    await waitFor(() => page.board().hosts.length === 2, { what: 'the hosts' });
    const wrong = createClient(
      (message) => attachPage(session, (answer) => wrong.receive(answer)).receive(message),
      () => undefined,
    );
    await assert.rejects(wrong.request('open', { version: 99 }), hasCode('version'));
    await assert.rejects(page.client.request('run', {}), hasCode('not-connected'));
    await assert.rejects(page.client.request('place', { slot: 'producer', on: [0] }), hasCode('not-connected'));
    await assert.rejects(page.client.request('export', { run: 'none' }), hasCode('not-found'));
    await assert.rejects(page.client.request('baseline', { run: 'none' }), hasCode('not-found'));
    await assert.rejects(page.client.request('answer', { question: 'none', value: 'yes' }), hasCode('not-found'));
  });

  it('tells every page what changes, in the order it changed', async () => {
    const session = newSession();
    await session.useHost(localHost());
    const received: ToPage[] = [];
    const attached = attachPage(session, (message) => received.push(message));
    attached.receive({ type: 'request', id: 1, method: 'open', params: { version: MESSAGES_VERSION } });
    // Behind the reading of the board, before the answer is on its way.
    session.tokens.place('producer', [0]);
    await waitFor(() => received.length >= 2, { what: 'the answer and the change' });
    assert.deepEqual(
      received.map((message) => message.type),
      ['response', 'event'],
    );
    const [one, two] = [await openPage(session), await openPage(session)];
    await one.client.request('place', { slot: 'memory', on: [0] });
    assert.deepEqual(one.board().placement, { producer: [0], memory: [0] });
    assert.deepEqual(two.board(), one.board());
    attached.close();
    const before = received.length;
    session.tokens.place('memory', null);
    assert.equal(received.length, before);
  });

  it('places, takes back, and refuses what is not there', async () => {
    const { session, page } = await placed();
    const { placement } = page.board();
    const ask = (slot: string, id: number): Promise<unknown> => page.client.request('place', { slot, on: [id] });
    await assert.rejects(ask('producer', 9999), hasCode('cpu-absent'));
    await assert.rejects(ask('memory', 99), hasCode('node-absent'));
    await assert.rejects(ask('thief', 0), hasCode('usage'));
    await assert.rejects(page.client.request('place', { slot: 'memory', on: { of: 'thief' } }), hasCode('usage'));
    assert.deepEqual(page.board().placement, placement);
    await ask('memory', 0);
    assert.deepEqual(await page.client.request('undo', {}), placement);
    await page.client.request('undo', {});
    await page.client.request('undo', {});
    assert.deepEqual(await page.client.request('undo', {}), {});
    await assert.rejects(page.client.request('run', {}), hasCode('usage'));
    session.tokens.restore({ producer: [0], consumer: [9999], memory: [99] }, endlessWork);
    assert.deepEqual(session.board.placement, { producer: [0] });
    assert.deepEqual(page.board().workload, endlessWork);
  });

  it('measures what is placed, lists it, holds it as baseline, exports and shows it', async () => {
    const opened: string[] = [];
    const toScreen = (folder: string): Promise<void> => Promise.resolve(void opened.push(folder));
    const { session, page } = await placed(newSession({ openPage: toScreen }));
    const first = await page.client.request('run', {});
    const second = await page.client.request('run', {});
    assert.deepEqual(
      page.board().runs.map((run) => run.id),
      [second.run, first.run],
    );
    await session.kept.settled();
    assert.deepEqual(
      new Set(written.filter(({ partial }) => partial === null).map(({ id }) => id)),
      new Set([first.run, second.run]),
    );
    assert.deepEqual(page.board().kept, [first.run, second.run]);
    const [record] = page.board().runs;
    assert.ok(record && !('topology' in record));
    assert.equal(record.partial, null);
    assert.equal(record.results[0]?.repetitions.length, shortWork.rounds);
    assert.equal(page.board().running, null);
    await page.client.request('baseline', { run: first.run });
    assert.equal(page.board().baseline, first.run);
    await assert.rejects(page.client.request('openExport', { run: first.run, how: 'page' }), hasCode('not-found'));
    const exported = await page.client.request('export', { run: first.run });
    assert.deepEqual(exported, { folder: `docs/numa/${first.run}`, files: ['report.md'], opens: true, reveals: false });
    await page.client.request('openExport', { run: first.run, how: 'page' });
    assert.deepEqual(opened, [exported.folder]);
    session.showRun(first.run);
    assert.deepEqual(page.events.at(-1), { type: 'event', event: 'show', run: first.run });
    page.close();
    session.showRun(second.run);
    const late = await openPage(session);
    await waitFor(() => late.events.some((event) => event.event === 'show' && event.run === second.run), {
      what: 'the run to be shown',
    });
    session.act({ act: 'compare', runs: [second.run, first.run] });
    assert.deepEqual(late.events.at(-1), {
      ...{ type: 'event', event: 'act' },
      asked: { act: 'compare', runs: [second.run, first.run] },
    });
  });

  it('keeps tokens and settings of each benchmark, and measures the one that is chosen', async () => {
    const { session, page } = await placed();
    const { producer: [one] = [], consumer: [two] = [] } = page.board().placement as Record<string, number[]>;
    assert.ok(one !== undefined && two !== undefined);
    const { client } = page;
    await client.request('choose', { kind: 'memory' });
    assert.deepEqual(page.board().placement, {});
    await assert.rejects(client.request('configure', shortWork), hasCode('usage'));
    await assert.rejects(client.request('place', { slot: 'producer', on: [one] }), hasCode('usage'));
    const workload = {
      ...DEFAULT_MEMORY_WORKLOAD,
      pages: '4k',
      sizeBytes: 1 << 20,
      rounds: 3,
      durationMs: 300,
    } as const;
    await client.request('configure', workload);
    await client.request('place', { slot: 'workers', on: [one] });
    const { run } = await client.request('run', {});
    const { results, verdict } = session.findRun(run);
    assert.deepEqual(
      results.map(({ benchmark, valid }) => [benchmark, valid]),
      [
        ['memory-latency', true],
        ['memory-bandwidth', true],
      ],
    );
    assert.match(verdict?.question ?? '', /^What does memory access cost on node \d+\?$/);
    await client.request('choose', { kind: 'spsc' });
    assert.deepEqual(page.board().placement, { producer: [one], consumer: [two] });
    assert.deepEqual(page.board().workload, shortWork);
    // Whoever shows a run sees its tokens, and measures it again.
    session.showRun(run);
    await waitFor(() => page.board().workload.kind === 'memory', { what: 'the benchmark of the run that is shown' });
    assert.deepEqual([page.board().placement, page.board().workload], [{ workers: [one] }, workload]);
    await client.request('undo', {});
    assert.deepEqual(page.board().placement, {});
  });

  it('judges two pools by what a person set, which the run keeps; by what cannot be followed nothing is measured', async () => {
    let set: Record<string, number> = { 'steal-rate-high': 0.3 };
    const separationThresholds = (): Record<string, number> => {
      separationLimits(set);
      return set;
    };
    const session = newSession({ separationThresholds });
    await session.useHost(localHost());
    session.tokens.choose('separation');
    session.tokens.configure({
      ...DEFAULT_SEPARATION_WORKLOAD,
      ...{ layouts: 'two', loads: 'full', sizeBytes: 1 << 20, rounds: 1, durationMs: 50 },
    });
    const { run } = await session.run();
    const { thresholds, repeat } = session.findRun(run);
    assert.deepEqual(thresholds, set);
    assert.match(repeat, /--threshold steal-rate-high=0\.3/);
    set = { 'steal-rate': 1 };
    await assert.rejects(async () => session.run(), /no threshold named "steal-rate"/);
    set = {};
    assert.equal(session.findRun((await session.run()).run).thresholds, undefined);
  });

  it('measures one run at a time, stays connected meanwhile, and keeps a cancelled one', async () => {
    const { session, page } = await placed();
    session.tokens.configure(endlessWork);
    const control = new AbortController();
    const running = page.client.request('run', {}, control.signal);
    await assert.rejects(page.client.request('run', {}), hasCode('busy'));
    await waitFor(() => points(page.board()) >= 3, { what: 'the third figure' });
    await assert.rejects(session.run(), hasCode('busy'));
    await assert.rejects(page.client.request('connect', { target: 'alpha' }), hasCode('busy'));
    assert.equal(page.board().connection.state, 'connected');
    control.abort();
    const { run } = await running;
    assert.match(session.findRun(run).partial ?? '', /cancelled/);
    assert.equal(page.board().runs[0]?.id, run);
    assert.equal(page.board().running, null);
  });

  it('keeps what was measured when the agent is killed, and can measure again', async () => {
    const { session, page } = await placed();
    session.tokens.configure(endlessWork);
    const running = page.client.request('run', {});
    await waitFor(() => points(page.board()) >= 3, { what: 'the third figure' });
    killAgent();
    const { run } = await running;
    assert.match(session.findRun(run).partial ?? '', /agent .* exited/);
    session.tokens.configure(shortWork);
    assert.equal(session.findRun((await session.run()).run).partial, null);
  });

  it('goes on with a run whose page has gone; any page stops it, and so does the end of the connection', async () => {
    const { session, page } = await placed();
    session.tokens.configure(endlessWork);
    page.client.request('run', {}).catch(() => undefined);
    await waitFor(() => points(page.board()) >= 2, { what: 'the second figure' });
    page.close();
    const before = points(session.board);
    await waitFor(() => points(session.board) > before, { what: 'a figure after the page has gone' });
    const other = await openPage(session);
    await other.client.request('stop', {});
    await waitFor(() => session.board.runs.length === 1, { what: 'the run to be kept' });
    const running = session.run();
    await waitFor(() => points(session.board) >= 2, { what: 'the second figure' });
    await session.disconnect();
    await running;
    assert.deepEqual(
      session.board.runs.map((run) => run.partial !== null),
      [true, true],
    );
    assert.equal(session.board.topology, null);
    assert.equal(session.board.connection.state, 'none');
  });

  it('samples while a page is looked at, and then only', async () => {
    const { session, page } = await placed();
    const hidden = await openPage(session);
    await nothingRuns();
    const last = (): unknown => session.lastSample;
    assert.equal(last(), null);
    await page.client.request('watch', { visible: true });
    await waitFor(() => page.events.filter((event) => event.event === 'sample').length >= 3, { what: 'three samples' });
    assert.notEqual(last(), null);
    assert.ok(session.live.piece(null).frames.length >= 3);
    assert.ok(hidden.events.every((event) => event.event !== 'sample'));
    await hidden.client.request('watch', { visible: true });
    // At once: what passed while nobody looked at it, and the last sample.
    await waitFor(() => hidden.events.some((event) => event.event === 'sample'), { what: 'a sample' });
    assert.ok((await hidden.client.request('past', { before: null })).frames.length >= 3);
    await page.client.request('watch', { visible: false });
    hidden.show(false);
    await nothingRuns();
    hidden.show(true);
    const again = await waitFor(() => session.lastSample, { what: 'a sample once it is shown again' });
    // The first one is a whole picture, not what changed since somebody looked.
    assert.ok(
      again.nodes.every((node) => node.freeBytes !== null && node.hitPerSecond !== null),
      JSON.stringify(again),
    );
    assert.ok(again.cpus.length > 0);
    hidden.close();
    await nothingRuns();
    assert.equal(last(), null);
  });

  it('samples again after the sampler was killed, and says so once', async () => {
    const { page } = await placed();
    await page.client.request('watch', { visible: true });
    const samples = (): number => page.events.filter((event) => event.event === 'sample').length;
    await waitFor(() => samples() >= 1, { what: 'a sample' });
    killAgent();
    const notices = (): HostEvent[] => page.events.filter((event) => event.event === 'notice');
    await waitFor(() => notices().length === 1, { what: 'a notice' });
    const before = samples();
    await waitFor(() => samples() > before, { what: 'samples again' });
    assert.equal(notices().length, 1);
  });

  it('shows a machine without an agent, samples it, and says why nothing can be measured', async () => {
    const { session, page } = await placed(newSession(), withoutAgent(localHost()));
    assert.equal(page.board().measuring?.code, 'no-agent');
    await assert.rejects(page.client.request('run', {}), hasCode('no-agent'));
    await page.client.request('watch', { visible: true });
    await waitFor(() => page.events.some((event) => event.event === 'sample'), { what: 'a sample' });
    await session.disconnect();
    await nothingRuns('sh');
  });

  it('measures pairs of CPUs, and brings a page their classes without the pairs', async () => {
    const session = newSession();
    await session.useHost(localHost());
    const page = await openPage(session);
    const asked: string[] = [];
    session.onChange(({ running }) => {
      if (running) asked.push(running.question);
    });
    const { run } = await page.client.request('matrix', { what: 'latency', budgetMs: 20_000 });
    const [table] = page.board().costs;
    assert.equal(table?.run, run);
    assert.ok(table.classes.some(({ median }) => median !== null && median > 0));
    assert.deepEqual([...new Set(asked)], ['What does it cost to cross this machine?']);
    assert.equal(page.board().running, null);
    const record = page.board().runs.find(({ id }) => id === run);
    assert.ok(record?.results.every((result) => !('classes' in result)));
    assert.ok(session.findRun(run).results[0]?.classes, 'the run that is kept has them');
  });

  it('opens a run with what was measured, on the machine it was measured on', async () => {
    const { session, page } = await placed();
    const { run } = await page.client.request('run', {});
    const measured = session.findRun(run);
    const later = newSession();
    await later.useHost(hostFromRun(measured));
    const reader = await openPage(later);
    assert.deepEqual(
      reader.board().runs.map(({ id, results }) => [id, results.length]),
      [[run, measured.results.length]],
    );
    assert.equal(reader.board().measuring?.code, 'unsupported');
    await reader.client.request('export', { run });
    await later.disconnect();
    assert.deepEqual(reader.board().runs, []);
  });

  it('shows a recorded machine that nothing runs on', async () => {
    const host = localHost();
    const { topology } = await host.discover();
    await host.close();
    const session = newSession();
    await session.useHost(hostFromTopology(topology));
    const page = await openPage(session);
    await page.client.request('watch', { visible: true });
    assert.equal(page.board().measuring?.code, 'unsupported');
    assert.equal(page.board().connection.state, 'connected');
    assert.ok(page.events.every((event) => event.event !== 'notice'));
  });

  it('lists the runs of the machine it shows', async () => {
    const { session, page } = await placed();
    const { run } = await session.run();
    session.addRun({ ...session.findRun(run), id: 'another' });
    const last = page.events.findLast((event) => event.event === 'board' && event.patch.runs !== undefined);
    assert.ok(last?.event === 'board');
    assert.deepEqual(
      last.patch.runs?.changed.map(({ id }) => id),
      ['another'],
      'what the page has already is not sent again',
    );
    assert.deepEqual(new Set(page.board().runs.map(({ id }) => id)), new Set([run, 'another']));
    const foreign = { ...session.findRun(run), id: 'foreign', host: { name: 'elsewhere', transport: 'ssh' as const } };
    session.addRun(foreign);
    session.addRun(foreign);
    assert.deepEqual(session.board.runs.map((one) => one.id).sort(), [run, 'another'].sort());
    assert.equal(session.findRun('foreign').host.name, 'elsewhere');
    await session.disconnect();
    assert.equal(session.board.runs.length, 3);
  });

  it('keeps runs beyond the session, takes them from files, and renames, deletes and puts them back', async () => {
    const store = new RunStore(temporaryFolder('runs'));
    const { session } = await placed(newSession({ store }));
    const { run } = await session.run();
    await session.dispose();

    const later = newSession({ store });
    await later.useHost(localHost());
    const page = await openPage(later);
    const { client } = page;
    const listed = (): string[] => page.board().runs.map(({ id }) => id);
    assert.deepEqual([listed(), page.board().kept], [[run], [run]]);
    await client.request('rename', { run, name: 'SMT on' });
    assert.equal(page.board().runs[0]?.name, 'SMT on');
    await client.request('remove', { run });
    assert.deepEqual([listed(), page.board().kept], [[], []]);
    await assert.rejects(client.request('remove', { run }), hasCode('not-found'));
    await client.request('restore', { run });
    assert.deepEqual([listed(), page.board().kept], [[run], [run]]);

    const measured = await store.find(run);
    const open = async (name: string, value: unknown): Promise<unknown> => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const half = Math.floor(text.length / 2);
      assert.deepEqual(await client.request('file', { name, text: text.slice(0, half), last: false }), {
        opened: null,
      });
      return (await client.request('file', { name, text: text.slice(half), last: true })).opened;
    };
    const { name: host } = measured.host;
    assert.deepEqual(await open('mine', { ...measured, id: 'mine' }), { run: 'mine', host, here: true, known: false });
    assert.deepEqual(await open('mine', { ...measured, id: 'mine', name: 'another' }), {
      run: 'mine',
      host,
      here: true,
      known: true,
    });
    const cpus = [...measured.topology.cpus, { id: 9999, online: true, allowed: true, kind: null }];
    const grown = { ...measured, id: 'grown', topology: { ...measured.topology, cpus } };
    assert.deepEqual(await open('grown', grown), { run: 'grown', host, here: false, known: false });
    const foreign = { ...measured, id: 'foreign', host: { name: 'elsewhere', transport: 'ssh' } };
    assert.deepEqual(await open('foreign', foreign), { run: 'foreign', host: 'elsewhere', here: false, known: false });
    assert.deepEqual(new Set(listed()), new Set([run, 'mine']), 'what cannot be drawn here is not');
    const { runs } = await client.request('shelf', {});
    assert.deepEqual(new Set(runs.map(({ id }) => id)), new Set([run, 'mine', 'grown', 'foreign']));
    await assert.rejects(open('broken', '{"schema":1}'), hasCode('bad-file'));
    const piece = 'x'.repeat(MAX_PIECE);
    await assert.rejects(async () => {
      for (let sent = 0; sent <= MAX_FILE; sent += MAX_PIECE)
        await client.request('file', { name: 'large', text: piece, last: false });
    }, hasCode('bad-file'));

    const apart = newSession({ store });
    await apart.useHost(hostFromRun(await later.kept.find('foreign')));
    assert.deepEqual(
      apart.board.runs.map(({ id }) => id),
      ['foreign'],
    );
    assert.equal(apart.board.host?.name, 'elsewhere');
    writeFileSync(join(dirname(store.pathOf(measured)), 'broken.numa.json'), '{');
    const again = newSession({ store });
    const reader = await openPage(again);
    await again.useHost(localHost());
    await waitFor(
      () => reader.events.some((event) => event.event === 'notice' && event.message.includes('broken.numa.json (')),
      { what: 'word of what cannot be read' },
    );
    assert.equal(again.board.runs.length, 2);
  });

  it('says once that a run cannot be stored, and goes on with it', async () => {
    const file = join(temporaryFolder('runs'), 'file');
    writeFileSync(file, '');
    const { session, page } = await placed(newSession({ store: new RunStore(file) }));
    session.tokens.configure({ ...shortWork, rounds: 8 });
    const { run } = await session.run();
    await session.kept.settled();
    assert.equal(session.findRun(run).partial, null);
    const told = page.events.filter((event) => event.event === 'notice');
    assert.ok(told.length >= 1 && told.length <= 2, `${told.length} notices`);
    assert.match(told[0]?.message ?? '', /cannot be written/);
    assert.deepEqual(session.board.kept, []);
  });

  it('stores every round while it is measured, as a run that was cut short, and the whole one under the same id', async () => {
    const { session } = await placed();
    session.tokens.configure({ ...shortWork, rounds: 8 });
    const { run } = await session.run();
    await session.kept.settled();
    const [whole, ...parts] = [...written].reverse();
    assert.equal(whole?.partial, null);
    assert.ok(parts.length >= 2, `${parts.length} checkpoints of 8 rounds`);
    for (const part of parts) {
      assert.equal(part.id, run);
      assert.match(part.partial ?? '', /exited before the run finished/);
      assert.ok((part.results[0]?.repetitions.length ?? 0) >= 1);
      assert.deepEqual(parseRun(JSON.stringify(part)).id, run, 'it can be opened');
    }
  });
});
