// A page that does not read: what waits for it stays bounded, and it has the whole and newest picture once it reads again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { createLine } from '../../src/cli/server/line.ts';
import { MESSAGES_VERSION } from '../../src/protocol/messages.ts';
import type { ToPage } from '../../src/protocol/messages.ts';
import { waitFor } from '../support/processes.ts';
import { boardClient, enter, nextAddress } from './board-client.ts';
import { start } from './cli.ts';

const PATIENT = { timeoutMs: 120_000 };
const MIB = 1 << 20;

/** Both ends of a real socket in this process. */
async function pair(): Promise<{ server: WebSocketServer; near: WebSocket; far: WebSocket }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const far = new WebSocket(`ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  const near = await new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  await new Promise((resolve) => (far.readyState === far.OPEN ? resolve(null) : far.once('open', resolve)));
  return { server, near, far };
}

test('news for a page that does not read is merged, not piled up; reading again, it has the newest of each part', async () => {
  const { server, near, far } = await pair();
  try {
    const line = createLine(near, { receive: () => undefined });
    const received: ToPage[] = [];
    far.on('message', (data) => received.push(JSON.parse((data as Buffer).toString()) as ToPage));
    far.pause();
    const patch = (samplingMs: number): ToPage => ({
      type: 'event',
      event: 'board',
      patch: { samplingMs, hosts: [`host ${'x'.repeat(60_000)}`] },
    });
    for (let i = 1; i <= 2000; i++) line.send(patch(i));
    line.send({ type: 'event', event: 'board', patch: { baseline: 'the last of all' } });
    line.send({ type: 'response', id: 5, outcome: 'result', result: 'never left out' });
    assert.ok(near.bufferedAmount < 10 * MIB, `${String(near.bufferedAmount)} bytes wait`);
    far.resume();
    const isLast = (message: ToPage): boolean =>
      message.type === 'event' && message.event === 'board' && message.patch.baseline === 'the last of all';
    const last = await waitFor(() => received.find(isLast), { what: 'the newest picture', ...PATIENT });
    assert.ok(last.type === 'event' && last.event === 'board');
    assert.equal(last.patch.samplingMs, 2000);
    assert.ok(received.some((message) => message.type === 'response' && message.id === 5));
    line.send(patch(2001));
    await waitFor(() => received.at(-1)?.type === 'event' && received.at(-1) !== last, { what: 'news', ...PATIENT });
  } finally {
    far.terminate();
    near.terminate();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Resident memory of a process (bytes). */
function resident(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) * 1024;
}

test('a page that asks and asks and never reads makes the server no larger; another page is served', async () => {
  const cli = await start(['serve', '--no-open', '--no-prompt', '--from', 'pack:8 core:64 pu:2']);
  try {
    const greedy = await boardClient(await enter(await nextAddress(cli, 0)));
    greedy.socket.pause();
    const before = resident(cli.pid);
    // Each is answered with the whole board of 1,024 CPUs, some 100 kB.
    for (let id = 1; id <= 2000; id++) greedy.send(id, 'open', { version: MESSAGES_VERSION });
    const other = await boardClient(await enter(await nextAddress(cli, 1)));
    other.send(1, 'open', { version: MESSAGES_VERSION });
    assert.equal((await other.answerTo(1)).outcome, 'result');
    assert.ok(resident(cli.pid) - before < 200 * MIB, `${String(resident(cli.pid) - before)} bytes more`);
    greedy.socket.resume();
    assert.equal((await greedy.answerTo(2000)).outcome, 'result', 'every request is answered, once it reads');
    greedy.socket.terminate();
    other.socket.terminate();
  } finally {
    await cli.stop();
  }
});
