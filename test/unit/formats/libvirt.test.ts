/**
 * libvirt's capabilities. The two fixtures are what virsh 9.0 printed: of the machine these were written on, and of libvirt's
 * own test driver (without host's uuid, CPU features and guests). What neither has is written after libvirt's documentation.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { checkTopology } from '../../../src/model/topology/check.ts';
import { readCapabilities } from '../../../src/model/formats/libvirt/read.ts';
import { topologyTree } from '../../../src/model/topology/text.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/machines/${name}.capabilities.xml`, import.meta.url), 'utf8');

test('a host as virsh prints it', () => {
  const topology = readCapabilities(fixture('this-vm'), 'this-vm');
  assert.deepEqual(checkTopology(topology), []);
  assert.deepEqual(topology.warnings, []);
  assert.equal(topology.machine.architecture, 'x86_64');
  assert.deepEqual(topology.packages, [{ id: 0, cpus: '0-1', inferred: false }]);
  assert.deepEqual(
    topology.cores.map(({ cpus }) => cpus),
    ['0', '1'],
  );
  assert.deepEqual(topology.caches, [
    { level: 3, type: 'unified', sizeBytes: 32 * 2 ** 20, lineBytes: null, cpus: '0-1' },
  ]);
  const [node] = topology.nodes;
  assert.equal(node?.memoryBytes, 21_063_884 * 1024);
  assert.deepEqual(node.distances, { '0': 10 });
  assert.deepEqual(node.hugepages, [
    { sizeBytes: 2 ** 21, total: 0, free: null },
    { sizeBytes: 2 ** 30, total: 0, free: null },
  ]);
});

test('two cells, each a socket', () => {
  const topology = readCapabilities(fixture('libvirt-test'), 'test');
  assert.deepEqual(checkTopology(topology), []);
  assert.deepEqual(
    topology.nodes.map(({ id, cpus, memoryBytes }) => [id, cpus, memoryBytes]),
    [
      [0, '0-7', 2 ** 31],
      [1, '8-15', 2 ** 32],
    ],
  );
  assert.deepEqual(topology.packages, [
    { id: 0, cpus: '0-7', inferred: false },
    { id: 1, cpus: '8-15', inferred: false },
  ]);
});

const cpu = (id: number, siblings: string, die = 0): string =>
  `<cpu id='${id}' socket_id='0' die_id='${die}' core_id='${Math.floor(id / 2)}' siblings='${siblings}'/>`;
const host = (cells: string, more = ''): string =>
  `<capabilities><host><cpu><arch>x86_64</arch></cpu><topology><cells>${cells}</cells>${more}</topology></host></capabilities>`;

test('siblings, dies, offline CPUs, memory without CPUs, ratings and memory-side caches', () => {
  const cells = `
    <cell id='0'><memory unit='KiB'>1048576</memory>
      <cache level='1' associativity='direct' policy='writeback'><size value='10' unit='MiB'/><line value='64' unit='B'/></cache>
      <distances><sibling id='0' value='10'/><sibling id='4' value='20'/></distances>
      <cpus>${cpu(0, '0-1')}${cpu(1, '0-1')}${cpu(2, '2', 1)}<cpu id='3'/></cpus></cell>
    <cell id='4'><memory unit='GiB'>2</memory>
      <distances><sibling id='0' value='20'/><sibling id='4' value='10'/></distances><cpus num='0'/></cell>`;
  const links = `<interconnects>
      <latency initiator='0' target='0' type='access' value='50'/>
      <latency initiator='0' target='0' cache='1' type='access' value='5'/>
      <bandwidth initiator='0' target='4' type='read' value='2097152' unit='KiB'/>
    </interconnects>`;
  const topology = readCapabilities(host(cells, links), 'paper');
  assert.deepEqual(checkTopology(topology), []);
  assert.deepEqual(
    topology.cores.map(({ cpus }) => cpus),
    ['0-1', '2'],
  );
  // A die of one CPU is no die, as with lstopo.
  assert.deepEqual(
    topology.dies.map(({ cpus }) => cpus),
    ['0-1'],
  );
  assert.deepEqual(
    topology.cpus.map(({ online }) => online),
    [true, true, true, false],
  );
  const [near, far] = topology.nodes;
  assert.deepEqual(near?.memorySideCaches, [{ level: 1, sizeBytes: 10 * 2 ** 20 }]);
  assert.deepEqual([near.rated?.readLatencyNs, near.rated?.writeLatencyNs], [50, 50]);
  assert.deepEqual([far?.id, far?.cpus, far?.memoryBytes], [4, '', 2 ** 31]);
  assert.deepEqual(far?.rated, {
    readLatencyNs: null,
    writeLatencyNs: null,
    readBandwidthMBs: 2048,
    writeBandwidthMBs: null,
    initiators: [0],
  });
});

test('what contradicts itself is said', () => {
  const cells = `<cell id='0'><cpus>${cpu(0, '0-1')}${cpu(1, '1')}</cpus></cell><cell id='1'><cpus>${cpu(1, '1')}</cpus></cell>`;
  const { warnings, nodes } = readCapabilities(host(cells), 'paper');
  assert.deepEqual(
    nodes.map(({ cpus }) => cpus),
    ['0-1', ''],
  );
  assert.match(warnings.join('\n'), /CPU 1 stands in several cells/);
  assert.match(warnings.join('\n'), /What CPUs 1 say about sharing a core/);
});

test('CPUs with numbers alone, as older libvirt and other drivers tell them, are online', () => {
  const cells = [0, 1]
    .map((id) => `<cell id='${id}'><cpus>${[id, id + 2].map((each) => `<cpu id='${each}'/>`).join('')}</cpus></cell>`)
    .join('');
  const topology = readCapabilities(host(cells), 'paper');
  assert.deepEqual(checkTopology(topology), []);
  assert.deepEqual(
    topology.nodes.map(({ cpus }) => cpus),
    ['0,2', '1,3'],
  );
  assert.ok(topology.cpus.every(({ online }) => online));
  assert.deepEqual([topology.packages, topology.dies, topology.cores], [[], [], []]);
  const tree = topologyTree(topology);
  assert.match(tree, /PU P#0, 2, cores unknown/);
  assert.doesNotMatch(tree, /-1|Package P#|Core/);
  assert.match(topology.warnings.join(), /by number only/);
});

test('CPUs that name their core and no siblings are put together by number', () => {
  const bare = (id: number, core: number): string => `<cpu id='${id}' socket_id='0' core_id='${core}'/>`;
  const topology = readCapabilities(
    host(`<cell id='0'><cpus>${bare(0, 0)}${bare(1, 1)}${bare(2, 0)}</cpus></cell>`),
    'x',
  );
  assert.deepEqual(topology.cores, [
    { id: 0, package: 0, cpus: '0,2', inferred: true },
    { id: 1, package: 0, cpus: '1', inferred: true },
  ]);
});

test('a host without cells is read from its counts, and refused in words without those', () => {
  const counted = (counts: string): string =>
    `<capabilities><host><cpu><arch>x86_64</arch>${counts}</cpu></host></capabilities>`;
  const topology = readCapabilities(counted("<topology sockets='2' dies='1' cores='2' threads='2'/>"), 'paper');
  assert.deepEqual(checkTopology(topology), []);
  assert.deepEqual(topology.packages, [
    { id: 0, cpus: '0-3', inferred: true },
    { id: 1, cpus: '4-7', inferred: true },
  ]);
  assert.ok(topology.cores.length === 4 && topology.cores.every(({ inferred }) => inferred));
  assert.ok(topology.cores.every(({ id }) => id === null));
  assert.doesNotMatch(topologyTree(topology), /-1/);
  assert.deepEqual(
    topology.nodes.map(({ memoryBytes, inferred }) => [memoryBytes, inferred]),
    [[null, true]],
  );
  for (const counts of ['', "<topology sockets='0' cores='1' threads='1'/>", "<topology sockets='9999' cores='9'/>"])
    assert.throws(() => readCapabilities(counted(counts), 'x'), /tells no topology of its host/);
});

test('capabilities without a host, and cells without a CPU, are refused', () => {
  assert.throws(() => readCapabilities('<capabilities/>', 'none'), /describe no host/);
  assert.throws(() => readCapabilities(host("<cell id='0'><cpus/></cell>"), 'none'), /hold no CPU/);
});
