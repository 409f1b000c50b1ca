// How old what a page shows may be before it says so: of a host that is lost, and of one from which nothing comes any more.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isLost, stale } from '../../../src/webview/state/select.ts';
import type { State } from '../../../src/webview/state/store.ts';

const HEARD = Date.parse('2026-01-02T03:04:05.000Z');

interface Said {
  samplingMs?: number;
  transport?: string;
  line?: string;
  sample?: object | null;
}

const page = (connection: string, { samplingMs = 1000, transport = 'ssh', line = 'open', sample = {} }: Said = {}) =>
  ({
    board: { connection: { state: connection }, host: { transport }, samplingMs },
    ...{ sample, line, heard: HEARD },
  }) as unknown as State;

test('a host that says nothing any more is not said to be sampled, nor to be lost', () => {
  const connected = page('connected');
  assert.equal(stale(connected, HEARD + 15_000), null);
  assert.equal(stale(connected, HEARD + 16_000), 'no sample for 16 s');
  assert.equal(stale(connected, HEARD + 180_000), 'no sample for 3 min');
  assert.equal(isLost(connected), false);
  // Its interval is what counts where that is long.
  assert.equal(stale(page('connected', { samplingMs: 60_000 }), HEARD + 240_000), null);
  assert.equal(stale(page('connected', { samplingMs: 60_000 }), HEARD + 310_001), 'no sample for 5 min 11 s');
});

test('a host that is lost is told as such, and one that is not sampled grows no older', () => {
  const later = HEARD + 60_000;
  for (const lost of [page('lost'), page('connected', { line: 'lost' })]) {
    assert.equal(stale(lost, later), 'last seen 1 min ago');
    assert.ok(isLost(lost));
  }
  for (const none of [page('connected', { transport: 'recorded' }), page('connected', { sample: null })])
    assert.equal(stale(none, later), null);
});
