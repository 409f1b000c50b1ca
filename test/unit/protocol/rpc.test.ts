// Every request is answered exactly once: a result, a problem, or "cancelled", whatever the handler does.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { PinboardError } from '../../../src/model/problem.ts';
import { EMPTY_PLACEMENT } from '../../../src/model/placement/slots.ts';
import type { ToPage } from '../../../src/protocol/messages.ts';
import { createClient } from '../../../src/protocol/client.ts';
import { createResponder } from '../../../src/protocol/responder.ts';
import type { Handlers } from '../../../src/protocol/responder.ts';

const never = (): never => {
  throw new Error('not asked for here');
};
const NOBODY: Handlers = {
  open: never,
  follow: () => ({}),
  watch: () => ({}),
  check: () => ({}),
  stopCheck: () => ({}),
  place: () => EMPTY_PLACEMENT,
  undo: never,
  choose: never,
  configure: never,
  baseline: never,
  run: never,
  matrix: never,
  pairs: never,
  guide: never,
  program: never,
  race: never,
  past: never,
  record: never,
  stopRecording: never,
  processes: never,
  pin: never,
  undoPin: never,
  pages: never,
  back: never,
  planHugePages: never,
  reserveHugePages: never,
  undoHugePages: never,
  plan: never,
  stop: never,
  export: never,
  openExport: never,
  shelf: never,
  file: never,
  pick: never,
  apart: never,
  rename: never,
  remove: never,
  restore: never,
  connect: never,
  stay: never,
  disconnect: never,
  answer: never,
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function wire(handlers: Partial<Handlers>): { client: ReturnType<typeof createClient>; answers: ToPage[] } {
  const answers: ToPage[] = [];
  const responder = createResponder({ ...NOBODY, ...handlers }, (message) => {
    answers.push(message);
    client.receive(structuredClone(message));
  });
  const client = createClient(
    (message) => responder.receive(structuredClone(message)),
    () => undefined,
  );
  return { client, answers };
}

test('a result, checked on both ends', async () => {
  const { client, answers } = wire({ place: ({ slot, on }) => (on ? { [slot]: on } : EMPTY_PLACEMENT) });
  assert.deepEqual(await client.request('place', { slot: 'producer', on: [3] }), { producer: [3] });
  assert.equal(answers.length, 1);
});

test('a handler that throws answers with its problem, also when it is not ours', async () => {
  const busy = new PinboardError('busy', 'A run is in progress.', 'Stop it first.');
  const ours = wire({ run: () => Promise.reject(busy) });
  await assert.rejects(ours.client.request('run', {}), {
    code: 'busy',
    message: 'A run is in progress.',
    hint: 'Stop it first.',
  });
  const foreign = wire({ run: () => Promise.reject(new TypeError('x is not a function')) });
  await assert.rejects(foreign.client.request('run', {}), { code: 'internal', message: 'x is not a function' });
});

test('cancelling answers "cancelled" once, and a later cancel answers nothing', async () => {
  const { client, answers } = wire({
    run: (_params, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new PinboardError('cancelled', 'stopped')));
      }),
  });
  const control = new AbortController();
  const asked = client.request('run', {}, control.signal);
  control.abort();
  await assert.rejects(asked, { code: 'cancelled' });
  await settled();
  assert.deepEqual(
    answers.map((answer) => answer.type === 'response' && answer.outcome),
    ['cancelled'],
  );
});

test('a page that goes takes what it waits for along, but not a run', () => {
  const aborted: string[] = [];
  const waits = (name: string) => (_params: unknown, signal: AbortSignal) => {
    signal.addEventListener('abort', () => aborted.push(name));
    return new Promise<never>(() => undefined);
  };
  const handlers = { ...NOBODY, run: waits('run'), connect: waits('connect') };
  const responder = createResponder(handlers, () => undefined);
  responder.receive({ type: 'request', id: 1, method: 'run', params: {} });
  responder.receive({ type: 'request', id: 2, method: 'connect', params: { target: 'box' } });
  responder.close();
  assert.deepEqual(aborted, ['connect']);
});

test('parameters of a wrong form are refused before the handler sees them', async () => {
  let seen = false;
  const { client } = wire({
    place: () => {
      seen = true;
      return EMPTY_PLACEMENT;
    },
  });
  await assert.rejects(client.request('place', { slot: 'producer', on: [] }), { code: 'usage' });
  assert.equal(seen, false);
});

test('an answer of a wrong form never reaches the page', async () => {
  const { client } = wire({ place: () => ({ producer: 'zero' }) as never });
  await assert.rejects(client.request('place', { slot: 'producer', on: [1] }), { code: 'version' });
});

test('a lost line fails what is open', async () => {
  const { client } = wire({ run: () => new Promise(() => undefined) });
  const asked = client.request('run', {});
  client.close();
  await assert.rejects(asked, { code: 'connection-lost' });
});

test('whatever arrives, a request with an id gets exactly one answer, and nothing throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), fc.anything(), fc.anything(), async (id, method, params) => {
      const answers: ToPage[] = [];
      const responder = createResponder(NOBODY, (message) => answers.push(message));
      responder.receive({ type: 'request', id, method, params });
      await settled();
      assert.equal(answers.length, 1);
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (message) => {
      const responder = createResponder(NOBODY, () => undefined);
      responder.receive(message);
      await settled();
    }),
  );
});
