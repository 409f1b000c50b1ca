// lstopo's console text, by hand where no lstopo here prints it any more: hwloc 1, one memory, and what is refused.
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkTopology } from '../../../src/model/topology/check.ts';
import { looksLikeConsole, readConsole } from '../../../src/model/formats/lstopo/console.ts';

const HWLOC_1 = `$ lstopo-no-graphics
Machine (24GB total)
  NUMANode L#0 (P#0 16GB) + Socket L#0 + L3 L#0 (8192KB)
    L2 L#0 (256KB) + L1 L#0 (32KB) + Core L#0
      PU L#0 (P#0)
      PU L#1 (P#4)
    L2 L#1 (256KB) + L1 L#1 (32KB) + Core L#1
      PU L#2 (P#2)
      PU L#3 (P#6)
  NUMANode L#1 (P#1 8192MB)
    Socket L#1 + L3 L#1 (8192KB)
      L2 L#2 (256KB) + L1 L#2 (32KB) + Core L#2
        PU L#4 (P#1)
        PU L#5 (P#5) (offline)
    HostBridge L#0
      PCIBridge
        PCI 8086:10c9
          Net L#0 "eth0"
      PCI 8086:3a22
        Block L#1 "sda"
  NUMANode L#2 (P#2)
$ exit
`;

test('hwloc 1 puts nodes around their CPUs, and its words are those of before', () => {
  for (const text of [
    HWLOC_1,
    HWLOC_1.replaceAll('\n', '\r\n'),
    HWLOC_1.replaceAll('\n', '\n\n'),
    HWLOC_1.replace('total)', 'total):'),
    HWLOC_1.replaceAll('Socket', 'Package'),
  ]) {
    assert.ok(looksLikeConsole(text));
    const topology = readConsole(text, 'old');
    assert.deepEqual(checkTopology(topology), []);
    assert.deepEqual(
      topology.nodes.map(({ id, cpus, memoryBytes }) => [id, cpus, memoryBytes]),
      [
        [0, '0,2,4,6', 2 ** 34],
        [1, '1', 2 ** 33],
        [2, '', 0],
      ],
    );
    assert.deepEqual(
      topology.packages.map(({ cpus }) => cpus),
      ['0,2,4,6', '1'],
    );
    assert.deepEqual(
      topology.cores.map(({ id, cpus }) => [id, cpus]),
      [
        [null, '0,4'],
        [null, '1'],
        [null, '2,6'],
      ],
    );
    assert.deepEqual(
      topology.caches.filter(({ level }) => level === 3).map(({ sizeBytes, cpus }) => [sizeBytes, cpus]),
      [
        [2 ** 23, '0,2,4,6'],
        [2 ** 23, '1'],
      ],
    );
    assert.equal(topology.cpus.find(({ id }) => id === 5)?.online, false);
  }
});

test('one memory that is the machine’s is a node that the reader made', () => {
  const topology = readConsole(
    'Machine (7870MB) + Socket L#0 + L3 L#0 (4096KB)\n  Core L#0 + PU L#0 (P#0)\n  Core L#1 + PU L#1 (P#1)\n',
    'x',
  );
  assert.deepEqual(
    topology.nodes.map(({ id, cpus, memoryBytes, inferred }) => [id, cpus, memoryBytes, inferred]),
    [[0, '0-1', 7870 * 2 ** 20, true]],
  );
});

test('what hides PUs, their numbers, or folds them away is refused in words', () => {
  const bad = (text: string, why: RegExp): void => {
    assert.throws(() => readConsole(text, 'x'), { code: 'bad-file', message: why });
  };
  bad('Machine (1GB)\n  Core L#0\n', /no PU/);
  bad('Machine (1GB)\n  Core L#0 + PU L#0\n', /own numbers/);
  bad('Machine (1GB)\n  PU L#0 (P#0)\n  4 x { Core L#0 + PU L#0 (P#0) }\n', /Line 3 .*folded/);
  bad('Machine (1GB)\n  PU L#0 (P#0)\n  ...\n  PU L#2 (P#2)\n', /Line 3 .*left out/);
  bad('Machine (1GB)\n  PU L#0 (P#0)\n  PU L#1 (P#0)\n', /twice/);
  bad('Machine (1GB)\n  PU L#0 (P#65535)\n', /above 16383/);
  bad(`Machine (1GB) + ${'Group0 + '.repeat(100)}PU L#0 (P#0)\n`, /larger or nested deeper/);
  bad(`Machine (1GB)\n  PU L#0 (P#0)\n${'  NUMANode (P#0 1GB)\n'.repeat(2000)}`, /more than 1024/);
});

test('other texts with a machine in them are none of lstopo', () => {
  for (const text of ['Machine learning\n', 'Machine this (x86_64): 1 package\n  CPU model\n', 'Machine (1GB)\n', ''])
    assert.ok(!looksLikeConsole(text), text);
});
