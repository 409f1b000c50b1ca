import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Running } from '../../../../src/model/board/board.ts';
import { MatrixProgress } from '../../../../src/remote/bench/matrix-progress.ts';
import { TWO_SOCKETS } from '../../layout/topologies.ts';

test('a matrix tells the pair that is measured, and the last figures of each kind of pair, near ones first', () => {
  const told: Running[] = [];
  const asked = { topology: TWO_SOCKETS, question: 'What does it cost?', metric: 'ns' };
  const progress = new MatrixProgress((running) => told.push(running), asked);
  progress.begin([0, 18]);
  assert.deepEqual(told.at(-1)?.at, [0, 18]);
  for (let i = 0; i < 100; i++) progress.land([0, 18], 100 + i, [0, 36]);
  progress.land([0, 36], 9, [0, 1]);
  progress.land([0, 1], null, null);
  progress.tell(0.5, '101 of 2556 pairs measured');
  const last = told.at(-1);
  assert.deepEqual(last?.labels, ['same core', 'other socket, distance 21']);
  assert.deepEqual(last.points[0], [9]);
  assert.deepEqual([last.points[1]?.length, last.points[1]?.at(-1)], [40, 199]);
  assert.deepEqual(last.metrics, ['ns', 'ns']);
  assert.equal(last.at, null);
});
