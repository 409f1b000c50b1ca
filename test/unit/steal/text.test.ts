// The table of a steal order is read by people: lists in their order, nodes once for all who go there alike, a line a worker at any size.
import assert from 'node:assert/strict';
import test from 'node:test';
import { stealOrders } from '../../../src/model/steal/order.ts';
import { inOrder, stealOrderText } from '../../../src/model/steal/text.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { machine, oneNode, twoSockets } from '../topologies.ts';

const textOf = (topology: Topology, cpus = topology.cpus.map(({ id }) => id)): string =>
  stealOrderText(topology, stealOrders(topology, cpus), 'firmware');

test('lists keep their order', () => {
  assert.equal(inOrder([4, 5, 6, 0, 1]), '4-6,0-1');
  assert.equal(inOrder([3, 2, 1]), '3,2,1');
  assert.equal(inOrder([]), '');
});

test('two sockets: own node by class, the other one once', () => {
  assert.deepEqual(textOf(twoSockets()).split('\n').slice(0, 12), [
    '16 workers on 2 nodes, each with its victims, the nearest first; distances of nodes: firmware',
    '',
    'Node 0, 8 workers',
    '        same core  same L3',
    '  P#0   8          1-3,9-11',
    '  P#1   9          2-3,8,10-11,0',
    '  P#2   10         3,8-9,11,0-1',
    '  P#3   11         8-10,0-2',
    '  P#8   0          10-11,1-3,9',
    '  P#9   1          11,0,2-3,8,10',
    '  P#10  2          0-1,3,8-9,11',
    '  P#11  3          1-2,8-10,0',
  ]);
  assert.match(textOf(twoSockets()), /\n {2}Then, in each from the worker's own place on: node at distance 21: 1\n/);
});

test('one node names no distances; one worker a node has no other on it', () => {
  assert.match(
    textOf(oneNode()),
    /^2 workers on 1 node, each with its victims, the nearest first\n\nNode 0, 2 workers\n/,
  );
  assert.match(textOf(twoSockets(), [0, 4]), /CPUs 0: no other worker on the node\n.*node at distance 21: 1/);
  assert.equal(textOf(oneNode(), [1]).split('\n')[3], '  CPUs 1: no other worker on the node');
});

test('384 CPUs of 24 nodes: a line a worker, none longer than a wide terminal', () => {
  const lines = textOf(machine({ packages: 24, coresPerNode: 8, threads: 2 })).split('\n');
  assert.equal(lines.filter((line) => line.startsWith('  P#')).length, 384);
  assert.ok(
    lines.every((line) => line.length <= 160),
    lines.find((line) => line.length > 160),
  );
});
