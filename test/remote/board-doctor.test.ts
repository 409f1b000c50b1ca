// The doctor on a board: a look that every page sees, its end, and marks on the time axis.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { dumpOf } from '../support/dump.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { PRESET_LIMITS } from '../../src/model/doctor/base/thresholds.ts';
import { parseRun } from '../../src/protocol/run.ts';
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';
import { filesOf } from '../unit/doctor/hosts.ts';
import { endSessions, newSession, openPage } from './boards.ts';
import { hasCode, localHost, variant } from './measuring.ts';
import { through } from './shells.ts';

/** An eighth smaller than the other one, less than the usual threshold. */
const NODE = 'sys/devices/system/node/node1';

const RUN = parseRun(readFileSync(new URL('../fixtures/runs/spsc.numa.json', import.meta.url), 'utf8'));

describe('the doctor of a board', { timeout: 180_000 }, () => {
  afterEach(endSessions);

  it('tells every page what it finds, marks when, and forgets it with the host', async () => {
    const folder = dumpOf(
      filesOf({ 'proc/sys/vm/zone_reclaim_mode': '1', [`${NODE}/meminfo`]: 'Node 1 MemTotal: 14680064 kB' }),
    );
    let limits = PRESET_LIMITS;
    const exported: [of: string, looked: string | undefined][] = [];
    const session = newSession({
      doctorLimits: () => limits,
      exporter: (run, looked) => {
        exported.push([run.id, looked?.diagnosis.findings[0]?.id]);
        return Promise.resolve({ folder: 'docs/numa/it', files: [] });
      },
    });
    const page = await openPage(session);
    await assert.rejects(page.client.request('check', { of: null }), hasCode('not-connected'));
    await session.useHost(await openRecorded(folder));
    await page.client.request('check', { of: null });
    const { diagnosis, step } = page.board().checkup ?? {};
    assert.deepEqual([step, diagnosis?.findings.map(({ id }) => id)], [null, ['zone-reclaim']]);
    assert.deepEqual(
      page.board().marks.map(({ kind, words }) => [kind, words]),
      [['finding', diagnosis?.findings[0]?.sentence]],
    );
    assert.deepEqual((await openPage(session)).board().checkup, page.board().checkup);
    await assert.rejects(page.client.request('check', { of: 'pid:1' }), hasCode('unsupported'));
    await assert.rejects(page.client.request('check', { of: 'pid:no' }), hasCode('usage'));
    // A page of a run of that host tells of it, one of another host does not.
    const { host = '' } = diagnosis ?? {};
    for (const name of [host, 'elsewhere']) {
      session.addRun({ ...RUN, id: `on-${name}`, host: { ...RUN.host, name } });
      await session.exportRun(`on-${name}`);
    }
    assert.deepEqual(exported, [
      [`on-${host}`, 'zone-reclaim'],
      ['on-elsewhere', undefined],
    ]);
    // What was found before stays.
    assert.ok(page.board().checkup?.diagnosis);
    limits = { ...PRESET_LIMITS, 'uneven-share': 0 };
    await page.client.request('check', { of: null });
    const found = page.board().checkup?.diagnosis?.findings ?? [];
    assert.deepEqual(
      found.map(({ id }) => id),
      ['uneven-memory', 'zone-reclaim'],
    );
    // What was told before as well began before.
    assert.deepEqual(
      page.board().marks.map(({ words }) => words),
      [found[1]?.sentence, found[0]?.sentence],
    );
    await session.useHost(localHost());
    assert.equal(page.board().checkup, null);
    removeFolder(folder);
  });

  it('is ended by whoever asks for it, says what it looks at, and looks at one thing at a time', async () => {
    // Its second lasts until it is ended.
    const tools = temporaryFolder('tools');
    writeFileSync(join(tools, 'sleep'), '#!/bin/sh\nexec /bin/sleep 1000\n', { mode: 0o755 });
    const { shell } = through('/bin/sh', [], { ...process.env, PATH: `${tools}:${process.env['PATH'] ?? ''}` });
    const host = localHost();
    const session = newSession();
    await session.useHost(variant(host, { transport: { ...host.transport, shell } }));
    const page = await openPage(session);
    const other = await openPage(session);
    let over = false;
    const looking = page.client.request('check', { of: `pid:${process.pid}` }).finally(() => (over = true));
    const ended = assert.rejects(looking, hasCode('cancelled'));
    ended.catch(() => undefined);
    await waitFor(() => over || other.board().checkup?.step?.includes('second') === true, {
      what: 'the look to watch processes',
    });
    await assert.rejects(other.client.request('check', { of: null }), hasCode('busy'));
    await other.client.request('stopCheck', {});
    await ended;
    assert.equal(other.board().checkup, null);
    removeFolder(tools);
  });
});
