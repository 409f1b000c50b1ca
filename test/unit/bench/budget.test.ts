// The time a measurement may take: from when it starts, and told apart from being cancelled.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { it } from 'node:test';
import { Budget } from '../../../src/remote/bench/budget.ts';

const SHORT_MS = 20;

/** Later than a budget of SHORT_MS that was started before. */
async function pastIt(): Promise<void> {
  await once(new Budget(2 * SHORT_MS).start().signal, 'abort');
}

it('ends the work when its time is used up, counted from the first start', async () => {
  const budget = new Budget(SHORT_MS);
  await pastIt();
  assert.equal(budget.signal.aborted, false, 'not started yet');
  assert.equal(budget.spentMs, 0);
  await once(budget.start().start().signal, 'abort');
  assert.equal(budget.usedUp, true);
  assert.ok(budget.leftMs < SHORT_MS);
});

it('is not used up when the work was cancelled, even where its time passes afterwards', async () => {
  const person = new AbortController();
  const budget = new Budget(SHORT_MS, person.signal).start();
  person.abort();
  assert.equal(budget.signal.aborted, true);
  await pastIt();
  assert.equal(budget.usedUp, false);
});

it('has no end without a limit, and none after the work has ended', async () => {
  const unlimited = new Budget(null).start();
  assert.equal(unlimited.leftMs, Infinity);
  const ended = new Budget(SHORT_MS).start();
  ended.end();
  await pastIt();
  assert.equal(unlimited.signal.aborted, false);
  assert.equal(ended.signal.aborted, false);
});
