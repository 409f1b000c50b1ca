/** What is packed comes out as it was, whatever it is; what cannot have been packed is refused, whatever it is. */

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { pack, unpack } from '../../../src/model/live/packed.ts';

/** Whole numbers keep all their digits; `__proto__` is no key of ours. */
const key = fc.string({ maxLength: 6 }).filter((text) => text !== '__proto__');
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    ...[fc.integer(), fc.string(), fc.boolean(), fc.constant(null)],
    fc.array(tie('any'), { maxLength: 5 }),
    fc.dictionary(key, tie('any'), { maxKeys: 12, noNullPrototype: true }),
    fc.array(fc.record({ id: fc.integer(), busy: tie('any') }, { noNullPrototype: true }), { maxLength: 5 }),
  ),
})).any;

test('any value comes out as it was', () => {
  fc.assert(
    fc.property(value, (given) => {
      assert.deepEqual(unpack(JSON.parse(JSON.stringify(pack(given)))), given);
    }),
  );
});

test('a list of things that are alike is a table; what is not whole keeps four digits', () => {
  const cpus = [
    { id: 0, busy: 0.123456 },
    { id: 1, busy: 1 / 3 },
  ];
  assert.deepEqual(pack({ cpus, gone: undefined }), {
    cpus: [1, ['id', 'busy'], [0, 1], [0.1235, 0.3333]],
  });
  // One of them knows more: none of it is lost.
  const uneven = [{ id: 0 }, { id: 1, why: 'x' }];
  assert.deepEqual(unpack(pack(uneven)), uneven);
  assert.deepEqual(
    unpack(
      pack([
        { id: 0, gone: undefined },
        { id: 1, gone: 2 },
      ]),
    ),
    [{ id: 0 }, { id: 1, gone: 2 }],
  );
});

test('what was not packed so is refused, and never takes long', () => {
  const deep = (levels: number): unknown => JSON.parse('[0,'.repeat(levels) + ']'.repeat(levels).replace(']', '1]'));
  for (const bad of [
    [],
    [7],
    ['x'],
    [1, ['a', 'b'], [1, 2], [1]],
    [1, ['a'], 3],
    [1, [4], [3]],
    [1, 'a'],
    [2, ['a'], []],
    [2, ['__proto__'], [1]],
    [1, ['__proto__'], [[0]]],
    [1, ['a'], Array.from({ length: 100_001 }, () => 0)],
    deep(100),
  ])
    assert.throws(() => unpack(bad), /not packed as it should be/, JSON.stringify(bad).slice(0, 60));
  fc.assert(
    fc.property(fc.jsonValue(), (given) => {
      try {
        unpack(given);
      } catch (error) {
        assert.match(String(error), /not packed as it should be/);
      }
    }),
  );
});
