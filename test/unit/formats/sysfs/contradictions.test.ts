/** Hosts that report what cannot be: each test says what is made of it. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { isKnownFile } from '../../../../src/model/formats/sysfs/globs.ts';
import { readTopology } from '../../../../src/model/formats/sysfs/topology.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { syntheticProbe } from '../../machines.ts';
import type { MachineShape } from '../../machines.ts';

const CPU = 'sys/devices/system/cpu';
const NODE = 'sys/devices/system/node';

function read(shape: MachineShape, changes: Record<string, string>): Topology {
  return readTopology(new Map([...syntheticProbe(shape), ...Object.entries(changes)]));
}

const cpusOf = (list: readonly { cpus: string }[]): string[] => list.map(({ cpus }) => cpus);

test('packages that share a number are shown apart and numbered apart', () => {
  const topology = read({ packages: 4, coresPerNode: 1, samePackageId: 0 }, {});
  assert.deepEqual(topology.packages, [
    { id: 0, cpus: '0', inferred: false },
    { id: 1, cpus: '1', inferred: false },
    { id: 2, cpus: '2', inferred: false },
    { id: 3, cpus: '3', inferred: false },
  ]);
  assert.deepEqual(
    topology.cores.map((core) => core.package),
    [0, 1, 2, 3],
  );
  assert.match(
    topology.warnings.join('\n'),
    /CPUs 1 give their socket the number 0, which others use; it is numbered 1 here/,
  );
});

test('of siblings that do not name each other the lowest has its way, as with lstopo', () => {
  const low = read({ packages: 1, coresPerNode: 4 }, { [`${CPU}/cpu0/topology/core_cpus_list`]: '0-1' });
  assert.deepEqual(cpusOf(low.cores), ['0-1', '2', '3']);
  assert.match(low.warnings.join('\n'), /What CPUs 1 say about sharing a core/);
  const high = read({ packages: 1, coresPerNode: 4 }, { [`${CPU}/cpu1/topology/core_cpus_list`]: '0-1' });
  assert.deepEqual(cpusOf(high.cores), ['0', '1', '2', '3']);
  assert.match(high.warnings.join('\n'), /What CPUs 1 say about sharing a core/);
});

test('what would cut through something that a lower CPU is in is left out', () => {
  const both = Object.fromEntries([1, 2].map((cpu) => [`${CPU}/cpu${cpu}/topology/core_cpus_list`, '1-2']));
  const topology = read({ packages: 2, coresPerNode: 2 }, both);
  assert.deepEqual(cpusOf(topology.packages), ['0-1', '2-3']);
  assert.deepEqual(cpusOf(topology.cores), ['0', '1', '2', '3']);
  assert.match(
    topology.warnings.join('\n'),
    /CPUs 1-2 claim to share one core, which would cut through what CPUs 0-1 share/,
  );
});

test('a CPU missing from its own set stands alone', () => {
  const topology = read({ packages: 1, coresPerNode: 2 }, { [`${CPU}/cpu0/topology/core_cpus_list`]: '1' });
  assert.deepEqual(cpusOf(topology.cores), ['0', '1']);
});

test('thread siblings in two packages are two cores', () => {
  const both = Object.fromEntries([0, 1].map((cpu) => [`${CPU}/cpu${cpu}/topology/core_cpus_list`, '0-1']));
  const topology = read({ packages: 2, coresPerNode: 1 }, both);
  assert.deepEqual(cpusOf(topology.cores), ['0', '1']);
  assert.match(topology.warnings.join('\n'), /several sockets/);
});

test('cores that share a compute unit are two, where AMD made such; elsewhere siblings are siblings, however numbered', () => {
  const unit = Object.fromEntries([0, 1].map((cpu) => [`${CPU}/cpu${cpu}/topology/core_cpus_list`, '0-1']));
  const amd = (family: number): Record<string, string> => ({
    ...unit,
    'proc/cpuinfo': `processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: ${family}\n`,
  });
  assert.deepEqual(cpusOf(read({ packages: 1, coresPerNode: 2 }, amd(21)).cores), ['0', '1']);
  assert.deepEqual(cpusOf(read({ packages: 1, coresPerNode: 2 }, amd(23)).cores), ['0-1']);
});

test('a node that claims CPUs of another is left out, and so are the distances to it', () => {
  const topology = read({ packages: 2, coresPerNode: 2 }, { [`${NODE}/node1/cpulist`]: '1-3' });
  assert.deepEqual(
    topology.nodes.map(({ id, distances }) => [id, distances]),
    [[0, { '0': 10 }]],
  );
  assert.match(topology.warnings.join('\n'), /Node 1 claims CPUs 1.*left out/);
  assert.match(topology.warnings.join('\n'), /CPUs 2-3 belong to no node/);
});

test('a table of distances with a broken row is no table', () => {
  const topology = read({ packages: 2, coresPerNode: 1 }, { [`${NODE}/node1/distance`]: '21' });
  assert.deepEqual(
    topology.nodes.map(({ distances }) => distances),
    [{}, {}],
  );
  assert.match(topology.warnings.join('\n'), /none was used/);
});

test('a node nearer to another than to itself is shown so, with a warning', () => {
  const topology = read(
    {
      packages: 2,
      coresPerNode: 1,
      distances: [
        [20, 10],
        [21, 10],
      ],
    },
    {},
  );
  assert.deepEqual(topology.nodes[0]?.distances, { '0': 20, '1': 10 });
  assert.match(topology.warnings.join('\n'), /nearer to node 1 \(10\) than to itself \(20\)/);
});

test('where a recording holds a list and another mask, the mask counts', () => {
  const shared = `${CPU}/cpu0/cache/index2/shared_cpu`;
  const other = `${CPU}/cpu1/cache/index2/shared_cpu_map`;
  const topology = read(
    { packages: 1, coresPerNode: 2 },
    { [`${shared}_list`]: '0', [`${shared}_map`]: '3', [other]: '3' },
  );
  assert.deepEqual(cpusOf(topology.caches.filter(({ level }) => level === 2)), ['0-1']);
  assert.match(topology.warnings.join('\n'), /shared_cpu_list files say something else than the mask/);
});

test('warnings are words without control characters, each once, and not without end', () => {
  const lists = Array.from({ length: 500 }, (_, i) => [`${CPU}/cpu${i}/topology/core_cpus_list`, `\u001b[31m${i}x`]);
  const { warnings } = read({ packages: 1, coresPerNode: 500 }, Object.fromEntries(lists) as Record<string, string>);
  assert.ok(warnings.length <= 101);
  assert.equal(new Set(warnings).size, warnings.length);
  assert.ok(warnings.every((words) => !/\p{Cc}/u.test(words)));
});

test('memory of GPUs is no node to place threads or memory on, and a warning says so', () => {
  const files = new Map(syntheticProbe({ packages: 2, coresPerNode: 2, cpulessNodes: 1 }));
  const whole = readTopology(files);
  const [gpu = -1] = whole.nodes.filter(({ cpus }) => cpus === '').map(({ id }) => id);
  files.set('proc/driver/nvidia/gpus/0004:0a:00.0/numa_status', `Node: ${gpu}\nNUMA initialized: TRUE`);
  const topology = readTopology(files);
  assert.deepEqual(
    topology.nodes.map(({ id }) => id),
    whole.nodes.map(({ id }) => id).filter((id) => id !== gpu),
  );
  assert.ok(topology.nodes.every(({ distances }) => !(String(gpu) in distances)));
  assert.match(topology.warnings.join('\n'), /Nodes 2 are the memory of GPUs/);
  assert.ok(isKnownFile('proc/driver/nvidia/gpus/0004:0a:00.0/numa_status'));
  assert.ok(!isKnownFile('proc/driver/nvidia/gpus/../numa_status'));
});
