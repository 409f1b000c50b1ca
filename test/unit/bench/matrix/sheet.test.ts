import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairFigures } from '../../../../src/model/bench/matrix/cells.ts';
import { unfold } from '../../../../src/model/bench/matrix/costs.ts';
import type { CostTable } from '../../../../src/model/bench/matrix/costs.ts';
import { measurable } from '../../../../src/model/bench/matrix/pairs.ts';
import { between, classSteps, cpuSheet, groupsOf, nodeSheet } from '../../../../src/model/bench/matrix/sheet.ts';
import type { Sheet } from '../../../../src/model/bench/matrix/sheet.ts';
import { cellAt, HEADS, sheetMarks } from '../../../../src/model/svg/sheet.ts';
import type { Mark } from '../../../../src/model/svg/marks.ts';
import type { Run } from '../../../../src/model/run/run.ts';
import { cpuNumbers } from '../../../../src/model/topology/numbering.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { machine } from '../../layout/topologies.ts';
import { measured, tableOf } from './measured.ts';

/** Two sockets of four cores with two threads: P#0 and P#8 are one core. */
const HOST = machine({ packages: 2, coresPerNode: 4, threads: 2, name: 'small' });
/** 16 nodes of 64 CPUs. */
const LARGE = machine({ packages: 16, coresPerNode: 32, threads: 2, name: 'large' });

/** What a pair costs, dearer where the line lies on the second node. */
const cost = (a: number, b: number): number =>
  a % 8 === b % 8 ? 9 : a % 8 < 4 === b % 8 < 4 ? 50 + (a % 3) : a % 8 < 4 ? 110 : 150;

const runOf = (topology: Topology, most: number): Run => measured(topology, cost, most);

/** Row by row as the page asks for it. */
function sheetOf(run: Run, rows: readonly number[], columns: readonly number[], kind: 'P' | 'L' = 'P'): Sheet {
  const figures = pairFigures(run, rows, columns);
  return cpuSheet(run.topology, tableOf(run), { rows, columns, figures, numbers: cpuNumbers(run.topology, kind) });
}

const all = (mark: Mark): Mark[] => [
  mark,
  ...mark.children.flatMap((one) => (typeof one === 'string' ? [] : all(one))),
];

test('a table keeps which pairs were measured, in as few numbers as they take', () => {
  const run = runOf(HOST, 40);
  const table = tableOf(run);
  const { classes, measured } = unfold(table);
  const size = table.cpus.length;
  const place = (a: number, b: number): number => table.cpus.indexOf(a) * size + table.cpus.indexOf(b);
  for (const [at, own] of (run.results[0]?.classes ?? []).entries()) {
    own.pairs.forEach(([a, b], i) => {
      assert.equal(classes[place(a, b)], at);
      assert.equal(measured[place(a, b)], own.measured.includes(i) ? 1 : 0, `${a} to ${b}`);
    });
  }
  const whole = tableOf(runOf(HOST, 10_000));
  assert.ok(
    whole.measured.every((row) => row.length <= 4),
    'all but the CPU itself: two runs',
  );
});

test('rows and columns stand in the order of the topology, by node', () => {
  const groups = groupsOf(HOST, tableOf(runOf(HOST, 40)));
  assert.deepEqual(
    groups.map(({ node, cpus }) => [node, cpus]),
    [
      [0, [0, 8, 1, 9, 2, 10, 3, 11]],
      [1, [4, 12, 5, 13, 6, 14, 7, 15]],
    ],
  );
});

test('a cell of two CPUs says what they cost, its class, and whether that was measured', () => {
  const run = runOf(HOST, 40);
  const { classes = [] } = run.results[0] ?? {};
  const [first] = groupsOf(HOST, tableOf(run));
  const cpus = first?.cpus ?? [];
  const sheet = sheetOf(run, cpus, cpus);
  let [measured, inferred] = [0, 0];
  for (const { name, pairs, figures, measured: known } of classes) {
    pairs.forEach(([a, b], i) => {
      const [row, column] = [cpus.indexOf(a), cpus.indexOf(b)];
      if (row < 0 || column < 0) return;
      const words = sheet.words(row, column);
      const evidence = known.includes(i) ? 'measured' : 'inferred';
      assert.match(words, new RegExp(`^CPU ${a} to CPU ${b}: [\\d.]+ ns, class ${name}, ${evidence}$`));
      assert.equal(sheet.cell(row, column).figure, Number((figures[i] ?? NaN).toPrecision(5)));
      if (evidence === 'measured') measured++;
      else inferred++;
    });
  }
  assert.ok(measured > 0 && inferred > 0, `${measured} measured, ${inferred} inferred`);
  assert.equal(sheet.words(0, 0), 'CPU 0: no pair with itself');
  assert.equal(sheet.rows[2]?.begins, null, 'one L3 a socket');
});

test('both ways between two nodes are two cells; numbers are those that the board shows', () => {
  const run = runOf(HOST, 10_000);
  const [one, two] = groupsOf(HOST, tableOf(run));
  const there = sheetOf(run, one?.cpus ?? [], two?.cpus ?? []);
  const back = sheetOf(run, two?.cpus ?? [], one?.cpus ?? []);
  assert.equal(there.cell(0, 0).figure, 110);
  assert.equal(back.cell(0, 0).figure, 150);
  assert.match(sheetOf(run, one?.cpus ?? [], two?.cpus ?? [], 'L').words(1, 0), /^CPU L#1 to CPU L#8: 110 ns, /);
});

test('until the figures of a cell are there it says what its class costs', () => {
  const run = runOf(HOST, 10_000);
  const numbers = cpuNumbers(HOST, 'P');
  const sheet = cpuSheet(HOST, tableOf(run), { rows: [0], columns: [4], figures: null, numbers });
  assert.match(sheet.words(0, 0), /^CPU 0 to CPU 4: class .*, whose median is 110 ns, measured$/);
  assert.equal(sheet.cell(0, 0).figure, null);
  assert.deepEqual(pairFigures({ ...run, results: [] }, [0], [4]), [[null]], 'a run without a matrix has no figures');
});

test('node by node every pair is counted once, and the figure is that of the middle one', () => {
  const run = runOf(HOST, 60);
  const table = tableOf(run);
  const groups = groupsOf(HOST, table);
  const [one, two] = groups;
  assert.ok(one && two);
  assert.equal(between(table, one, one).pairs, 28);
  assert.equal(between(table, one, two).pairs, 64);
  const counted = groups.flatMap((from) => groups.map((to) => between(table, from, to).measured));
  const { measuredPairs } = run.results[0] ?? {};
  assert.equal(
    counted.reduce((sum, count) => sum + count, 0),
    measuredPairs,
  );
  const sheet = nodeSheet(table, groups);
  assert.match(
    sheet.words(0, 1),
    /^node 0 to node 1: 110 ns is the middle one of 64 pairs, class .*, \d+ measured, the others inferred$/,
  );
  assert.match(
    sheet.words(0, 0),
    /^within node 0: 5\d(\.\d)? ns is the middle one of 28 pairs, classes .* \(24\) and same core \(4\), /,
  );
  assert.equal(
    table.classes[sheet.cell(0, 1).class]?.median,
    sheet.cell(0, 1).figure,
    'colour and figure are of one class',
  );
});

test('each class has a step, the cheapest the lowest; more classes than steps share them in order', () => {
  assert.deepEqual(classSteps(2), [1, 2]);
  assert.deepEqual(classSteps(3), [1, 2, 4]);
  assert.deepEqual(classSteps(6), [1, 2, 3, 4, 5, 6]);
  const many = classSteps(9);
  assert.deepEqual([many[0], many.at(-1)], [1, 6]);
  assert.ok(many.every((step, i) => step >= (many[i - 1] ?? 1)));
});

test('of a thousand CPUs only what is in sight is drawn, and its cells are where they are pointed at', () => {
  const cpusOf = measurable(LARGE);
  const table: CostTable = {
    ...{ run: 'large', metric: 'ns', emulated: false, simulated: null, cpus: cpusOf },
    classes: [{ name: 'any two', pairs: 523_776, median: 100, interval: null, measuredPairs: 0 }],
    rows: cpusOf.map(() => [0, cpusOf.length]),
    measured: cpusOf.map(() => []),
  };
  const groups = groupsOf(LARGE, table);
  assert.equal(nodeSheet(table, groups).rows.length, 16);
  const cpus = groups.flatMap((group) => group.cpus);
  const sheet = cpuSheet(LARGE, table, { rows: cpus, columns: cpus, figures: null, numbers: cpuNumbers(LARGE, 'P') });
  const sight = { w: 12, h: 12, left: 6000, top: 3000, width: HEADS.w + 240, height: HEADS.h + 120 };
  const face = { sheet, steps: classSteps(table.classes.length), figure: String, lit: [], focused: null };
  const marks = sheetMarks(face, sight).flatMap(all);
  const drawn = marks
    .filter(({ attrs }) => String(attrs['class']).startsWith('pairs'))
    .flatMap(({ attrs }) => String(attrs['d']).split('M').slice(1));
  assert.equal(drawn.length, 20 * 10);
  assert.deepEqual(cellAt(sheet, sight, [HEADS.w, HEADS.h]), { row: 250, column: 500 });
  assert.equal(cellAt(sheet, sight, [HEADS.w - 1, HEADS.h + 5]), null, 'the names are no cells');
  const names = marks
    .filter(({ tag }) => tag === 'text')
    .map(({ children }) => children.filter((one) => typeof one === 'string').join(''));
  assert.ok(names.includes(`P#${cpus[250] ?? ''}`), names.join());
});
