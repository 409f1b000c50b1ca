import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { changedTable } from '../../../src/model/live/tables.ts';
import type { Table } from '../../../src/model/live/tables.ts';

const after = (table: Table, changes: Record<string, string>): Record<string, Record<string, number>> | null => {
  const now = changedTable(table, changes);
  return now && Object.fromEntries([...now].map(([name, row]) => [name, Object.fromEntries(row)]));
};

test('changes make a table, and leave the one before as it was', () => {
  const before = changedTable(new Map(), { hit: '=5 ~2 =-7', miss: '~9 =1' });
  assert.ok(before);
  assert.deepEqual(after(before, {}), { hit: { 0: 5, 3: -7 }, miss: { 9: 1 } });
  assert.deepEqual(after(before, { hit: '3 =zz ~1 !' }), { hit: { 0: 8, 1: 1295 }, miss: { 9: 1 } });
  assert.deepEqual(after(before, {}), { hit: { 0: 5, 3: -7 }, miss: { 9: 1 } });
});

test('what does not fit what is there is refused', () => {
  const table: Table = new Map([['hit', new Map([[0, 5]])]]);
  for (const words of [
    '',
    '?',
    '~1 1',
    '~1 !',
    '=',
    '==1',
    '1  1',
    '2gosa7pa2gv',
    '~99999 =1',
    '~-1 =1',
    '1.5',
    '=0_1',
    '=A',
  ])
    assert.equal(changedTable(table, { hit: words }), null, words);
  assert.equal(changedTable(table, { ['x'.repeat(65)]: '=1' }), null);
  assert.equal(changedTable(table, Object.fromEntries(Array.from({ length: 4096 }, (_, i) => [i, '=1']))), null);
});

test('whatever the words, there is a bounded table or none', () => {
  const word = fc.oneof(
    fc.string(),
    fc.integer().map((one) => one.toString(36)),
    fc.constantFrom('=1', '~3', '!', '~99999', '1'),
  );
  const changes = fc.dictionary(
    fc.string(),
    fc.array(word).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(fc.array(changes), (lines) => {
      let table: Table = new Map();
      for (const line of lines) table = changedTable(table, line) ?? table;
      for (const row of table.values())
        for (const [id, value] of row) assert.ok(Number.isSafeInteger(value) && id >= 0 && id < 200_000);
    }),
  );
});
