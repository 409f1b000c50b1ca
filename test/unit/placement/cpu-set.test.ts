/** CPUs as people name them, and what a refusal says. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { resolveCpus } from '../../../src/model/placement/cpu-set.ts';
import { PinboardError } from '../../../src/model/problem.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { machine, twoSockets } from '../topologies.ts';

function refused(topology: Topology, text: string): [code: string, words: string] {
  try {
    resolveCpus(topology, text);
  } catch (error) {
    assert.ok(error instanceof PinboardError);
    return [error.code, `${error.message} ${error.hint ?? ''}`];
  }
  assert.fail(`${text} was taken`);
}

test('lists, nodes, sockets, caches and all, in the order named, each CPU once', () => {
  const topology = twoSockets();
  assert.deepEqual(resolveCpus(topology, '3,0-1'), [3, 0, 1]);
  assert.deepEqual(resolveCpus(topology, 'node:1'), [4, 5, 6, 7, 12, 13, 14, 15]);
  assert.deepEqual(resolveCpus(topology, ' 12, NODE:1 '), [12, 4, 5, 6, 7, 13, 14, 15]);
  assert.deepEqual(resolveCpus(topology, 'socket:0-1').length, 16);
  assert.deepEqual(resolveCpus(topology, 'all').length, 16);
  const ccx = machine({ packages: 1, coresPerNode: 4, l3PerNode: 2 });
  assert.deepEqual(resolveCpus(ccx, 'l3:1'), [2, 3]);
});

test('of a node only the CPUs that the session may use; a CPU that is named by number is taken as it is', () => {
  const topology = twoSockets({ allowed: '0-5', offline: [1] });
  assert.deepEqual(resolveCpus(topology, 'node:0'), [0, 2, 3]);
  assert.deepEqual(resolveCpus(topology, 'all'), [0, 2, 3, 4, 5]);
  assert.deepEqual(resolveCpus(topology, '99'), [99]);
});

test('a refusal says what the host has', () => {
  const topology = twoSockets({ cpulessNodes: 1 });
  assert.deepEqual(refused(topology, 'node:7'), ['node-absent', 'This host has no node:7. It has NUMA nodes 0-2.']);
  assert.deepEqual(refused(topology, 'l3:9'), ['not-found', 'This host has no l3:9. It has L3 caches 0-1.']);
  assert.match(refused(topology, 'node:2').join(' '), /^cpu-absent node:2 has no CPUs\. It has NUMA nodes/);
  const none = machine({ packages: 1, coresPerNode: 2, l3PerNode: 0 });
  assert.match(refused(none, 'l3:0').join(' '), /This host shows no L3 caches/);
  for (const text of ['', 'x', 'core:0', 'node:', 'node:x', '3-1', '0,,1', '-1', 'constructor:0', '9'.repeat(9)])
    assert.equal(refused(topology, text)[0], 'usage', text);
});
