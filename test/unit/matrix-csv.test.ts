import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellOf, readGrid, writeGrid } from '../../src/model/matrix/csv.ts';
import { PinboardError } from '../../src/model/problem.ts';

const LOWER = ',,\n10.5,,\n20,30.25,\n';

test('the lower half is read, and written again as it was', () => {
  const grid = readGrid(LOWER);
  assert.equal(grid.size, 3);
  assert.equal(cellOf(grid, 2, 1), 30.25);
  assert.equal(cellOf(grid, 0, 2), 20, 'whichever is named first');
  const figures = [
    [[0, 1], 10.5],
    [[0, 2], 20],
    [[1, 2], 30.25],
  ] as const;
  assert.equal(writeGrid([0, 1, 2], figures), LOWER);
});

test('a square keeps what differs by direction', () => {
  const square = ',1,2\n3,,4\n5,6,\n';
  const { cells, size } = readGrid(square);
  const figures = [0, 1, 2].flatMap((a) =>
    [0, 1, 2].filter((b) => a !== b).map((b) => [[a, b], cells[a * size + b] ?? NaN] as const),
  );
  assert.equal(writeGrid([0, 1, 2], figures), square);
});

test('an upper half, zeros on the diagonal, Windows lines and a byte order mark are read', () => {
  const grid = readGrid('\ufeff0,1.5e1,20\r\n,0,30\r\n,,0\r\n\r\n');
  assert.deepEqual([cellOf(grid, 0, 1), cellOf(grid, 2, 0), cellOf(grid, 1, 2)], [15, 20, 30]);
});

test('CPUs with gaps between their numbers keep their order, and a pair nobody measured stays empty', () => {
  assert.equal(writeGrid([0, 4, 9], [[[9, 0], 7]]), ',,\n,,\n7,,\n');
});

for (const [what, text, says] of [
  ['no text', '', /fewer than two lines/],
  ['one line', '1,2,3', /fewer than two lines/],
  ['words', ',,\nfast,,\n1,2,', /line 2, cell 1 is "fast"/],
  ['infinity', ',\n1e999,', /line 2, cell 1 is "1e999"/],
  ['hexadecimal', ',\n0x10,', /0x10/],
  ['not a number', ',\nNaN,', /NaN/],
  ['a negative figure', ',\n-3,', /"-3"/],
  ['a zero', ',\n0,', /line 2, cell 1 is 0/],
  ['a hole', ',,\n1,,\n2,,', /line 3, cell 2 is empty/],
  ['too many cells', ',\n1,,3', /line 2 has more cells/],
  ['too many lines', ',\n'.repeat(9000), /9000 lines/],
  ['a page', '<html>\n<body>', /"<html>"/],
] as const) {
  test(`refused with words: ${what}`, () => {
    assert.throws(
      () => readGrid(text),
      (error) => error instanceof PinboardError && error.code === 'bad-file' && says.test(error.message),
    );
  });
}
