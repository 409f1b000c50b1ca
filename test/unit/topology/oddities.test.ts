/** What no machine has: told apart from what only looks so, and what follows for the distance of two CPUs. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { guideFindings } from '../../../src/model/bench/guide/findings/findings.ts';
import { pairKindsOf, isFar } from '../../../src/model/bench/guide/pair-kinds.ts';
import { oddities } from '../../../src/model/topology/oddities.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { isLocal, relate } from '../../../src/model/topology/relation.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { hostFromProbe } from '../../../src/remote/recorded/probe-host.ts';
import { syntheticProbe } from '../machines.ts';
import type { MachineShape } from '../machines.ts';
import { machine } from '../topologies.ts';

const NODE = 'sys/devices/system/node';
const PCI = 'sys/bus/pci/devices';

/** A guest whose L3 claims all CPUs, whatever package or node they are in. */
function overL3(shape: MachineShape, nodes?: number): Topology {
  const files = new Map(syntheticProbe(shape));
  const all = files.get('sys/devices/system/cpu/online') ?? '';
  for (const path of files.keys()) if (path.endsWith('/cache/index3/shared_cpu_list')) files.set(path, all);
  if (nodes === 1) {
    for (const path of [...files.keys()]) if (path.startsWith(`${NODE}/node1/`)) files.delete(path);
    files.set(`${NODE}/online`, '0').set(`${NODE}/node0/cpulist`, all).set(`${NODE}/node0/distance`, '10');
  }
  return readTopology(files);
}

/** What a guided run cannot answer on a machine. */
const missing = (topology: Topology, id: string): string | null =>
  guideFindings(topology, []).find((finding) => finding.id === id)?.sentence ?? null;

test('two packages are far from each other whatever an L3 claims, on two nodes and on one', () => {
  for (const nodes of [2, 1]) {
    const topology = overL3({ packages: 2, coresPerNode: 4, threads: 2 }, nodes);
    assert.equal(relate(topology, 0, 4).kind, 'other-package');
    assert.equal(relate(topology, 0, 1).kind, 'same-l3');
    assert.ok(pairKindsOf(topology).some(isFar), 'the guide crosses sockets');
    assert.equal(missing(topology, 'one-node'), null);
    assert.match(
      topology.warnings.join('\n'),
      /An L3 spans sockets, which no hardware has \(CPUs 0-15 of sockets 0-1\)/,
    );
  }
});

test('an L3 over packages that are clusters of one node is real', () => {
  const plain = machine({ packages: 1, coresPerNode: 4 });
  const l2 = plain.caches.find(({ level }) => level === 2);
  assert.ok(l2);
  const xavier: Topology = {
    ...plain,
    machine: { ...plain.machine, architecture: 'aarch64' },
    packages: ['0-1', '2-3'].map((cpus, id) => ({ id, cpus, inferred: false })),
    caches: [...plain.caches.filter(({ level }) => level !== 2), ...['0-1', '2-3'].map((cpus) => ({ ...l2, cpus }))],
  };
  assert.equal(relate(xavier, 0, 2).kind, 'same-l3');
  assert.notEqual(missing(xavier, 'one-node'), null);
  assert.deepEqual(oddities(xavier), []);
  const x86 = { ...xavier, machine: { ...xavier.machine, architecture: 'x86_64' } };
  assert.equal(relate(x86, 0, 2).kind, 'other-package');
});

test('near pairs that only a false L3 claims are absent', () => {
  const topology = overL3({ packages: 2, coresPerNode: 1 });
  assert.match(missing(topology, 'absent') ?? '', /of one core \(SMT\), behind one L3/);
});

test('a node of CPUs without memory, and a core or an L3 over nodes, are said', () => {
  const memless = readTopology(syntheticProbe({ packages: 2, coresPerNode: 2, memoryGiB: 0 }));
  assert.match(memless.warnings.join('\n'), /Nodes 0-1 have CPUs and no memory/);
  const sub = overL3({ packages: 1, nodesPerPackage: 2, coresPerNode: 2 });
  assert.match(sub.warnings.join('\n'), /An L3 spans nodes of one socket.*CPUs 0-3 of nodes 0-1/);
  const cut = { ...machine({ packages: 1, nodesPerPackage: 2, coresPerNode: 1 }) };
  const core = { id: 0, package: 0, cpus: '0-1', inferred: false };
  assert.match(oddities({ ...cut, cores: [core] }).join('\n'), /A core spans nodes \(CPUs 0-1 of nodes 0-1\)/);
});

test('where distances tie, the PCI devices say beside which CPUs the memory of a GPU lies', () => {
  const flat = [0, 1, 2, 3].map((a) => [0, 1, 2, 3].map((b) => (a === b ? 10 : 80)));
  const files = new Map(syntheticProbe({ packages: 2, coresPerNode: 2, cpulessNodes: 2, distances: flat }));
  const device = (address: string, node: number): void => {
    files.set(`${PCI}/${address}/class`, '0x030200').set(`${PCI}/${address}/numa_node`, String(node));
  };
  for (const [domain, cpuNode, memory] of [
    ['0008', 0, 3],
    ['0018', 1, 2],
  ] as const) {
    device(`${domain}:00:00.0`, cpuNode);
    device(`${domain}:01:00.0`, memory);
  }
  const topology = readTopology(files);
  assert.deepEqual(
    topology.nodes.map(({ nearCpus }) => nearCpus),
    [undefined, undefined, '2-3', '0-1'],
  );
  assert.equal(isLocal(topology, 0, 3), false, 'near is not local');
  // A distance of its own says more.
  files.set(`${NODE}/node3/distance`, '80 40 80 10');
  assert.equal(readTopology(files).nodes[3]?.nearCpus, undefined);
});

test('a recording without any CPU is refused in words', () => {
  const files = new Map([['proc/meminfo', 'MemTotal: 1000 kB']]);
  assert.throws(() => hostFromProbe('empty', files), { code: 'bad-file', message: /recording empty contains no CPUs/ });
});
