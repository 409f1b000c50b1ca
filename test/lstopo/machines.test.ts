/** Machines that no one has sent us, held against the real lstopo: what it says of each file tree is what we say. */

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { varied } from '../support/long.ts';
import { honestMachine, lyingMachine } from './arbitrary.ts';
import { compareMachine } from './answers.ts';

// Found differences shrink to the plainest machine that still differs. PINBOARD_MACHINES looks at more.
const RUNS = Number(process.env['PINBOARD_MACHINES'] ?? varied(30, 60));

test('machines of every kind are read as lstopo reads them', () => {
  let compared = 0;
  fc.assert(
    fc.property(honestMachine, (machine) => {
      const answer = compareMachine(machine);
      if (answer === null) return;
      compared++;
      assert.deepEqual(answer.differences, []);
    }),
    { numRuns: RUNS },
  );
  assert.ok(compared > RUNS / 2, `lstopo answered for ${compared} of ${RUNS} machines`);
});

test('where a host contradicts itself lstopo’s choice is taken, and said', () => {
  let compared = 0;
  fc.assert(
    fc.property(lyingMachine, (machine) => {
      const answer = compareMachine(machine);
      if (answer === null) return;
      compared++;
      assert.deepEqual(answer.differences, [], answer.topology.warnings.join('\n'));
    }),
    { numRuns: RUNS },
  );
  assert.ok(compared > RUNS / 2, `lstopo answered for ${compared} of ${RUNS} machines`);
});
