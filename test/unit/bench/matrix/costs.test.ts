import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  classesFrom,
  classesTo,
  costBetweenNodes,
  costTable,
  costWithinCache,
} from '../../../../src/model/bench/matrix/costs.ts';
import type { CostTable } from '../../../../src/model/bench/matrix/costs.ts';
import { randomFrom } from '../../../../src/model/run/statistics.ts';
import { carriedCosts, costClasses } from '../../../../src/webview/machine/cost.ts';
import { moveWords } from '../../../../src/webview/machine/labels.ts';
import { SPSC_SLOTS } from '../../../../src/model/bench/spsc/slots.ts';
import { CONSUMER, placed } from '../../../support/slots.ts';
import { FAMILIES, hiddenMachine } from './machines.ts';
import { measured, tableOf } from './measured.ts';
import { TWO_SOCKETS } from '../../layout/topologies.ts';

test('each pair is looked up in the class that holds it, from the side on which the line lies', () => {
  for (const family of FAMILIES) {
    const { topology, latency } = hiddenMachine(family, randomFrom(7));
    const run = measured(topology, latency);
    const table = tableOf(run);
    const classes = run.results[0]?.classes ?? [];
    const both = new Set(classes.flatMap(({ pairs }) => pairs.map(([a, b]) => `${String(a)} ${String(b)}`)));
    for (const [at, own] of classes.entries()) {
      for (const [a, b] of own.pairs) {
        assert.equal(classesFrom(table, a).get(b), at, family);
        assert.equal(classesTo(table, b).get(a), at, family);
        // Within a node there is one figure for both ways.
        if (!both.has(`${String(b)} ${String(a)}`)) assert.equal(classesFrom(table, b).get(a), at, family);
      }
    }
    for (const cpu of table.cpus) assert.equal(classesFrom(table, cpu).has(cpu), false, 'no line to itself');
    const listed = Object.values(run.results[0]?.classes ?? {}).reduce((sum, own) => sum + own.pairs.length, 0);
    assert.ok(JSON.stringify(table).length < 12 * listed + 4000, 'runs of equals are not written out');
  }
});

test('while a token is carried every CPU shows what was measured, by class', () => {
  const table = tableOf(
    measured(TWO_SOCKETS, (a, b) => (a % 36 === b % 36 ? 9 : a % 36 < 18 === b % 36 < 18 ? 49 : 112)),
  );
  const placement = placed({ producer: 0 });
  const carried = carriedCosts(
    { topology: TWO_SOCKETS, slots: SPSC_SLOTS, placement, group: null, costs: table },
    CONSUMER,
  );
  assert.ok(carried?.measured);
  assert.deepEqual(
    [36, 1, 18].map((cpu) => carried.costs.get(cpu)?.short),
    ['9', '49', '112'],
  );
  assert.deepEqual(
    costClasses(carried.costs).map(({ step, figure }) => [step, figure]),
    [
      [1, '9 ns one way, measured'],
      [2, '49 ns one way, measured'],
      [4, '112 ns one way, measured'],
    ],
  );
  const view = { topology: TWO_SOCKETS, slots: SPSC_SLOTS, placement, group: null, costs: table };
  assert.equal(
    moveWords(view, CONSUMER, { kind: 'cpu', id: 18 }),
    'cpu 18: other socket, distance 21 from the producer, 112 ns one way, measured',
  );
  assert.equal(costBetweenNodes(table, TWO_SOCKETS, 0, 1), 112);
  assert.deepEqual(costWithinCache(table, TWO_SOCKETS, 0), { level: 3, ns: 49 });
});

test('a CPU that was not measured says so, and keeps the word for what it shares', () => {
  const table = tableOf(measured(TWO_SOCKETS, () => 50));
  const without: CostTable = { ...table, cpus: table.cpus.slice(0, -1), rows: table.rows.slice(0, -1) };
  const last = table.cpus.at(-1) ?? -1;
  const costs = carriedCosts(
    { topology: TWO_SOCKETS, slots: SPSC_SLOTS, placement: placed({ producer: 0 }), group: null, costs: without },
    CONSUMER,
  )?.costs;
  assert.equal(costs?.get(last)?.figure, null);
  assert.equal(costs.get(last)?.step, 0);
});

test('a run without a matrix, or with an empty one, gives no table', () => {
  const run = measured(TWO_SOCKETS, () => 50);
  assert.equal(costTable({ ...run, results: [] }), null);
  const empty = run.results.map((result) => ({
    ...result,
    classes: (result.classes ?? []).map((own) => ({ ...own, median: null, figures: [], measured: [] })),
  }));
  assert.equal(costTable({ ...run, results: empty }), null);
});
