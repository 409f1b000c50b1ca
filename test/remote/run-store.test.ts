// Kept runs: whole or not there, private, bounded, shared by programs; files that are none are named. Renamed, deleted, put back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Run } from '../../src/model/run/run.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { NO_LIMITS, RunStore } from '../../src/remote/store/run-store.ts';
import { startProcess, temporaryFolder, waitFor } from '../support/processes.ts';
import { hasCode } from './measuring.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/runs/spsc.numa.json', import.meta.url));
const base = parseRun(readFileSync(FIXTURE, 'utf8'));
const runOf = (nth: number, host: Run['host'] = { name: 'box', transport: 'ssh' }): Run => {
  const time = new Date(Date.UTC(2026, 0, 1) + nth * 60_000).toISOString();
  return { ...base, id: `${time.slice(0, 19).replaceAll(':', '')}Z-n${nth}`, time, host };
};
const ids = (runs: readonly Pick<Run, 'id'>[]): string[] => runs.map(({ id }) => id);
const mode = (path: string): number => statSync(path).mode & 0o777;
const box = runOf(0).host;

describe('kept runs', { timeout: 300_000 }, () => {
  it('lists them by host, the newest first, in a private folder', async () => {
    const store = new RunStore(join(temporaryFolder('store'), 'runs'));
    assert.deepEqual(await store.all(), { runs: [], unread: [], more: 0 });
    const hostile = { name: '../../etc \u202e passwd', transport: 'local' as const };
    const runs = [runOf(1), runOf(2), runOf(3, hostile), runOf(4, { name: 'box', transport: 'local' })];
    for (const run of runs) await store.write(run);
    assert.deepEqual(await store.of(box), { runs: [runs[1], runs[0]], unread: [], more: 0 });
    assert.deepEqual((await store.of(hostile)).runs, [runs[2]]);
    const all = await store.all();
    assert.deepEqual(ids(all.runs), ids([...runs].reverse()));
    const { id, time, host, verdict, partial } = runs[1] ?? base;
    assert.deepEqual(all.runs[2], { id, time, host, verdict, partial });
    assert.equal(mode(store.folder), 0o700);
    for (const entry of readdirSync(store.folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      assert.equal(mode(path), entry.isDirectory() ? 0o700 : 0o600, path);
    }
    await assert.rejects(store.find('nothing'), hasCode('not-found'));
  });

  it('names what cannot be read, and waits for none of it', async () => {
    const store = new RunStore(temporaryFolder('store'));
    await store.write(runOf(1));
    const [folder = ''] = readdirSync(store.folder);
    const at = (name: string): string => join(store.folder, folder, name);
    writeFileSync(at('a.numa.json'), '{"schema":');
    writeFileSync(at('b.numa.json'), JSON.stringify({ ...runOf(2), schema: 'numa-pinboard/snapshot/9' }));
    writeFileSync(at('c.numa.json'), JSON.stringify({ ...runOf(3), results: 'none' }));
    execFileSync('mkfifo', [at('d.numa.json')]);
    mkdirSync(at('e.numa.json'));
    symlinkSync('/dev/zero', at('f.numa.json'));
    writeFileSync(at('g.numa.json'), JSON.stringify(runOf(1)));
    writeFileSync(at('notes.txt'), 'a person\u2019s own');
    const { runs, unread } = await store.of(box);
    assert.deepEqual(ids(runs), ids([runOf(1)]));
    // The run itself is read from one of its two files.
    assert.equal(unread.map(({ file }) => file.split('/')[1]?.[0]).join(''), 'fedcba2');
    const why = (letter: string): string => unread.find(({ file }) => file.includes(`/${letter}.`))?.why ?? '';
    assert.match(why('a'), /not JSON/);
    assert.match(why('b'), /newer/);
    assert.match(why('c'), /cannot be read/);
    assert.match(why('d'), /pipe/);
    assert.match(why('f'), /device/);
    assert.ok((await store.all()).unread.length >= 6);
  });

  it('is renamed, deleted and put back by whichever program; a run that is gone is not written again', async () => {
    const folder = temporaryFolder('store');
    const [one, two] = [new RunStore(folder), new RunStore(folder)];
    const run = runOf(1);
    await one.write(run);
    assert.equal((await two.rename(run.id, '  SMT \u202eoff ')).name, 'SMT off');
    assert.equal((await one.find(run.id)).name, 'SMT off');
    assert.equal((await one.all()).runs[0]?.name, 'SMT off');
    assert.deepEqual(await one.rename(run.id, ''), run);
    await one.remove(run.id);
    await assert.rejects(two.rename(run.id, 'late'), hasCode('not-found'));
    await assert.rejects(one.remove(run.id), hasCode('not-found'));
    assert.deepEqual((await two.all()).runs, []);
    assert.deepEqual(await one.restore(run.id), run);
    await assert.rejects(one.restore(run.id), hasCode('not-found'));
    // All at once, as a person may click.
    await Promise.all([one.rename(run.id, 'a'), one.rename(run.id, 'b'), one.remove(run.id)]);
    assert.equal((await one.restore(run.id)).name, 'b');
    for (let nth = 2; nth < 30; nth++) {
      await one.write(runOf(nth));
      await one.remove(runOf(nth).id);
    }
    const aside = readdirSync(join(folder, 'deleted'), { recursive: true, encoding: 'utf8' });
    assert.equal(aside.filter((name) => name.endsWith('.numa.json')).length, 20);
    await assert.rejects(one.restore(runOf(2).id), hasCode('not-found'));
    assert.equal((await one.restore(runOf(29).id)).id, runOf(29).id);
  });

  it('reads again only what changed, and tells who asked that something did', async () => {
    const store = new RunStore(temporaryFolder('store'), NO_LIMITS);
    let told = 0;
    const stop = store.onChange(() => told++);
    for (const nth of [1, 2, 3]) await store.write(runOf(nth));
    const before = (await store.all()).runs;
    await store.rename(runOf(2).id, 'SMT off');
    const { runs } = await store.all();
    assert.deepEqual(
      runs.map((run, at) => run === before[at]),
      [true, false, true],
      'what is the same was not read again',
    );
    assert.equal(runs[1]?.name, 'SMT off');
    assert.deepEqual(await store.makeRoom('none'), [], 'nothing goes by itself');
    const { runs: count, bytes } = await store.usage();
    assert.equal(count, 3);
    assert.ok(bytes > 10_000);
    assert.equal(told, 4);
    stop();
    await store.remove(runOf(1).id);
    assert.equal(told, 4);
  });

  it('deletes several at once or none, and puts as many back', async () => {
    const store = new RunStore(temporaryFolder('store'), NO_LIMITS);
    const runs = Array.from({ length: 24 }, (_, nth) => runOf(nth + 1));
    for (const run of runs) await store.write(run);
    await assert.rejects(store.remove(runOf(1).id, 'nothing'), hasCode('not-found'));
    assert.equal((await store.usage()).runs, 24);
    await store.remove(...ids(runs));
    assert.deepEqual(await store.usage(), { runs: 0, bytes: 0 });
    for (const { id } of runs) await store.restore(id);
    assert.deepEqual(ids((await store.all()).runs), ids(runs.toReversed()));
  });

  it('has room for so many, and says what the oldest made room', async () => {
    const store = new RunStore(temporaryFolder('store'), { runs: 3, bytes: 1 << 30 });
    for (let nth = 1; nth <= 5; nth++) {
      await store.write(runOf(nth));
      utimesSync(store.pathOf(runOf(nth)), nth, nth);
    }
    const removed = await store.makeRoom(runOf(1).id);
    assert.deepEqual(
      removed.map((file) => file.split('/')[1]),
      [2, 3].map((nth) => `${runOf(nth).id}.numa.json`),
    );
    assert.deepEqual(ids((await store.all()).runs), ids([runOf(5), runOf(4), runOf(1)]));
    const small = new RunStore(store.folder, { runs: 100, bytes: 1 });
    assert.ok(await small.has(runOf(5).id));
    assert.equal((await small.makeRoom(runOf(5).id)).length, 2);
    assert.deepEqual(ids((await small.all()).runs), ids([runOf(5)]));
  });

  it('is whole or not there, whenever its program is killed; what that began is cleared away', async () => {
    const folder = temporaryFolder('store');
    const store = new RunStore(folder);
    const program = join(import.meta.dirname, 'killed-store.ts');
    for (let round = 0; round < 3; round++) {
      const child = await startProcess(process.execPath, ['--import', 'tsx', program, folder, FIXTURE]);
      await waitFor(() => child.output().includes('writing'), { what: () => child.output(), timeoutMs: 60_000 });
      child.child.kill('SIGKILL');
      await child.ended;
      const { runs, unread } = await store.of(base.host);
      assert.deepEqual(unread, []);
      assert.ok(runs.length >= 4);
      // Whoever held the lock is dead.
      await store.rename('killed-1', `after ${round}`);
    }
    const [host = ''] = readdirSync(folder).filter((name) => name !== 'lock');
    const left = join(folder, host, '.killed-1.numa.json.abc.tmp');
    writeFileSync(left, 'half');
    utimesSync(left, 1, 1);
    await store.all();
    assert.deepEqual(
      readdirSync(join(folder, host)).filter((name) => name.includes('abc')),
      [],
    );
  });
});
