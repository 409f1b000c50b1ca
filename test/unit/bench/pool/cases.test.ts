// What lists of loads, orders and touches come to as cases, what the agent is told of their orders, and that a case goes through a file.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { poolOn } from '../../../../src/model/bench/pool/on-machine.ts';
import { MOST_WORKERS, poolCases } from '../../../../src/model/bench/pool/cases.ts';
import type { PoolAsked } from '../../../../src/model/bench/pool/cases.ts';
import { poolLabels } from '../../../../src/model/bench/pool/labels.ts';
import { POOL_LOADS, STEAL_ORDERS } from '../../../../src/model/cases/pool.ts';
import { caseSchema } from '../../../../src/protocol/cases.ts';
import { fourNodes, machine, oneNode } from '../../topologies.ts';

const four = fourNodes();
const asked = (more: Partial<PoolAsked> = {}): PoolAsked => ({
  loads: POOL_LOADS,
  orders: STEAL_ORDERS,
  touches: ['worker', 'main', 'interleave'],
  cpus: [0, 1, 2, 3, 4, 5, 6, 7],
  pages: '4k',
  sizeBytes: 1 << 20,
  ...more,
});

test('every load under every order and touch, those that differ in their order alone one after the other', () => {
  const { cases, leftOut } = poolCases(four, asked());
  assert.equal(cases.length, 54);
  assert.deepEqual(leftOut, []);
  assert.deepEqual(
    cases.slice(0, 3).map(({ load, touch, order }) => `${load} ${touch} ${order}`),
    ['traversal worker flat', 'traversal worker random', 'traversal worker hierarchical'],
  );
  for (const one of cases) assert.deepEqual(v.parse(caseSchema, JSON.parse(JSON.stringify(one))), one);
  assert.equal(new Set(poolLabels(cases)).size, 54);
});

test('a pool is on one node at least, and on as many once', () => {
  const none = { code: 'usage', message: 'A pool is on one node at least.' };
  assert.throws(() => poolCases(four, asked({ across: [0, 1] })), none);
  const { cases } = poolCases(four, asked({ across: [1, 1], loads: ['tree'], touches: ['worker'] }));
  assert.equal(cases.length, 3);
});

test('both pools of a service are spread over the nodes', () => {
  const [one] = poolCases(four, asked({ loads: ['dispatch'], dispatchers: 4 })).cases;
  assert.ok(one);
  assert.deepEqual(one.cpus.slice(0, 4), [0, 2, 4, 6], 'one of each node');
  assert.deepEqual(one.cpus.slice(4), [1, 3, 5, 7]);
});

test('the agent is told each order once: of flat lists by number, of others the nearest first, never across two pools', () => {
  const { cases } = poolCases(four, asked({ loads: ['tiny', 'dispatch'], touches: ['worker'], dispatchers: 4 }));
  const bench = poolOn(four, cases);
  const [command, ...words] = bench.agentWords(cases, null);
  assert.equal(command, 'pool');
  const orders = words.filter((word) => word !== '--order');
  assert.equal(orders.length, 4, 'two for one pool, two for two');
  const [flat = '', near = '', , two = ''] = orders;
  assert.match(flat, /^0:1\+1:2\+3\+2:4\+5\+6\+7\//);
  assert.match(flat.split('/')[7] ?? '', /^\d:0\+1\+/, 'everybody begins with the first');
  assert.match(near.split('/')[7] ?? '', /^0:6\+1:/);
  assert.match(near.split('/')[0] ?? '', /^0:1\+/);
  for (const [worker, list] of two.split('/').entries())
    for (const victim of list.split('+').map((item) => Number(item.split(':').at(-1))))
      assert.equal(worker < 4, victim < 4, `${String(worker)} steals from ${String(victim)}`);
  const told = cases.map((one) => bench.agentCase(one));
  assert.deepEqual(
    told.map(({ order, pick }) => `${String(order)} ${String(pick)}`),
    ['0 listed', '1 random', '1 listed', '2 listed', '3 random', '3 listed'],
  );
  assert.equal(told[0]?.['cpu'], '0+1+2+3+4+5+6+7');
  assert.equal(told[3]?.['first'], 4);
});

test('what cannot be is left out with a reason, or refused', () => {
  const alone = poolCases(oneNode(), asked({ cpus: [0], touches: ['worker', 'replicate'] }));
  assert.ok(alone.cases.every(({ load }) => load !== 'dispatch'));
  assert.ok(alone.cases.every(({ load, touch }) => touch !== 'replicate' || (load !== 'tree' && load !== 'tiny')));
  assert.equal(alone.leftOut.length, 3);
  assert.throws(() => poolCases(four, asked({ touches: ['bind'] })), /--node/);
  assert.throws(() => poolCases(four, asked({ loads: ['dispatch'], dispatchers: 8 })), /need a worker/);
  assert.throws(() => poolCases(oneNode(), asked({ loads: ['dispatch'], cpus: [0] })), /nothing to measure/);
  const large = machine({ packages: 8, coresPerNode: 80 });
  const cpus = large.cpus.map(({ id }) => id);
  assert.throws(() => poolCases(large, asked({ cpus })), new RegExp(`${String(MOST_WORKERS)} workers at most`));
});

test('the words that repeat a run name all that it varied', () => {
  const { cases } = poolCases(four, asked({ loads: ['distance'], touches: ['bind'], node: 1, orders: ['flat'] }));
  const words = poolOn(four, cases).repeatWords(cases, null, { rounds: 11, durationMs: 100 });
  assert.equal(
    words.join(' '),
    'bench pool --cpu 0,1,2,3,4,5,6,7 --load distance --orders flat --touch bind --node 1 --pages 4k --size 1048576 --duration 100ms --repeat 11',
  );
});
