/** I/O devices held against the real lstopo: it reads the same /sys, and opens the XML we write. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { differences } from '../../src/model/formats/lstopo/differences.ts';
import { readLstopoXml } from '../../src/model/formats/lstopo/read.ts';
import { writeLstopoXml } from '../../src/model/formats/lstopo/write.ts';
import { openRecorded } from '../../src/remote/recorded/importers/index.ts';
import { linkTo, lstopoDevices, ownDevices, paperDevices, pciFiles } from '../support/devices.ts';
import { dumpOf } from '../support/dump.ts';
import { removeFolder, temporaryFolder } from '../support/processes.ts';
import { paperFiles } from './paper.ts';

/** Two packages of four cores, each a node; in the third machine there is a node of memory alone, too. */
const machine = (cpulessNodes: number): Map<string, string> =>
  paperFiles({
    ...{
      processor: 'x86',
      gpuMemory: false,
      drawers: 1,
      books: 1,
      packages: 2,
      dies: 1,
      clusters: 1,
      cores: 4,
      threads: 1,
    },
    ...{ numbering: 'compact', seed: 1, stride: 1, offline: [], offlineShown: false, noOnlineList: false },
    ...{ oldNames: false, packageIds: 'plain', coreIds: 'plain', caches: [], nodePer: 'package', nodeStride: 1 },
    ...{ nodeShuffle: false, cpulessNodes, memless: [], distances: 'plain', hugepages: false, rated: 'none' },
    ...{ memorySideCache: false, kinds: 'none', cgroup: 'none', forbiddenCpus: [], forbiddenNodes: [] },
    ...{ group: '/', lies: [] },
  });
const BASE = machine(0);
const NEAR = ['0-3', '4-7'] as const;
/** Where the link of `pmem0` leads, as a host with such memory has it. */
const PARTITIONS = [
  '0000:3c:00.0/nvme/nvme0/nvme0n1/nvme0n1p1',
  '0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1',
];
const PMEM = 'sys/devices/LNXSYSTM:00/LNXSYBUS:00/ACPI0012:00/ndbus0/region0/namespace0.0/block/pmem0/device';

const lstopo = (args: readonly string[], root: string | null = null): string =>
  execFileSync('lstopo-no-graphics', ['--of', 'xml', '--disallowed', ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      HWLOC_HIDE_ERRORS: '2',
      ...(root ? { HWLOC_FSROOT: root, HWLOC_THISSYSTEM: '0', HWLOC_COMPONENTS: 'linux,stop' } : {}),
    },
  });

const machines: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  'two nodes with a NIC and a disk each': new Map([
    ...BASE,
    ...paperDevices(NEAR),
    [`${PMEM}/numa_node`, '1'],
    ...PARTITIONS.map((way): [string, string] => [`sys/devices/pci0000:00/${way}/partition`, '1']),
  ]),
  'firmware that names no node': new Map([
    ...BASE,
    ...pciFiles({ address: '0000:00:03.0', code: '020000', node: -1, cpus: '0-7' }),
    linkTo('net', 'eth0', '0000:00:03.0/virtio1'),
  ]),
};

for (const [title, files] of Object.entries(machines)) {
  test(`${title}: lstopo sees the same devices in the same places, and so does who opens our XML`, async (t) => {
    const folder = dumpOf(files);
    const made = temporaryFolder('devices');
    t.after(() => [folder, made].forEach(removeFolder));
    const { topology } = await (await openRecorded(folder)).discover();
    const theirs = lstopo([], folder);
    // It takes a screen for nothing that can be used, unless asked for all there is.
    const named = lstopoDevices(theirs).map((line) => line.replace(/^0000:02:00\.0 /, 'card0 '));
    assert.deepEqual(ownDevices(topology), named.sort());
    const read = readLstopoXml(theirs, 'theirs');
    assert.deepEqual(differences(topology, read, { memory: true }), []);
    assert.deepEqual(
      read.devices.map(({ node, address }) => `${node} ${address}`).sort(),
      topology.devices.map(({ node, address }) => `${node} ${address}`).sort(),
    );

    const path = join(made, 'ours.xml');
    writeFileSync(path, writeLstopoXml(topology));
    const back = lstopo(['-i', path]);
    assert.deepEqual(lstopoDevices(back), ownDevices(topology));
    assert.deepEqual(readLstopoXml(back, 'back').devices, topology.devices);

    // The same as an archive, whose links are real ones.
    const archive = join(made, 'machine.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', folder, 'sys', 'proc']);
    assert.deepEqual((await (await openRecorded(archive)).discover()).topology.devices, topology.devices);
  });
}

test('what is near fewer CPUs than a node, or is at a node without any, comes back through lstopo', async (t) => {
  const files = new Map([
    ...machine(1),
    ...pciFiles({ address: '0000:81:00.0', code: '010802', node: 1, cpus: '4-5' }),
    ...pciFiles({ address: '0000:82:00.0', code: '120000', node: 2, cpus: '' }),
  ]);
  const folder = dumpOf(files);
  t.after(() => removeFolder(folder));
  const { topology } = await (await openRecorded(folder)).discover();
  const seen = topology.devices.map(({ node, cpus }) => [node, cpus]);
  assert.deepEqual(seen, [
    [1, '4-5'],
    [2, '0-7'],
  ]);
  const path = join(folder, 'ours.xml');
  writeFileSync(path, writeLstopoXml(topology));
  assert.deepEqual(readLstopoXml(lstopo(['-i', path]), 'back').devices, topology.devices);
});

test('hwloc 3 numbers its devices otherwise', () => {
  const xml = (version: string, type: number): string =>
    `<topology version="${version}"><object type="Machine" cpuset="0x1">` +
    `<object type="PU" os_index="0" cpuset="0x1"/><object type="OSDev" name="x" osdev_type="${type}"/></object></topology>`;
  const kind = (version: string, type: number): string | undefined =>
    readLstopoXml(xml(version, type), 'x').devices[0]?.kind;
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((type) => kind('2.0', type)),
    ['storage', 'gpu', 'network', 'network', undefined, 'accelerator'],
  );
  assert.deepEqual(
    [1, 4, 8, 16, 48, 64].map((type) => kind('3.0', type)),
    ['storage', 'gpu', 'accelerator', 'network', 'network', undefined],
  );
});
