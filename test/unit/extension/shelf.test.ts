// When the view of runs is drawn anew: when somebody looks and something changed, and never while a run goes on.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Shelf } from '../../../src/extension/views/shelf.ts';

function shelfOf(): { shelf: Shelf; change(): void; run(running: boolean): void; reads(): number } {
  let change: () => void = () => undefined;
  let running = false;
  let reads = 0;
  const shelf = new Shelf({
    store: {
      all: () => Promise.resolve({ runs: [], unread: [], more: 0 }),
      usage: () => Promise.resolve({ runs: 0, bytes: 0 }),
      onChange: (listener) => {
        change = listener;
        return () => (change = () => undefined);
      },
    },
    recordings: () => Promise.resolve([]),
    isRunning: () => running,
    onRead: () => reads++,
    onProblem: (error) => assert.fail(String(error)),
  });
  return { shelf, change: () => change(), run: (now) => (running = now), reads: () => reads };
}

describe('the shelf of kept runs', () => {
  it('is read when somebody looks, and not before', async () => {
    const { shelf, change, reads } = shelfOf();
    change();
    await shelf.settle();
    assert.equal(reads(), 0);
    shelf.open();
    await shelf.settle();
    shelf.open();
    await shelf.settle();
    assert.equal(reads(), 1, 'nothing had changed');
  });

  it('is read once for a run, at its end, however often that was stored', async () => {
    const { shelf, change, run, reads } = shelfOf();
    shelf.open();
    await shelf.settle();
    run(true);
    for (let round = 0; round < 1000; round++) {
      change();
      if (round % 100 === 0) await shelf.settle();
    }
    assert.equal(reads(), 1);
    run(false);
    await shelf.settle();
    assert.equal(reads(), 2);
  });

  it('misses no change that comes while it is read', async () => {
    const { shelf, change, reads } = shelfOf();
    shelf.open();
    const first = shelf.settle();
    await Promise.resolve();
    await Promise.resolve();
    change();
    await first;
    await shelf.settle();
    assert.equal(reads(), 2);
    shelf.dispose();
    change();
    await shelf.settle();
    assert.equal(reads(), 2);
  });
});
