/** The real agent reading what a service tells: a file that grows, is cut or replaced, a FIFO, an endpoint; bounded, and on this host alone. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { Agent, agent, assertDone, assertFails, haveAgent, linesOf, until } from './process.ts';

let work = '';
before(async () => {
  await haveAgent();
  work = mkdtempSync(join(tmpdir(), 'numa-agent-'));
});
after(() => rmSync(work, { recursive: true, force: true }));

const follow = (...source: string[]): Agent => new Agent(['metrics', '--interval-ms', '20', ...source]);
const textOf = (running: Pick<Agent, 'lines'>): string =>
  linesOf(running, 'metrics')
    .map(({ data }) => Buffer.from(data, 'base64').toString())
    .join('');

void test('of a file what is appended is told, also after it was cut or replaced, and the rest at the end', async () => {
  const file = join(work, 'metrics.jsonl');
  writeFileSync(file, 'past\n');
  const running = follow('--file', file);
  await running.line('metrics');
  const tells = (text: string): Promise<void> => until(text, () => textOf(running).endsWith(text));
  appendFileSync(file, 'one\n');
  await tells('one\n');
  writeFileSync(file, '2\n');
  await tells('2\n');
  writeFileSync(`${file}.new`, 'three, of another file\n');
  renameSync(`${file}.new`, file);
  await tells('three, of another file\n');
  rmSync(file);
  appendFileSync(file, 'four\n');
  await tells('four\n');
  appendFileSync(file, 'last');
  running.send('end\n');
  const answer = await running.ended();
  assertDone(answer);
  assert.equal(textOf(answer), 'one\n2\nthree, of another file\nfour\nlast');
  const lines = linesOf(answer, 'metrics');
  assert.ok(lines.every(({ wallMs }) => Math.abs(wallMs - Date.now()) < 600_000));
});

void test('a file that is not there yet is waited for, with the reason; too much at once is left out, and counted', async () => {
  const file = join(work, 'later');
  const running = follow('--file', file);
  assert.equal((await running.line('metrics')).error, 'No such file or directory');
  writeFileSync(file, 'x'.repeat(5 << 20));
  await until('its bytes', () => textOf(running).length > 0);
  running.send('end\n');
  const told = linesOf(await running.ended(), 'metrics').filter(({ data }) => data !== '');
  const bytes = told.reduce((sum, { data }) => sum + Buffer.from(data, 'base64').length, 0);
  assert.equal(bytes + told.reduce((sum, { skipped }) => sum + skipped, 0), 5 << 20);
  assert.ok(told.every(({ data }) => data.length < 6 << 20));
  assert.equal(linesOf(await agentOnce('--file', work), 'metrics')[0]?.error, 'it is neither a file nor a FIFO');
});

async function agentOnce(...source: string[]): ReturnType<Agent['ended']> {
  const running = follow(...source);
  await running.line('metrics');
  running.send('end\n');
  return running.ended();
}

void test('a FIFO is read without waiting for who writes', async () => {
  const fifo = join(work, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const running = follow('--file', fifo);
  await running.line('metrics');
  execFileSync('sh', ['-c', 'echo one >"$0"; echo two >"$0"', fifo]);
  await until('both', () => textOf(running) === 'one\ntwo\n');
  running.send('end\n');
  await running.ended();
});

/** Answers each connection as told. */
async function served<T>(answer: (socket: Socket) => void, use: (port: string) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(String((server.address() as AddressInfo).port));
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

void test('an endpoint is asked plainly, and its answer told as it came', async () => {
  let asked = '';
  const answer = await served(
    (socket) =>
      socket.on('data', (bytes) => {
        asked += bytes.toString();
        if (asked.endsWith('\r\n\r\n')) socket.end('HTTP/1.0 200 OK\r\n\r\na 1\n');
      }),
    (port) => agentOnce('--http', '127.0.0.1', port, '/metrics?x=1'),
  );
  assertDone(answer);
  const [first] = linesOf(answer, 'metrics');
  assert.deepEqual(
    [first?.error, Buffer.from(first!.data, 'base64').toString()],
    [null, 'HTTP/1.0 200 OK\r\n\r\na 1\n'],
  );
  assert.match(asked, /^GET \/metrics\?x=1 HTTP\/1\.0\r\nHost: 127\.0\.0\.1:\d+\r\n/);
});

void test('one that does not answer, never ends, or is not there costs its time and no more', async () => {
  const errorOf = async (port: string): Promise<string | null | undefined> =>
    linesOf(await agentOnce('--http', '127.0.0.1', port, '/'), 'metrics')[0]?.error;
  const silent = await served(() => undefined, errorOf);
  assert.equal(silent, 'it did not answer in time');
  const endless = await served((socket) => {
    const piece = Buffer.alloc(1 << 20, 'a');
    const more = (): void => void (socket.writable && socket.write(piece, () => setImmediate(more)));
    more();
  }, errorOf);
  assert.equal(endless, 'its answer is longer than 4 MiB');
  const free = await served(
    () => undefined,
    (port) => Promise.resolve(port),
  );
  assert.equal(await errorOf(free), 'Connection refused');
});

void test('only this host is asked, and only with a path that is one', async () => {
  for (const [address, path] of [
    ['10.0.0.1', '/'],
    ['localhost', '/'],
    ['127.0.0.1', '/ HTTP/1.0\r\nX: y'],
    ['::', '/'],
  ] as const)
    assertFails(await agent('metrics', '--http', address, '80', path), 2, 'usage');
  assertFails(await agent('metrics'), 2, 'usage');
});
