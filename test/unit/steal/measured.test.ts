// Distances between nodes from a run: what was not shown to differ is one distance, and what was not measured is none.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { measuredDistances } from '../../../src/model/steal/measured.ts';
import { stealOrders } from '../../../src/model/steal/order.ts';
import type { Result, Run } from '../../../src/model/run/run.ts';
import { parseRun } from '../../../src/protocol/run.ts';
import { measuredNodes } from '../bench/nodes/measured.ts';
import { fourNodes, runOf } from '../topologies.ts';

const MATRIX = parseRun(
  readFileSync(new URL('../../../docs/examples/four-sockets-matrix.numa.json', import.meta.url), 'utf8'),
);

/** The recorded matrix, each class that is between sockets with this median and this interval, the nearest distance first. */
function matrix(...between: readonly (readonly [median: number, low: number, high: number])[]): Run {
  const rest = [...between];
  const [result] = MATRIX.results;
  assert.ok(result?.classes);
  const byDistance = [...result.classes].sort((a, b) => (a.name < b.name ? -1 : 1));
  const changed = new Map(
    byDistance.flatMap(({ name }) => {
      const own = name.startsWith('other socket') ? rest.shift() : undefined;
      return own ? [[name, own] as const] : [];
    }),
  );
  const classes: Result['classes'] = result.classes.map((one) => {
    const [median, low, high] = changed.get(one.name) ?? [];
    return median === undefined ? one : { ...one, median, interval: [low ?? 0, high ?? 0] as const };
  });
  return { ...MATRIX, results: [{ ...result, classes }] };
}

const NODES = [0, 1, 2, 3];
const between = (run: Run, from: number, to: number): number | null | undefined => {
  const [one, two] = [from, to].map((id) => run.topology.nodes.find((node) => node.id === id));
  assert.ok(one && two);
  return measuredDistances(run, NODES)?.distance(one, two);
};

test('of a matrix: classes that lie in each other’s intervals are one distance, others are as far as measured', () => {
  // Firmware says 16, 22 and 28 from node 0 to 1, 2 and 3.
  const run = matrix([110, 105, 116], [112, 108, 118], [190, 185, 197]);
  assert.deepEqual(
    [1, 2, 3].map((to) => between(run, 0, to)),
    [110, 110, 190],
  );
  assert.equal(measuredDistances(run, NODES)?.what, 'core to core');
  const { distance, words } = measuredDistances(run, NODES) ?? assert.fail();
  const { classes } = stealOrders(run.topology, [0, 4, 8, 12], distance, words);
  assert.deepEqual(
    classes.map((one) => one.words),
    ['node at 110 ns', 'node at 190 ns'],
  );
});

test('what firmware calls farther and was measured nearer is nearer', () => {
  const run = matrix([190, 185, 197], [150, 145, 152], [110, 105, 116]);
  assert.deepEqual(
    [1, 2, 3].map((to) => between(run, 0, to)),
    [190, 150, 110],
  );
});

test('of memory latency between nodes where there is no matrix', () => {
  const run = measuredNodes(fourNodes(), { ns: (from, to) => 80 + 20 * Math.abs(from - to) });
  const found = measuredDistances(run, NODES);
  assert.equal(found?.what, 'of memory');
  assert.deepEqual(
    [1, 2, 3].map((to) => between(run, 0, to)),
    [100, 120, 140],
  );
});

test('a run that does not cover the nodes says nothing of them', () => {
  assert.equal(measuredDistances(runOf({ figures: [[1], [2]] }), [0, 1]), null);
  assert.equal(measuredDistances({ ...MATRIX, results: [] }, NODES), null);
  const run = measuredNodes(fourNodes());
  assert.equal(measuredDistances({ ...run, results: run.results.slice(1) }, NODES), null);
});
