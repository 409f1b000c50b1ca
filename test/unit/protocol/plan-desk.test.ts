// A plan's file on a board: changed where it still is what the page showed, and never over what somebody else wrote.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { BoardState } from '../../../src/model/board/state.ts';
import type { PlanEdit } from '../../../src/model/plan/edit/change.ts';
import { planActSchema } from '../../../src/protocol/plan-act.ts';
import type { PlanChange } from '../../../src/protocol/plan-act.ts';
import { PlanDesk } from '../../../src/protocol/plan-desk.ts';
import { exampleText } from '../plan/machines.ts';

const memory = (from: number, to: number): PlanEdit => ({
  words: `data: ${to}`,
  changes: [{ block: 'data', was: { memoryBytes: from * 2 ** 30 }, to: { memoryBytes: to * 2 ** 30 } }],
});
const asked = (edit: PlanEdit): PlanChange => v.parse(planActSchema, { act: 'edit', edit }) as PlanChange;

function opened(): { file: { text: string }; state: BoardState; desk: PlanDesk } {
  const file = { text: exampleText };
  const state = new BoardState(1000, '2030-01-01T00:00:00Z');
  const store = {
    read: () => Promise.resolve(file.text),
    write: (text: string) => {
      file.text = text;
      return Promise.resolve();
    },
    editor: null,
  };
  const desk = new PlanDesk(state, 'x.plan.yaml', store);
  desk.show(file.text);
  return { file, state, desk };
}

test('a change is written and told; it is taken back and made again', async () => {
  const { file, state, desk } = opened();
  await Promise.all([desk.do(asked(memory(60, 50))), desk.do(asked(memory(50, 40)))]);
  assert.match(file.text, /memory: 40GB/);
  assert.deepEqual([state.board.plan?.text, state.board.plan?.undo], [file.text, 'data: 40']);
  await desk.do({ act: 'undo' });
  await desk.do({ act: 'undo' });
  await desk.do({ act: 'undo' });
  assert.equal(file.text, exampleText);
  assert.deepEqual([state.board.plan?.undo, state.board.plan?.redo], [null, 'data: 50']);
  await desk.do({ act: 'redo' });
  assert.match(file.text, /memory: 50GB/);
});

test('what somebody else wrote meanwhile stays, and so does the change beside it; the same place is a conflict', async () => {
  const { file, state, desk } = opened();
  await desk.do(asked(memory(60, 50)));
  file.text = file.text.replace('memory: 32GB', 'memory: 33GB');
  await desk.do(asked(memory(50, 40)));
  assert.match(file.text, /memory: 40GB[^]*memory: 33GB/);
  file.text = file.text.replace('memory: 40GB', 'memory: 41GB');
  const theirs = file.text;
  await assert.rejects(desk.do({ act: 'undo' }), {
    code: 'busy',
    message: 'data was changed meanwhile: its memory is another now. Nothing was written.',
  });
  assert.equal(file.text, theirs);
  assert.equal(state.board.plan?.text, theirs);
});

test('a file that is no plan keeps the last picture, and is not written to', async () => {
  const { file, state, desk } = opened();
  file.text = exampleText.replace('60GB', 'sixty');
  desk.show(file.text);
  assert.deepEqual([state.board.plan?.text, state.board.plan?.good], [file.text, exampleText]);
  desk.show(`${file.text}\n#`);
  assert.equal(state.board.plan?.good, exampleText);
  const broken = file.text;
  await assert.rejects(desk.do(asked(memory(60, 50))), { code: 'bad-file', message: /line 34: .*Nothing was written/ });
  assert.equal(file.text, broken);
  assert.throws(() => desk.show('#'.repeat(2 ** 20 + 1)), { code: 'bad-file' });
  desk.show(exampleText);
  assert.deepEqual(state.board.plan, { file: 'x.plan.yaml', text: exampleText, good: null, undo: null, redo: null });
});

test('what no plan can say is refused before it is written, and what is no change before it is heard', async () => {
  const { file, desk } = opened();
  const nothing = { cores: 8, threads: 16 };
  const edit = { words: 'x', changes: [{ block: 'data', was: nothing, to: { cores: null, threads: null } }] };
  await assert.rejects(desk.do(asked(edit)), { code: 'usage' });
  assert.equal(file.text, exampleText);
  for (const wrong of [
    { act: 'edit', edit: { words: '', changes: [] } },
    { act: 'edit', edit: { words: '', changes: [{ block: 'a', was: {}, to: { cpus: 'x' } }] } },
    { act: 'edit', edit: { words: '', changes: [{ block: 'a', was: {}, to: { name: 'b' } }] } },
    { act: 'edit', edit: { words: '', changes: [{ block: 'a', was: {}, to: { kind: 'x' } }] } },
    { act: 'edit', edit: { words: '', changes: [], lists: [{ list: 'blocks', at: 0, was: [], to: [{ name: 'b' }] }] } },
    { act: 'clear' },
  ])
    assert.ok(!v.safeParse(planActSchema, wrong).success, JSON.stringify(wrong));
});
