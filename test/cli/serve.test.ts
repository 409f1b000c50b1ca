// The loopback server: who may talk to it, that a run is refused while one goes on, and that all ends with it.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import test, { after, before } from 'node:test';
import { WebSocket } from 'ws';
import { descendantsOf } from '../support/process-table.mjs';
import { MESSAGES_VERSION } from '../../src/protocol/messages.ts';
import { waitFor } from '../support/processes.ts';
import { boardClient, longRun, nextAddress } from './board-client.ts';
import { start, type Started } from './cli.ts';

let cli: Started;
/** The first address that was printed. */
let address: URL;
/** What a browser holds after it opened the address. */
let cookie: string;

before(async () => {
  cli = await start(['serve', '--no-open', '--no-prompt']);
  address = await nextAddress(cli, 0);
});

after(() => cli.stop());

interface Reply {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: address.port, path, headers, method }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

const withToken = (): string => `${address.pathname}${address.search}`;

test('what was not printed opens nothing, and no other method uses a key up', async () => {
  assert.equal((await get('/')).status, 403);
  assert.equal((await get('/?token=guess')).status, 403);
  assert.equal((await get('/board.js')).status, 403);
  assert.equal((await get(withToken(), {}, 'HEAD')).status, 405);
  assert.equal((await get(withToken(), {}, 'POST')).status, 405);
});

test('another Host (DNS rebinding) and another Origin are refused even with the key, and do not use it up', async () => {
  assert.equal((await get(withToken(), { host: 'evil.example' })).status, 421);
  assert.equal((await get(withToken(), { origin: 'http://evil.example' })).status, 403);
});

test('a key is exchanged once for a cookie that scripts, other sites and other ports do not get', async () => {
  const opened = await get(withToken());
  assert.equal(opened.status, 200);
  assert.match(opened.body, /default-src 'none'/);
  assert.doesNotMatch(
    opened.body,
    new RegExp(address.searchParams.get('token') ?? 'none'),
    'the key is not carried on',
  );
  assert.equal(opened.headers['referrer-policy'], 'no-referrer');
  const set = String(opened.headers['set-cookie']);
  assert.match(set, /HttpOnly/);
  assert.match(set, /SameSite=Strict/);
  const path = /Path=(\/[\w-]{32}\/)/.exec(set)?.[1];
  assert.ok(path, `a path nobody can guess: ${set}`);
  assert.match(opened.body, new RegExp(`location\\.replace\\("${path}"\\)`), 'the page goes on to the clean address');
  cookie = set.split(';')[0] ?? '';
  assert.match(cookie, new RegExp(`^numa-pinboard-${address.port}=`));

  const again = await get(withToken());
  assert.equal(again.status, 403, 'the key is dead');
  assert.equal(again.headers['set-cookie'], undefined);
  const carried = { cookie };
  const page = await get(path, carried);
  assert.equal(page.status, 200);
  assert.match(page.body, /src="board\.js"/);
  assert.equal((await get(path, carried)).status, 200, 'a reload');
  assert.equal((await get(path)).status, 403, 'the path alone opens nothing');
  assert.equal((await get(`${path}board.js`, carried)).status, 200);
  assert.equal((await get(`${path}../package.json`, carried)).status, 404);
  assert.equal((await get(`${path}..%2fpackage.json`, carried)).status, 404);
});

test('after each opening the terminal shows the next address, for another browser', async () => {
  const next = await nextAddress(cli, 1);
  assert.notEqual(next.search, address.search);
  const opened = await get(`/${next.search}`);
  assert.equal(opened.status, 200);
  assert.notEqual(String(opened.headers['set-cookie']).split(';')[0], cookie);
});

/** How opening a socket ends: "open" or the HTTP status. */
function socketOutcome(url: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { headers });
    socket.on('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
    socket.on('error', () => resolve('error'));
  });
}

test('the socket wants the cookie and an Origin of ours; a key does not open it', async () => {
  const url = `ws://127.0.0.1:${address.port}/socket`;
  const origin = `http://127.0.0.1:${address.port}`;
  const unused = await nextAddress(cli, 2);
  assert.equal(await socketOutcome(url, { origin }), '403');
  assert.equal(await socketOutcome(url + unused.search, { origin }), '403');
  assert.equal(await socketOutcome(url, { cookie }), '403');
  assert.equal(await socketOutcome(url, { cookie, origin: 'http://evil.example' }), '403');
  assert.equal(await socketOutcome(url, { cookie: `${cookie}x`, origin }), '403');
  assert.equal(await socketOutcome(url, { cookie, origin }), 'open');
});

test('a second run while one goes on is refused with words; stopping keeps what was measured', async () => {
  const board = await boardClient({ port: Number(address.port), cookie, path: '/' });
  await longRun(board, 10);
  board.send(20, 'place', { slot: 'consumer', on: [9999] });
  assert.equal((await board.answerTo(20)).problem?.code, 'cpu-absent');
  board.send(21, 'run');
  assert.equal((await board.answerTo(21)).problem?.code, 'busy');
  board.cancel(10);
  assert.equal((await board.answerTo(10)).outcome, 'result', 'a run that was stopped is kept as far as it came');
  board.send(22, 'open', { version: MESSAGES_VERSION });
  const { result } = await board.answerTo(22);
  assert.ok((result as { runs: { partial: string | null }[] }).runs[0]?.partial);
  board.socket.close();
});

test('it ends on a signal, with everything it started', async () => {
  const family = descendantsOf(cli.pid);
  process.kill(cli.pid, 'SIGTERM');
  assert.equal((await cli.ended).code, 0);
  await waitFor(() => family.every((pid) => !isAlive(pid)), { what: 'its children to be gone' });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
