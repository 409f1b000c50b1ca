// A server that is killed in the middle of a run loses nothing that was measured; the next one has it, and a page for it alone.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { WebSocket } from 'ws';
import type { Board } from '../../src/model/board/board.ts';
import { MESSAGES_VERSION } from '../../src/protocol/messages.ts';
import { RunStore } from '../../src/remote/store/run-store.ts';
import { temporaryFolder, waitFor } from '../support/processes.ts';
import { boardClient, enter, longRun, nextAddress } from './board-client.ts';
import { start } from './cli.ts';

const patient = { timeoutMs: 120_000 };

test('a server that is killed in the middle of a run loses nothing that was measured', async () => {
  const XDG_STATE_HOME = temporaryFolder('state');
  const store = new RunStore(join(XDG_STATE_HOME, 'numa-pinboard', 'runs'));
  const figures = async (): Promise<number> => {
    const [head] = (await store.all()).runs;
    return head ? ((await store.find(head.id)).results[0]?.repetitions.length ?? 0) : 0;
  };
  const serve = ['serve', '--no-open', '--no-prompt'];
  const killed = await start(serve, { XDG_STATE_HOME });
  const board = await boardClient(await enter(await nextAddress(killed, 0)));
  await longRun(board, 1);
  await waitFor(async () => (await figures()) > 1, { what: 'a run to be kept while it goes on', ...patient });
  killed.child.kill('SIGKILL');
  await killed.ended;
  const kept = await figures();
  assert.ok(kept > 1);

  const next = await start(serve, { XDG_STATE_HOME });
  try {
    const entry = await enter(await nextAddress(next, 0));
    const page = await boardClient(entry);
    page.send(1, 'open', { version: MESSAGES_VERSION });
    const { runs } = (await page.answerTo(1)).result as Board;
    const [run] = runs;
    assert.ok(run && runs.length === 1);
    assert.match(run.partial ?? '', /exited before the run finished/);
    assert.equal(run.results[0]?.repetitions.length, kept);

    const apart = await boardClient(entry, `?run=${run.id}`);
    apart.send(1, 'open', { version: MESSAGES_VERSION });
    const alone = (await apart.answerTo(1)).result as Board;
    assert.equal(alone.host?.transport, 'recorded');
    assert.equal(alone.runs[0]?.id, run.id);
    apart.send(2, 'connect', { target: 'elsewhere' });
    assert.equal((await apart.answerTo(2)).problem?.code, 'unsupported');
    const nothing = new WebSocket(`ws://127.0.0.1:${String(entry.port)}${entry.path}socket?run=..%2F..%2Fetc`, {
      origin: `http://127.0.0.1:${String(entry.port)}`,
      headers: { cookie: entry.cookie },
    });
    const refused = await new Promise((resolve) => {
      nothing.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
      nothing.once('error', resolve);
    });
    assert.equal(refused, 404);
    nothing.on('error', () => undefined);
    nothing.terminate();
    for (const one of [page, apart]) one.socket.close();
  } finally {
    await next.stop();
  }
});
