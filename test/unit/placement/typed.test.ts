/** What may be typed for a place: the same for the board's fields and the editor's lists. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { MEMORY_SLOTS } from '../../../src/model/bench/memory/slots.ts';
import { parsePlace, parseTarget } from '../../../src/model/placement/typed.ts';
import { CONSUMER, MEMORY, PRODUCER } from '../../support/slots.ts';
import { syntheticProbe } from '../machines.ts';
import { twoSockets } from '../topologies.ts';

const two = readTopology(syntheticProbe({ packages: 2, coresPerNode: 2, threads: 2 }));
const [WORKERS, NODES] = MEMORY_SLOTS;

test('a field takes a CPU by name, by lstopo name, by number, or nothing', () => {
  for (const text of ['cpu 6', '6', ' CPU6 ', 'P#6', 'pu 6'])
    assert.deepEqual(parseTarget(PRODUCER, text, two), { ids: [6] });
  assert.deepEqual(parseTarget(MEMORY, 'node 1', two), { ids: [1] });
  assert.deepEqual(parseTarget(MEMORY, '1', two), { ids: [1] });
  assert.deepEqual(parseTarget(CONSUMER, '  ', two), { ids: [] });
});

test('lstopo’s numbers lead to the CPU that has them, and a number alone is what the board shows', () => {
  // CPUs 0 and 4 are the first core, 1 and 5 the second.
  for (const text of ['L#1', 'l# 1', 'cpu 4', 'P#4'])
    assert.deepEqual(parsePlace(text, two, 'P'), { kind: 'cpu', id: 4 });
  assert.deepEqual(parsePlace('1', two, 'P'), { kind: 'cpu', id: 1 });
  assert.deepEqual(parsePlace('1', two, 'L'), { kind: 'cpu', id: 4 });
  assert.deepEqual(parsePlace('node 1', two, 'L'), { kind: 'node', id: 1 });
  assert.deepEqual(parsePlace('L#8', two, 'P'), { kind: 'cpu', id: null });
  assert.equal(parsePlace('L#', two, 'P'), null);
  assert.deepEqual(parseTarget(CONSUMER, 'L#3', two), { ids: [5] });
  assert.deepEqual(parseTarget(CONSUMER, 'L#8', two), { wrong: 'No CPU here is L#8.' });
  assert.ok('wrong' in parseTarget(MEMORY, 'L#1', two));
});

test('a field says what is wrong with what it cannot take', () => {
  assert.deepEqual(parseTarget(PRODUCER, 'node 1', two), { wrong: 'Threads run on a CPU: type cpu 18.' });
  assert.deepEqual(parseTarget(MEMORY, 'cpu 1', two), { wrong: 'Memory is placed on a node: type node 1.' });
  for (const text of ['x', '1-3', '-1', '1e3', '99999999'])
    assert.ok('wrong' in parseTarget(PRODUCER, text, two), text);
});

test('workers take what the command line takes, and say what is wrong as it does', () => {
  const topology = twoSockets();
  const ids = (text: string): unknown => {
    const typed = parseTarget(WORKERS, text, topology);
    return 'ids' in typed ? typed.ids : typed.wrong;
  };
  for (const text of ['node:1', 'socket:1', 'cpus 4-7,12-15', ' 4-7, 12-15 ', 'l3:1'])
    assert.deepEqual(ids(text), [4, 5, 6, 7, 12, 13, 14, 15], text);
  assert.equal((ids('ALL') as number[]).length, 16);
  assert.deepEqual(ids('cpu 3'), [3]);
  assert.deepEqual(ids('l#1'), [8]);
  assert.deepEqual(ids('12,node:0'), [12, 0, 1, 2, 3, 8, 9, 10, 11]);
  assert.deepEqual(ids(''), []);
  assert.equal(ids('node:7'), 'This host has no node:7. It has NUMA nodes 0-1.');
  assert.equal(ids('l3:9'), 'This host has no l3:9. It has L3 caches 0-1.');
  assert.equal(ids('node 1'), '"node 1" names no CPUs. Write CPUs such as 0-17,36, node:1, l3:0, socket:0 or all.');
  assert.equal(ids('99'), 'This host has no CPU 99.');
});

test('memory on many takes nodes as a list', () => {
  for (const text of ['0-1', 'nodes 0-1', 'numa nodes 0,1', 'NODES 0, 1'])
    assert.deepEqual(parseTarget(NODES, text, two), { ids: [0, 1] }, text);
  assert.deepEqual(parseTarget(NODES, 'cpus 0-1', two), { wrong: 'Memory is placed on a node: type node 1.' });
  assert.deepEqual(parseTarget(NODES, 'all nodes', two), { wrong: 'Type nodes 0-1, or the numbers alone.' });
  assert.deepEqual(parseTarget(NODES, '0-7', two), { wrong: 'This host has no NUMA node 2.' });
});
