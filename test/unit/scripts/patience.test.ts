/** A suite's time limit: stretched on a loaded machine, never without end. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowness, watchLimit } from '../../../scripts/setup/patience.mjs';

const idle = { load: 0.5, cpus: 2, stealShare: 0 };

test('an idle machine has the limit as it is written', () => {
  assert.equal(slowness(idle), 1);
  assert.equal(slowness({ ...idle, load: 2 }), 1);
});

test('work takes longer by how many share a CPU, and by what the hypervisor keeps', () => {
  assert.equal(slowness({ ...idle, load: 4 }), 2);
  assert.equal(slowness({ ...idle, stealShare: 0.5 }), 2);
  assert.equal(slowness({ load: 3, cpus: 2, stealShare: 0.25 }), 2);
});

test('no load stretches a limit beyond three times', () => {
  assert.equal(slowness({ ...idle, load: 500, stealShare: 1 }), 3);
});

test('a limit runs out in the end, whatever the load, and not once it is stopped', async () => {
  let stopped = false;
  const stop = watchLimit(1, () => (stopped = true));
  stop();
  await new Promise<void>((resolve) => {
    watchLimit(
      600,
      () => resolve(),
      () => ({ ...idle, load: 500 }),
    );
  });
  assert.equal(stopped, false);
});
