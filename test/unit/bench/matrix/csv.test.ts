import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellOf, readGrid, writeGrid } from '../../../../src/model/bench/matrix/csv.ts';
import { PinboardError } from '../../../../src/model/problem.ts';

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

test('where both halves are there, a pair is the mean of its two directions', () => {
  const grid = readGrid(',101,0.1\n110,,112\n0.2,121,\n');
  assert.deepEqual([cellOf(grid, 0, 1), cellOf(grid, 1, 0), cellOf(grid, 2, 0)], [105.5, 105.5, 0.15]);
});

for (const [what, text] of [
  ['semicolons and decimal commas', ';;\r\n10,5;;\r\n20;30,25;\r\n'],
  ['tabs', '\t\t\n10.5\t\t\n20\t30.25\t\n'],
  ['quoted cells', '"","",""\n"10.5","",""\n"20","30.25",""\n'],
  ['numbered lines and columns', ',0,1,2\n0,,,\n1,10.5,,\n2,20,30.25,\n'],
  ['named CPUs', 'cpu,0,4,9\n0,,,\n4,10.5,,\n9,20,30.25,\n'],
  ['lines that end at their own place', '\n10.5\n20,30.25\n'],
  ['old Macintosh lines', ',,\r10.5,,\r20,30.25,\r'],
  [
    'a table from a terminal',
    'Num cores: 3\n\n       0       1       2 \n  0\n  1   10.5±0\n  2   20±1    30.25±0 \n\nMin  latency: 9.0ns\n',
  ],
  [
    'a table with colours, wide figures and names',
    '$ core-to-core-latency\n \u001b[1m      0       4      11 \u001b[0m\r\n   0  -\r\n   4  10.5±100\r\n  11    20±1  30.25±1000  -\r\n',
  ],
  ['a table without its head', '  0\n  1   10.5±0 \n  2   20±1    30.25±0 \n'],
] as const) {
  test(`read: ${what}`, () => {
    const grid = readGrid(text);
    assert.equal(grid.size, 3);
    assert.deepEqual([cellOf(grid, 0, 1), cellOf(grid, 0, 2), cellOf(grid, 1, 2)], [10.5, 20, 30.25]);
  });
}

for (const [what, text, says] of [
  ['two lines run together', ',,,\n1,,,\n2,3,,4,5,6,\n', /line 3 has 7 cells, most others have 4/],
  ['a line cut off', ',,,\n1,,,\n2\n4,5,6,\n', /line 3 has 1 cells, most others have 4/],
  ['a column too many', ',,,\n1,,,\n2,3,,\n', /line 1 has more cells \(4\) than there are lines of CPUs \(3\)/],
  ['a million columns', `${','.repeat(1e6)}\n1,\n2,\n`, /line 1 has more than 12 cells/],
  ['NUL bytes', ',\n\0\0,', /not a number/],
  ['an absurd figure', ',\n1e308,', /no latency between CPUs is that long/],
  ['a table that breaks off', '   0   1   2\n  0\n  1   10±0\n', /names 3 CPUs, but only 2 rows/],
  ['a table with a hole', '   0   1   2\n  0\n  1   10±0\n  2   10±0\n', /line 4, cell 2 is empty/],
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
