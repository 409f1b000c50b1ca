// What pages are told of a board: enough to have what its owner has, and no run twice.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Board } from '../../../src/model/board/board.ts';
import { boardPatch, joinedPatches, patchedBoard } from '../../../src/model/board/patch.ts';
import type { BoardPatch } from '../../../src/model/board/patch.ts';
import { BoardState } from '../../../src/model/board/state.ts';
import { runOf } from '../topologies.ts';

type Run = Board['runs'][number];
const record: Run = runOf({ figures: [[1, 2, 3]] });

/** Runs by id and version; of one version there is one object. */
const pool = Array.from({ length: 6 }, (_, id) =>
  [0, 1].map((version): Run => ({ ...record, id: `run-${id}`, seconds: version })),
);
const lists = fc
  .array(fc.record({ id: fc.nat(5), version: fc.nat(1) }), { maxLength: 8 })
  .map((wanted) => [...new Map(wanted.map(({ id, version }) => [id, pool[id]?.[version]])).values()])
  .map((runs) => runs.filter((run) => run !== undefined));

const asSent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const board = (runs: readonly Run[]): Board => ({ ...new BoardState(1000, '').board, runs });

test('a page that is told every change has the list of its owner', () => {
  fc.assert(
    fc.property(lists, lists, lists, (first, second, third) => {
      const [one, two] = [
        boardPatch(board(first), { runs: second }),
        boardPatch(board(second), { runs: third, samplingMs: 5 }),
      ];
      const page = asSent(board(first));
      const told = patchedBoard(patchedBoard(page, asSent(one)), asSent(two));
      assert.deepEqual(told.runs, asSent(third));
      assert.deepEqual(patchedBoard(page, asSent(joinedPatches(one, two))), told, 'also by both at once');
    }),
  );
});

test('a run that is the same is not told again, nor a list that is', () => {
  const state = new BoardState(1000, '');
  const told: BoardPatch[] = [];
  state.onPatch((change, before) => told.push(boardPatch(before, change)));
  const [old, other] = [pool[0]?.[0], pool[1]?.[0]];
  assert.ok(old && other);
  state.patch({ runs: [old] });
  state.patch({ runs: [old] });
  state.patch({ runs: [other, old] });
  state.patch({ runs: [other] });
  assert.deepEqual(
    told.map(({ runs }) => [runs?.ids, runs?.changed.map(({ id }) => id)]),
    [
      [['run-0'], ['run-0']],
      [['run-1', 'run-0'], ['run-1']],
      [['run-1'], []],
    ],
  );
});
