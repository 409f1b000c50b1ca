import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import type { ProbeFiles } from '../../../../src/model/formats/sysfs/probe.ts';
import { readTopology } from '../../../../src/model/formats/sysfs/topology.ts';
import { topologySchema } from '../../../../src/protocol/topology.ts';
import { readRecording } from '../../../support/recording.ts';
import { syntheticProbe } from '../../machines.ts';
import type { MachineShape } from '../../machines.ts';

const CPU = 'sys/devices/system/cpu';
const NODE = 'sys/devices/system/node';

/** The shape with some files changed; null takes one away. */
function altered(shape: MachineShape, changes: Record<string, string | null>): ProbeFiles {
  const files = new Map(syntheticProbe(shape));
  for (const [path, value] of Object.entries(changes)) {
    if (value === null) files.delete(path);
    else files.set(path, value);
  }
  return files;
}

const cpusOf = (list: readonly { cpus: string }[]): string[] => list.map(({ cpus }) => cpus);

test('a recorded virtual machine reads as what it is', async () => {
  const { files } = await readRecording(new URL('../../../fixtures/machines/this-vm.tar.gz', import.meta.url));
  const topology = readTopology(files);
  assert.deepEqual(topology.machine, {
    name: 'this-vm',
    architecture: 'x86_64',
    kernel: topology.machine.kernel,
    cpuModel: 'AMD EPYC',
    hypervisor: 'kvm',
    emulated: false,
  });
  assert.match(topology.machine.kernel, /^6\.18\./);
  assert.deepEqual(topology.packages, [{ id: 0, cpus: '0-1', inferred: false }]);
  assert.deepEqual(cpusOf(topology.cores), ['0', '1']);
  assert.deepEqual([topology.dies, topology.clusters, topology.warnings], [[], [], []]);
  assert.equal(topology.caches.length, 7);
  assert.deepEqual(topology.nodes[0]?.distances, { '0': 10 });
  v.parse(topologySchema, topology);
});

test('two packages of two nodes, threads numbered apart', () => {
  const topology = readTopology(
    syntheticProbe({ packages: 2, nodesPerPackage: 2, coresPerNode: 4, threads: 2, l3PerNode: 2 }),
  );
  assert.deepEqual(cpusOf(topology.packages), ['0-7,16-23', '8-15,24-31']);
  assert.deepEqual(cpusOf(topology.nodes), ['0-3,16-19', '4-7,20-23', '8-11,24-27', '12-15,28-31']);
  assert.deepEqual(topology.nodes[1]?.distances, { '0': 12, '1': 10, '2': 21, '3': 21 });
  assert.equal(topology.cores[0]?.cpus, '0,16');
  assert.equal(topology.caches.filter(({ level }) => level === 3).length, 8);
  assert.deepEqual(topology.caches[0], { level: 1, type: 'data', sizeBytes: 32_768, lineBytes: 64, cpus: '0,16' });
  assert.deepEqual(topology.warnings, []);
});

test('how CPUs are numbered changes only numbers', () => {
  for (const [numbering, core, node] of [
    ['compact', '0-1', '0-7'],
    ['interleaved', '0,8', '0-3,8-11'],
    ['round-robin', '0,8', '0,2,4,6,8,10,12,14'],
  ] as const) {
    const topology = readTopology(syntheticProbe({ packages: 2, coresPerNode: 4, threads: 2, numbering }));
    assert.equal(topology.cores[0]?.cpus, core);
    assert.equal(topology.nodes[0]?.cpus, node);
  }
});

test('offline CPUs are listed, and stand in no set', () => {
  const topology = readTopology(syntheticProbe({ packages: 2, coresPerNode: 2, threads: 2, offline: [1, 4] }));
  assert.deepEqual(
    topology.cpus.filter(({ online }) => !online).map(({ id }) => id),
    [1, 4],
  );
  assert.deepEqual(cpusOf(topology.cores), ['0', '2,6', '3,7', '5']);
  assert.equal(topology.cpus.length, 8);
});

test('nodes keep their ids, without CPUs or without memory', () => {
  const shape = { packages: 2, coresPerNode: 1, cpulessNodes: 1, nodeIds: [0, 8, 252], memoryGiB: 0 };
  const topology = readTopology(syntheticProbe(shape));
  assert.deepEqual(
    topology.nodes.map(({ id, cpus, memoryBytes }) => [id, cpus, memoryBytes]),
    [
      [0, '0', 0],
      [8, '1', 0],
      [252, '', 64 * 2 ** 30],
    ],
  );
  assert.deepEqual(topology.nodes[2]?.distances, { '0': 24, '8': 24, '252': 10 });
});

test('what firmware rates is kept apart by who initiates', () => {
  const shape = { packages: 1, coresPerNode: 1, cpulessNodes: 1, rated: true };
  const [, far] = readTopology(syntheticProbe(shape)).nodes;
  assert.deepEqual(far?.rated, {
    readLatencyNs: 250,
    writeLatencyNs: 300,
    readBandwidthMBs: 30_000,
    writeBandwidthMBs: 25_000,
    initiators: [0],
  });
  const best = `${NODE}/node1/access1/initiators`;
  const files = altered(shape, { [`${best}/read_latency`]: '400', [`${best}/write_latency`]: '0' });
  assert.deepEqual(readTopology(files).nodes[1]?.rated, {
    readLatencyNs: 400,
    writeLatencyNs: null,
    readBandwidthMBs: null,
    writeBandwidthMBs: null,
    initiators: [],
  });
});

test('memory-side caches and huge pages are the node’s', () => {
  const topology = readTopology(
    altered(
      { packages: 1, coresPerNode: 1 },
      {
        [`${NODE}/node0/memory_side_cache/index1/size`]: '17179869184',
        [`${NODE}/node0/hugepages/hugepages-2048kB/nr_hugepages`]: '512',
        [`${NODE}/node0/hugepages/hugepages-2048kB/free_hugepages`]: '500',
      },
    ),
  );
  assert.deepEqual(topology.nodes[0]?.memorySideCaches, [{ level: 1, sizeBytes: 2 ** 34 }]);
  assert.deepEqual(topology.nodes[0].hugepages, [
    { sizeBytes: 2 ** 21, total: 512, free: 500 },
    { sizeBytes: 2 ** 30, total: 0, free: 0 },
  ]);
});

test('kinds of core have names on a hybrid only', () => {
  const shape = { packages: 1, coresPerNode: 4 };
  const kinds = (changes: Record<string, string>): (string | null)[] =>
    readTopology(altered(shape, changes)).cpus.map(({ kind }) => kind);
  assert.deepEqual(kinds({ 'sys/devices/cpu_core/cpus': '0-1', 'sys/devices/cpu_atom/cpus': '2-3' }), [
    'performance',
    'performance',
    'efficiency',
    'efficiency',
  ]);
  assert.deepEqual(kinds({ [`${CPU}/cpu0/cpu_capacity`]: '446', [`${CPU}/cpu1/cpu_capacity`]: '1024' }), [
    'capacity-446',
    'capacity-1024',
    null,
    null,
  ]);
  assert.deepEqual(kinds({ 'sys/devices/cpu_core/cpus': '0-3' }), [null, null, null, null]);
});

test('dies and clusters appear where they say more than package and core', () => {
  const changes: Record<string, string> = {};
  for (const cpu of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const folder = `${CPU}/cpu${cpu}/topology`;
    changes[`${folder}/die_id`] = String(cpu >> 2);
    changes[`${folder}/die_cpus_list`] = cpu < 4 ? '0-3' : '4-7';
    changes[`${folder}/cluster_id`] = String(cpu >> 1);
    changes[`${folder}/cluster_cpus_list`] = `${cpu & ~1}-${cpu | 1}`;
  }
  const topology = readTopology(altered({ packages: 1, coresPerNode: 8 }, changes));
  assert.deepEqual(topology.dies, [
    { id: 0, package: 0, cpus: '0-3' },
    { id: 1, package: 0, cpus: '4-7' },
  ]);
  assert.deepEqual(cpusOf(topology.clusters), ['0-1', '2-3', '4-5', '6-7']);
});

test('a host without NUMA is one node with a warning', () => {
  const files = new Map(
    [...syntheticProbe({ packages: 1, coresPerNode: 2 })].filter(([path]) => !path.startsWith(NODE)),
  );
  files.set('proc/meminfo', 'MemTotal:        2048 kB\nMemFree:         1024 kB');
  const topology = readTopology(files);
  assert.deepEqual(
    topology.nodes.map(({ id, cpus, memoryBytes, freeBytes }) => [id, cpus, memoryBytes, freeBytes]),
    [[0, '0-1', 2_097_152, 1_048_576]],
  );
  assert.match(topology.warnings.join(), /no NUMA nodes/);
});

test('nothing at all is still a topology', () => {
  const topology = readTopology(new Map(), { name: 'blank', architecture: 'riscv64' });
  assert.deepEqual([topology.cpus, topology.machine.name, topology.machine.architecture], [[], 'blank', 'riscv64']);
  v.parse(topologySchema, topology);
});

test('what the agent found about the machine outranks a guess', () => {
  const files = altered({ packages: 1, coresPerNode: 1, cpuModel: 'QEMU TCG CPU version 2.5+' }, {});
  assert.equal(readTopology(files).machine.emulated, true);
  const machine = readTopology(files, { identify: { hypervisor: 'kvm', emulated: false } }).machine;
  assert.deepEqual([machine.hypervisor, machine.emulated], ['kvm', false]);
  const doubtful = altered({ packages: 1, coresPerNode: 1 }, { 'sys/class/dmi/id/sys_vendor': 'QEMU' });
  assert.match(readTopology(doubtful).warnings.join(), /could not be established/);
});

test('where the kernel does not name the architecture, cpuinfo gives it away', () => {
  const of = (cpuinfo: string): string => readTopology(new Map([['proc/cpuinfo', cpuinfo]])).machine.architecture;
  assert.equal(of(`flags : fpu ${'x '.repeat(300)}lm constant_tsc`), 'x86_64');
  assert.equal(of('flags : fpu vme'), 'i686');
  assert.equal(of('CPU implementer : 0x41\nCPU architecture: 8\nCPU part : 0xd0c'), 'aarch64');
  assert.equal(of('vendor_id : IBM/S390'), 's390x');
  assert.equal(of('cpu : POWER9, altivec supported'), 'ppc64');
  assert.equal(of('isa : rv64imafdc'), 'riscv64');
  assert.equal(of('nothing'), 'unknown');
});

test('a CPU is called what its architecture calls it', () => {
  const of = (cpuinfo: string): string | null => readTopology(new Map([['proc/cpuinfo', cpuinfo]])).machine.cpuModel;
  assert.equal(of('CPU implementer : 0x41\nCPU part : 0xd0c'), 'Arm part 0xd0c');
  assert.equal(of('CPU implementer : constructor\nCPU part : 0x1'), 'implementer constructor part 0x1');
  assert.equal(of('processor 0: version = FF, identification = 1, machine = 2964'), 'IBM Z machine 2964');
  assert.equal(of('cpu : POWER9, altivec supported'), 'POWER9, altivec supported');
  assert.equal(of('model name :\n'), null);
});
