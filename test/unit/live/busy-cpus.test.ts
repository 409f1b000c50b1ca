// Which CPUs are called busy: those that stay so, whatever a single sample says.
import assert from 'node:assert/strict';
import test from 'node:test';
import { loadAfter, NO_LOAD } from '../../../src/model/live/busy-cpus.ts';

function busyAfter(...shares: readonly number[]): boolean {
  const samples = shares.map((busy) => ({
    cpus: [
      { id: 7, busy },
      { id: 8, busy: 0 },
    ],
  }));
  return samples.reduce(loadAfter, NO_LOAD).busy.includes(7);
}

test('the first sample counts at once, a short peak or pause does not, and a lasting change does', () => {
  assert.equal(busyAfter(0.9), true);
  assert.equal(busyAfter(0, 0, 0.5), false);
  assert.equal(busyAfter(0, 0, 1, 1), true);
  assert.equal(busyAfter(0.9, 0, 0.9), true);
  assert.equal(busyAfter(0.25, 0, 0), true, 'between the limits it stays what it was');
  assert.equal(busyAfter(0.9, 0, 0, 0, 0, 0, 0, 0), false);
  assert.equal(busyAfter(0.15, 0.15, 0.15), false);
});
