// The time a measurement may take: from when it starts, and told apart from being cancelled.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Budget } from '../../../src/remote/bench/budget.ts';

it('ends the work when its time is used up, counted from the start', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const budget = new Budget(1000);
  t.mock.timers.tick(5000);
  assert.equal(budget.signal.aborted, false, 'not started yet');
  assert.equal(budget.spentMs, 0);
  budget.start();
  t.mock.timers.tick(999);
  budget.start();
  assert.equal(budget.usedUp, false);
  t.mock.timers.tick(1);
  assert.equal(budget.signal.aborted, true, 'a second start does not prolong it');
  assert.equal(budget.usedUp, true);
});

it('is not used up when the work was cancelled, even where its time passes afterwards', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const person = new AbortController();
  const budget = new Budget(1000, person.signal).start();
  person.abort();
  assert.equal(budget.signal.aborted, true);
  t.mock.timers.tick(1000);
  assert.equal(budget.usedUp, false);
});

it('has no end without a limit, and none after the work has ended', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const unlimited = new Budget(null).start();
  assert.equal(unlimited.leftMs, Infinity);
  const ended = new Budget(1000).start();
  ended.end();
  t.mock.timers.tick(1 << 30);
  assert.equal(unlimited.signal.aborted, false);
  assert.equal(ended.signal.aborted, false);
});
