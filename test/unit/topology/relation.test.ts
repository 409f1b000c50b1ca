import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { indexTopology, nodeOf, relate } from '../../../src/model/topology/relation.ts';
import { fourNodes, machine, oneNode, twoSockets } from '../topologies.ts';

test('the closest thing that two CPUs share is named, from the inside out', () => {
  const topology = twoSockets();
  const words = (a: number, b: number): string => relate(topology, a, b).words;
  assert.equal(words(0, 0), 'same CPU');
  assert.equal(words(0, 8), 'same core');
  assert.equal(words(0, 1), 'same L3');
  assert.equal(words(0, 4), 'other socket, distance 21');
  assert.equal(words(0, 99), 'not on this machine');
});

test('two L3 in one node are one package apart', () => {
  const topology = machine({ packages: 1, coresPerNode: 4, l3PerNode: 2 });
  assert.equal(relate(topology, 0, 1).kind, 'same-l3');
  assert.equal(relate(topology, 0, 2).words, 'same socket');
});

test('another node of the same socket is told, with its distance', () => {
  const topology = fourNodes();
  assert.deepEqual(relate(topology, 0, 2), {
    kind: 'same-package',
    distance: 12,
    otherNode: true,
    words: 'same socket, other node, distance 12',
  });
});

test('a die counts where a package has several', () => {
  const plain = machine({ packages: 1, coresPerNode: 4, l3PerNode: 0 });
  const die = (id: number, cpus: string) => ({ id, package: 0, cpus });
  const two = { ...plain, dies: [die(0, '0-1'), die(1, '2-3')] };
  assert.equal(relate(two, 0, 1).kind, 'same-die');
  assert.equal(relate(two, 0, 2).kind, 'same-package');
  assert.equal(relate({ ...plain, dies: [die(0, '0-3')] }, 0, 1).kind, 'same-package');
});

test('a host without packages or distances still has a relation', () => {
  const bare = { ...oneNode(), packages: [], cores: [], caches: [], nodes: [] };
  assert.deepEqual(relate(bare, 0, 1), { kind: 'unknown', distance: null, otherNode: false, words: 'same machine' });
});

test('relations are symmetric in kind, and every CPU is its own', () => {
  const topology = fourNodes({ threads: 2 });
  const cpu = fc.integer({ min: 0, max: 15 });
  fc.assert(
    fc.property(cpu, cpu, (a, b) => {
      assert.equal(relate(topology, a, b).kind, relate(topology, b, a).kind);
      assert.equal(relate(topology, a, b).kind === 'same-cpu', a === b);
      assert.equal(relate(topology, a, b).otherNode, nodeOf(topology, a) !== nodeOf(topology, b));
    }),
  );
});

test('the index is built once', () => {
  const topology = machine({ packages: 2, nodesPerPackage: 4, coresPerNode: 64, threads: 2 });
  assert.equal(indexTopology(topology), indexTopology(topology));
  assert.equal(indexTopology(topology).cpusOfNode.get(7)?.length, 128);
});
