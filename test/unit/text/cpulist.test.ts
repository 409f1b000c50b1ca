import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { CpuListError, MAX_ID, formatCpuList, parseCpuList } from '../../../src/model/text/cpulist.ts';
import { parseCpuMask } from '../../../src/model/formats/sysfs/mask.ts';

const ids = fc.uniqueArray(fc.integer({ min: 0, max: 2000 }), { maxLength: 200 });

test('a list written is the list read', () => {
  fc.assert(
    fc.property(ids, (set) => {
      const sorted = [...set].sort((a, b) => a - b);
      assert.deepEqual(parseCpuList(formatCpuList(set)), sorted);
    }),
  );
});

test('writing is as short as the kernel writes', () => {
  assert.equal(formatCpuList([5, 0, 1, 2, 2]), '0-2,5');
  assert.equal(formatCpuList([0, 1]), '0-1');
  assert.equal(formatCpuList([]), '');
});

test('repeats and overlaps are one id, empty pieces are none', () => {
  assert.deepEqual(parseCpuList('0-3,2-4,,4\n'), [0, 1, 2, 3, 4]);
  assert.deepEqual(parseCpuList(''), []);
});

test('what is no list is refused with the part that is wrong', () => {
  for (const text of ['a', '1-', '-1', '3-1', '0-31:1/2', '1 2', '0x3', `0-${String(MAX_ID + 1)}`, '9'.repeat(99)]) {
    assert.throws(() => parseCpuList(text), CpuListError, text);
  }
});

test('any text gives ids or a CpuListError', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9,-]{0,20}$/)), (text) => {
      try {
        assert.ok(parseCpuList(text).every((id) => id >= 0 && id <= MAX_ID));
      } catch (error) {
        assert.ok(error instanceof CpuListError);
      }
    }),
  );
});

/** As the kernel prints a mask: groups of 32 bits, most significant first. */
function mask(set: readonly number[]): string {
  const groups = new Array<number>(Math.floor(Math.max(0, ...set) / 32) + 1).fill(0);
  for (const id of set) groups[id >> 5] = ((groups[id >> 5] ?? 0) | (1 << (id & 31))) >>> 0;
  return groups
    .reverse()
    .map((group) => group.toString(16).padStart(8, '0'))
    .join(',');
}

test('a mask holds the ids whose bits are set', () => {
  fc.assert(
    fc.property(ids, (set) => {
      const sorted = [...set].sort((a, b) => a - b);
      assert.deepEqual(parseCpuMask(mask(set)), sorted);
    }),
  );
  assert.deepEqual(parseCpuMask('00000001,80000001\n'), [0, 31, 32]);
});

test('what is no mask is null', () => {
  for (const text of ['', 'xyz', '0-3', '123456789', ',', '0,'.repeat(5000)]) assert.equal(parseCpuMask(text), null);
});
