/** I/O devices as /sys shows them: which count, what they are called, where they are; and hosts that lie about them. */

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { checkTopology } from '../../../src/model/topology/check.ts';
import { deviceWords, MAX_DEVICES } from '../../../src/model/topology/devices.ts';
import { isKnownFile, LINK_GLOBS } from '../../../src/model/formats/sysfs/globs.ts';
import { parseProbe, PROBE_WARNINGS } from '../../../src/model/formats/sysfs/probe.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { topologyTree } from '../../../src/model/topology/text.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { topologySchema } from '../../../src/protocol/topology.ts';
import { linkTo, paperDevices, pciFiles, PMEM_NODE } from '../../support/devices.ts';
import { probeText, syntheticProbe } from '../machines.ts';

const BASE = syntheticProbe({ packages: 2, coresPerNode: 4, numbering: 'compact' });
const NEAR = ['0-3', '4-7'] as const;

const read = (devices: Iterable<readonly [string, string]>): Topology =>
  readTopology(parseProbe(probeText(new Map([...BASE, ...devices]))));
const lines = ({ devices }: Topology): string[] =>
  devices.map(({ node, cpus, kind, name, address }) => `${node} ${cpus} ${kind} ${name} ${address}`);

test('each device stands once, with the node and CPUs its PCI device names, however deep it lies', () => {
  const topology = read([...paperDevices(NEAR), PMEM_NODE]);
  assert.deepEqual(lines(topology), [
    '0 0-3 network eth0 0000:00:03.0',
    '0 0-3 storage sda 0000:00:17.0',
    '0 0-3 storage vda 0000:00:04.0',
    '0 0-3 gpu card0 0000:02:00.0',
    '1 4-7 network ens1f0 0000:3b:00.0',
    '1 4-7 network ens1f1 0000:3b:00.1',
    '1 4-7 network ib0 0000:60:00.0',
    '1 4-7 network mlx5_0 0000:60:00.0',
    '1 4-7 storage nvme0n1 0000:3c:00.0',
    '1 4-7 storage pmem0 null',
    '1 4-7 network 0000:5f:00.0 0000:5f:00.0',
    '1 4-7 accelerator 0000:5e:00.0 0000:5e:00.0',
  ]);
  assert.equal(topology.devices.find(({ name }) => name === 'nvme0n1')?.pci, '0108 144d:a80a');
  assert.deepEqual(topology.warnings, []);
  assert.deepEqual(checkTopology(topology), []);
});

test('a device of which firmware says nothing is at no node, and no CPU is nearer than another', () => {
  const nowhere = pciFiles({ address: '0000:00:03.0', code: '020000', node: -1, cpus: '0-7' });
  const [device] = read([...nowhere, linkTo('net', 'eth0', '0000:00:03.0')]).devices;
  assert.deepEqual([device?.node, device?.cpus], [null, '0-7']);
  // Without files of its own, too: an old kernel, or a recording that lacks them.
  const [bare] = read([linkTo('net', 'eth0', '0000:00:03.0')]).devices;
  assert.deepEqual([bare?.node, bare?.cpus, bare?.pci], [null, '0-7', null]);
});

test('near CPUs alone name the node, as they do for lstopo; offline ones are none', () => {
  const near = pciFiles({ address: '0000:81:00.0', code: '010802', node: -1, cpus: '4-5,99' });
  const [device] = read([...near, linkTo('block', 'nvme0n1', '0000:81:00.0/nvme/nvme0')]).devices;
  assert.deepEqual([device?.node, device?.cpus], [1, '4-5']);
});

test('the path to an NVMe namespace that has several is called as the namespace', () => {
  const disk: [string, string] = [
    'sys/class/block/nvme0c1n1',
    '../../devices/pci0000:80/0000:81:00.0/nvme/nvme1/nvme0c1n1',
  ];
  const shared: [string, string] = [
    'sys/class/block/nvme0n1',
    '../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1',
  ];
  const pci = pciFiles({ address: '0000:81:00.0', code: '010802', node: 1, cpus: '4-7' });
  assert.deepEqual(lines(read([...pci, disk, shared])), ['1 4-7 storage nvme0n1 0000:81:00.0']);
});

test('what a host says of a device and cannot be right becomes a warning', () => {
  const absent = read(pciFiles({ address: '0000:81:00.0', code: '020000', node: 5, cpus: '' }));
  assert.deepEqual(absent.devices[0]?.node, null);
  assert.match(absent.warnings.join(), /at node 5, which is not there/);
  const apart = read(pciFiles({ address: '0000:81:00.0', code: '020000', node: 0, cpus: '0-7' }));
  assert.deepEqual([apart.devices[0]?.node, apart.devices[0]?.cpus], [0, '0-7']);
  assert.match(apart.warnings.join(), /device at node 0 says that CPUs 0-7 are near/);
});

test('names are cleaned, paths cannot be made up, and there is an end to devices', () => {
  const [first] = read([linkTo('net', `e\u202ev\u200bil`, '0000:00:03.0')]).devices;
  assert.equal(first?.name, 'evil');
  for (const path of [
    `sys/class/net/${'x'.repeat(65)}`,
    'sys/class/net/..',
    'sys/class/net/a/b',
    'sys/class/net/a b',
    'sys/class/tty/ttyS0',
    'sys/bus/pci/devices/../class',
    'sys/bus/pci/devices/0000:00:03.0/config',
    'sys/class/block/sda/device/numa_node',
  ])
    assert.ok(!isKnownFile(path), path);
  for (const path of [
    'sys/class/net/br-12.34@x',
    'sys/class/drm/card0-DP-1',
    'sys/bus/pci/devices/10000:e1:00.0/class',
  ])
    assert.ok(isKnownFile(path), path);
  const many = Array.from({ length: MAX_DEVICES + 10 }, (_, i) => linkTo('net', `eth${i}`, '0000:00:03.0'));
  const full = read(many);
  assert.equal(full.devices.length, MAX_DEVICES);
  assert.match(full.warnings.join(), /2058 I\/O devices/);
});

test('no names and no targets make it throw, and what comes out holds', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom('virtual', '0000:00:03.0', 'pci0000:00', 'eth0', 'sda', '..', 'card0'),
  );
  const link = fc
    .tuple(fc.constantFrom('net', 'block', 'drm', 'infiniband'), word, fc.array(word))
    .map(([folder, name, way]): [string, string] => [`sys/class/${folder}/${name}`, way.join('/')]);
  const file = fc
    .tuple(fc.constantFrom('class', 'vendor', 'device', 'numa_node', 'local_cpulist'), word)
    .map(([name, value]): [string, string] => [`sys/bus/pci/devices/0000:00:03.0/${name}`, value]);
  fc.assert(
    fc.property(fc.array(fc.oneof(link, file)), (entries) => {
      const topology = read(entries);
      v.parse(topologySchema, topology);
      assert.deepEqual(checkTopology(topology), []);
      for (const { name } of topology.devices) assert.match(name, /^\P{Cc}{1,64}$/u);
      topologyTree(topology);
    }),
  );
});

test('a topology of before there were devices reads as one without', () => {
  const { devices, ...before } = read([]);
  assert.deepEqual(devices, []);
  assert.deepEqual(v.parse(topologySchema, before).devices, []);
});

test('a device that somebody wrote must name a node and CPUs that are there', () => {
  const topology = read(paperDevices(NEAR));
  const [one] = topology.devices;
  assert.ok(one);
  const wrong = {
    ...topology,
    devices: [
      { ...one, node: 9 },
      { ...one, cpus: '77' },
    ],
  };
  assert.deepEqual(checkTopology(wrong), [
    'devices.0.node: there is no node 9',
    'devices.1.cpus: CPU 77 is not among "cpus"',
  ]);
});

test('the words name device, kind, node and who is near', () => {
  const topology = read(paperDevices(NEAR));
  const words = topology.devices.map((device) => deviceWords(device, topology));
  assert.ok(words.includes('ens1f0, network, node 1, P#4–7 near'), words.join('\n'));
  const tree = topologyTree(topology).split('\n');
  const at = tree.indexOf('I/O devices');
  assert.equal(tree[at + 1], '  NUMANode P#0');
  assert.ok(tree.includes('    ens1f0 (network, 0000:3b:00.0), P#4–7 near'));
  assert.ok(tree.includes('    0000:5e:00.0 (accelerator), P#4–7 near'));
  assert.ok(!topologyTree(read([])).includes('I/O devices'));
});

test('links are asked for by globs every sh expands', () => {
  for (const glob of LINK_GLOBS) assert.match(glob, /^sys\/class\/[a-z]+\/\*$/);
  const strange = parseProbe('/sys/class/net/eth0:../../devices/pci0000:00/0000:00:03.0/net/eth0\n');
  assert.equal(strange.get('sys/class/net/eth0'), '../../devices/pci0000:00/0000:00:03.0/net/eth0');
  assert.equal(strange.get(PROBE_WARNINGS), undefined);
});
