// `serve --metrics`: who sends the token of the file gets figures, nobody else; nothing is sampled before somebody asks.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { dumpOf } from '../support/dump.ts';
import { removeFolder, temporaryFolder, waitFor } from '../support/processes.ts';
import { varied } from '../support/long.ts';
import { complaintsOf, fetchPromtool } from '../support/promtool.ts';
import { metricsIn } from '../support/prometheus.ts';
import { syntheticProbe } from '../unit/machines.ts';
import { cli, start } from './cli.ts';
import type { Started } from './cli.ts';

const folder = temporaryFolder('metrics');
after(() => removeFolder(folder));
const PATIENT = { timeoutMs: 120_000 };

const urlOf = (served: Started): Promise<string> =>
  waitFor(() => /^Metrics: (\S+)/m.exec(served.stdout())?.[1], { ...PATIENT, what: () => served.output() });

const ask = (url: string, token: string | null): Promise<Response> =>
  fetch(url, token === null ? {} : { headers: { Authorization: `Bearer ${token}` } });

test('figures of this machine for who has the token; counters go on from question to question', async () => {
  const file = join(folder, 'token');
  const served = await start(['serve', '--no-open', '--metrics', file]);
  try {
    const url = await urlOf(served);
    const token = readFileSync(file, 'utf8').trim();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    for (const wrong of [null, 'x', `${token}x`]) assert.equal((await ask(url, wrong)).status, 401);
    const first = await ask(url, token);
    assert.match(first.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    const busy = (text: string): number =>
      metricsIn(text).find(({ name }) => name === 'numa_pinboard_samples_total')?.value ?? NaN;
    const before = busy(await first.text());
    assert.equal(before, 1, 'nothing was sampled before somebody asked');
    await waitFor(async () => busy(await (await ask(url, token)).text()) > before, {
      ...PATIENT,
      what: 'more samples',
    });
    // The token opens nothing else.
    assert.equal((await ask(url.replace('/metrics', '/board.js'), token)).status, 403);
  } finally {
    await served.stop();
  }
});

test('a machine on paper has no figures, and says so; a token that others can read is refused', async () => {
  const [dump, file] = [dumpOf(syntheticProbe({ packages: 2, coresPerNode: 2 })), join(folder, 'open')];
  const served = await start(['serve', '--no-open', '--from', dump, '--metrics', file]);
  try {
    const answer = await ask(await urlOf(served), readFileSync(file, 'utf8').trim());
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /No host is connected/);
  } finally {
    await served.stop();
    removeFolder(dump);
  }
  chmodSync(file, 0o644);
  const refused = await cli(['serve', '--no-open', '--metrics', file]);
  assert.equal(refused.code, 4);
  assert.match(refused.stderr, /others may read this token\.\n {2}Run: chmod 600/);
  writeFileSync(file, 'short\n');
  chmodSync(file, 0o600);
  assert.match((await cli(['serve', '--no-open', '--metrics', file])).stderr, /holds no token/);
});

test(
  'promtool complains of nothing but the names that node_exporter chose',
  { skip: varied<string | false>('in a long run', false) },
  async () => {
    const [file, unpacked] = [join(folder, 'long'), temporaryFolder('promtool')];
    const served = await start(['serve', '--no-open', '--metrics', file]);
    try {
      const url = await urlOf(served);
      const text = await (await ask(url, readFileSync(file, 'utf8').trim())).text();
      const complaints = complaintsOf(fetchPromtool(unpacked), text);
      assert.deepEqual(
        complaints.filter((line) => !/^node_memory_numa_\w+ metric names should be written in 'snake_case'/.test(line)),
        [],
      );
    } finally {
      await served.stop();
      removeFolder(unpacked);
    }
  },
);
