/** Several nodes that list the same CPUs, as with numa=fake: all are there with their memory, and each CPU has one home. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { layoutMachine } from '../../../../src/model/layout/layout.ts';
import { readLstopoXml } from '../../../../src/model/formats/lstopo/read.ts';
import { writeLstopoXml } from '../../../../src/model/formats/lstopo/write.ts';
import { readTopology } from '../../../../src/model/formats/sysfs/topology.ts';
import { isLocal, nodeOf, relate } from '../../../../src/model/topology/relation.ts';
import { topologySvg } from '../../../../src/model/svg/topology-svg.ts';
import { topologyTree } from '../../../../src/model/topology/text.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { parseTopology } from '../../../../src/protocol/topology.ts';
import { syntheticProbe } from '../../machines.ts';
import type { MachineShape } from '../../machines.ts';

const CPU = 'sys/devices/system/cpu';
const NODE = 'sys/devices/system/node';

function read(shape: MachineShape, lists: readonly string[], links: Record<number, number> = {}): Topology {
  const changes = lists.map((list, id): [string, string] => [`${NODE}/node${id}/cpulist`, list]);
  const homes = Object.entries(links).map(([cpu, node]): [string, string] => [`${CPU}/cpu${cpu}/node${node}`, '']);
  return readTopology(new Map([...syntheticProbe(shape), ...changes, ...homes]));
}

const homes = ({ nodes }: Topology): unknown => nodes.map(({ id, cpus, nearCpus }) => [id, cpus, nearCpus]);

const FLAT = Array.from({ length: 4 }, () => [10, 10, 10, 10]);
const fake = (): Topology =>
  read({ packages: 1, coresPerNode: 4, cpulessNodes: 3, distances: FLAT }, ['0-3', '0-3', '0-3', '0-3']);

test('all nodes keep their memory, and a CPU lives at the lowest where no link says more', () => {
  const topology = fake();
  assert.deepEqual(homes(topology), [
    [0, '0-3', undefined],
    [1, '', '0-3'],
    [2, '', '0-3'],
    [3, '', '0-3'],
  ]);
  assert.equal(
    topology.nodes.reduce((sum, node) => sum + (node.memoryBytes ?? 0), 0),
    (16 + 3 * 64) * 2 ** 30,
  );
  assert.equal(topology.warnings.length, 1);
  assert.match(topology.warnings[0] ?? '', /nodes 0-3 list CPUs 0-3/);
});

test('the link of a CPU names its home, with sockets too', () => {
  const topology = read({ packages: 2, nodesPerPackage: 2, coresPerNode: 1 }, ['0-1', '0-1', '2-3', '2-3'], {
    0: 1,
    1: 1,
    2: 2,
    3: 2,
  });
  assert.deepEqual(homes(topology), [
    [0, '', '0-1'],
    [1, '0-1', undefined],
    [2, '2-3', undefined],
    [3, '', '2-3'],
  ]);
});

test('sets that overlap in part stand beside each other where links name the homes', () => {
  const shape = { packages: 1, nodesPerPackage: 2, coresPerNode: 3 };
  assert.deepEqual(homes(read(shape, ['0-3', '2-5'], { 2: 1, 3: 0 })), [
    [0, '0-1,3', '2'],
    [1, '2,4-5', '3'],
  ]);
});

test('every face has all nodes, and memory that a node shares is local', () => {
  const topology = fake();
  const tree = topologyTree(topology);
  for (const id of [0, 1, 2, 3]) assert.match(tree, new RegExp(`NUMANode P#${id} \\(`));
  assert.match(tree, /NUMANode P#1 \(64 GB\), no CPUs of its own, near CPUs 0–3/);
  assert.deepEqual(
    layoutMachine(topology, { width: 1200, height: 800 })
      .nodes.map(({ id }) => id)
      .sort((a, b) => a - b),
    [0, 1, 2, 3],
  );
  for (const id of [0, 1, 2, 3]) assert.match(topologySvg(topology), new RegExp(`NUMANode_${id}_rect`));
  const back = readLstopoXml(writeLstopoXml(topology), 'x');
  assert.deepEqual(
    back.nodes.map(({ id, memoryBytes }) => [id, memoryBytes]),
    topology.nodes.map(({ id, memoryBytes }) => [id, memoryBytes]),
  );
  assert.deepEqual(parseTopology(JSON.stringify(topology)), topology);
  assert.equal(nodeOf(topology, 2)?.id, 0);
  assert.ok(isLocal(topology, 2, 3) && isLocal(topology, 2, 0));
  assert.equal(relate(topology, 0, 3).otherNode, false);
});

test('a file whose nodes are near CPUs that are not there, or that are at home there, is refused', () => {
  const topology = fake();
  const changed = (nearCpus: string): string =>
    JSON.stringify({ ...topology, nodes: topology.nodes.map((node, i) => (i === 0 ? { ...node, nearCpus } : node)) });
  assert.throws(() => parseTopology(changed('9')), { message: /nodes\.0\.nearCpus: CPU 9 is not among/ });
  assert.throws(() => parseTopology(changed('1')), { message: /nodes\.0\.nearCpus: CPU 1 stands in nodes\.0\.cpus/ });
});
