// This machine as a transport: streams, exit status, and an end for everything that was started.
import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { openLocal } from '../../src/remote/connect/local.ts';
import { processesWith } from '../support/process-table.mjs';
import { waitFor } from '../support/processes.ts';

const MARK = 'NUMA_PINBOARD_TEST_LOCAL';

void test('a shell gives its output and how it ended', { timeout: 60_000 }, async () => {
  const transport = openLocal();
  const channel = await transport.shell();
  channel.stdin.end('echo out; echo err >&2; exit 3\n');
  assert.deepEqual(await Promise.all([text(channel.stdout), text(channel.stderr)]), ['out\n', 'err\n']);
  assert.deepEqual(await channel.exited, { code: 3, signal: null });
  channel.stdin.write('the shell is gone\n');
  await transport.close();
  await assert.rejects(transport.shell(), { code: 'connection-lost' });
});

void test('closing ends what runs, also what ignores the end of its input', { timeout: 60_000 }, async () => {
  const transport = openLocal();
  const value = `${process.pid}-${Date.now()}`;
  for (const script of ['cat', 'trap "" TERM HUP; while :; do sleep 0.1; done', 'sleep 600']) {
    const channel = await transport.shell();
    channel.stdin.write(`export ${MARK}=${value}\n${script} & ${script}\n`);
  }
  await waitFor(() => processesWith(MARK, value).length >= 5, { what: 'them to start' });
  await transport.close();
  await waitFor(() => processesWith(MARK, value).length === 0, { what: 'them to end' });
});
