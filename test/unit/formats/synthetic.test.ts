/** Synthetic machines and hand-written ones: what is refused, and in which words. What lstopo builds is in test/lstopo. */

import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { synthesize } from '../../../src/model/formats/synthetic/topology.ts';
import { checkTopology } from '../../../src/model/topology/check.ts';
import { parseTopology, topologySchema } from '../../../src/protocol/topology.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { facts } from '../../../src/model/topology/facts.ts';
import { SHAPES, machine } from '../layout/topologies.ts';

test('a synthetic machine is a topology like any other', () => {
  const topology = synthesize('pack:2 numa:2 l3:2 core:4 pu:2');
  v.parse(topologySchema, topology);
  assert.deepEqual(checkTopology(topology), []);
  assert.equal(topology.cpus.length, 64);
  assert.equal(topology.nodes.length, 4);
});

test('memory whose size is not written is of unknown size, and none only beside some that is', () => {
  const sizes = (text: string): unknown[] => synthesize(text).nodes.map(({ memoryBytes }) => memoryBytes);
  assert.deepEqual(sizes('pack:2 [numa] core:2 pu:1'), [null, null]);
  assert.equal(facts(synthesize('pack:2 [numa] core:2 pu:1')), '2 sockets, 4 cores, 4 CPUs, 2 nodes');
  assert.deepEqual(sizes('pack:1 [numa(memory=1GiB)] [numa] core:2 pu:1'), [2 ** 30, 0]);
  assert.deepEqual(sizes('pack:1 numa:1 core:2 pu:1'), [2 ** 30], 'a level of nodes has what hwloc gives it');
});

for (const [text, why] of [
  ['', /nothing in this/],
  ['pack:2 foo:2 pu:1', /"foo" is no type/],
  ['pack:2 core:2', /last level has to be the PUs/],
  ['pack:2 2 2', /all levels are named or none/],
  ['core:2 pack:2 pu:1', /Sockets hold dies/],
  ['pack:0 pu:1', /at least one object/],
  ['pack:64 core:64 pu:2', /would have 8192 PUs; at most 4096/],
  ['pack:999999999 core:999999999 pu:999999999', /at most 4096/],
  ['numa:2 [numa] pu:2', /not both/],
  ['pu:2(indexes=0,0)', /a number twice/],
  ['pu:2(indexes=0)', /1 numbers for 2/],
  ['pu:2(indexes=0,99999)', /above 65535/],
  ['core:2 pu:2(indexes=pack)', /no level further out/],
  ['l3:1(memory=1GB) pu:2', /no attribute of l3/],
  ['numa:1(memory=lots) pu:2', /"lots" is no size/],
  ['pack:2 core:2 pu:2)', /is not hwloc's notation/],
  ['[pack] pu:1', /only NUMA nodes can be attached/],
  ['2'.padEnd(200_000, ' 2'), /at most 20000 characters/],
] as const)
  test(`refused with words: ${text.slice(0, 50)}`, () => {
    assert.throws(() => synthesize(text), why);
  });

test('what a reader makes holds all that is asked of a file', () => {
  for (const shape of SHAPES) {
    const topology = machine(shape);
    assert.deepEqual(checkTopology(topology), []);
    assert.deepEqual(parseTopology(JSON.stringify(topology)), topology);
  }
});

const plain = machine({ packages: 2, coresPerNode: 2, threads: 2 });
const [node0, node1] = plain.nodes;

for (const [change, why] of [
  [{ nodes: [{ ...node0, cpus: '0-1,99' }, node1] }, /nodes\.0\.cpus: CPU 99 is not among "cpus"/],
  [{ nodes: [node0, { ...node1, cpus: '0' }] }, /nodes\.1\.cpus: CPU 0 already stands in nodes\.0\.cpus/],
  [{ nodes: [node0, { ...node1, id: 0 }] }, /nodes\.1\.id: 0 is the id of another/],
  [{ nodes: [node0, { ...node1, distances: { 0: 21 } }] }, /nodes\.1\.distances: the distance to node 1 is missing/],
  [
    { nodes: [node0, { ...node1, distances: { 0: 21, 1: 10, 7: 5 } }] },
    /nodes\.1\.distances\.7: there is no such node/,
  ],
  [{ packages: [plain.packages[0]] }, /cores\.\d+\.package: there is no socket 1/],
  [{ cores: [{ id: 0, package: 1, cpus: '0' }] }, /cores\.0\.cpus: CPU 0 is not in socket 1/],
  [{ nodes: [] }, /nodes: a machine has at least one node/],
  [{ schema: 'numa-pinboard/topology/9' }, /this version reads "numa-pinboard\/topology\/1"/],
  [{ nodes: 3 }, /nodes: /],
] as const)
  test(`a topology file is refused by the place that is wrong: ${why.source}`, () => {
    const file = { ...plain, ...change } as unknown as Topology;
    assert.throws(() => parseTopology(JSON.stringify(file)), why);
  });

test('text that is no JSON is refused', () => {
  assert.throws(() => parseTopology('{"schema":'), /This is no JSON/);
});

test('a core with the number -1, as files of before have it, is one without a number', () => {
  const topology = synthesize('pack:1 core:2 pu:1');
  const old = { ...topology, cores: topology.cores.map((core) => ({ ...core, id: -1 })) };
  assert.deepEqual(
    parseTopology(JSON.stringify(old)).cores.map(({ id }) => id),
    [null, null],
  );
});
