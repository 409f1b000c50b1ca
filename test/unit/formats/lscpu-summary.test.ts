// Plain lscpu and lscpu -J: by the real tool here, and by hand of layouts and architectures of before and elsewhere.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { checkTopology } from '../../../src/model/topology/check.ts';
import { looksLikeLscpu } from '../../../src/model/formats/tools/lscpu.ts';
import { looksLikeLscpuSummary, readLscpuSummary } from '../../../src/model/formats/tools/lscpu-summary.ts';
import { topologyTree } from '../../../src/model/topology/text.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { openRecorded } from '../../../src/remote/recorded/importers/index.ts';
import { needsLinux } from '../../support/linux.ts';

/** As util-linux 2.38 prints it on a terminal. */
const XEON = `Architecture:             x86_64
  CPU op-mode(s):         32-bit, 64-bit
CPU(s):                   8
  On-line CPU(s) list:    0-6
  Off-line CPU(s) list:   7
Vendor ID:                GenuineIntel
  Model name:             Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz
    Thread(s) per core:   2
    Core(s) per socket:   2
    Socket(s):            2
Virtualization features:  
  Hypervisor vendor:      KVM
Caches (sum of all):      
  L1d:                    128 KiB (4 instances)
  L3:                     55 MiB (2 instances)
NUMA:                     
  NUMA node(s):           2
  NUMA node0 CPU(s):      0,2,4,6
  NUMA node1 CPU(s):      1,3,5,7
`;

const read = (text: string): Topology => {
  assert.ok(looksLikeLscpuSummary(text.slice(0, 4096)), text);
  assert.ok(!looksLikeLscpu(text));
  const topology = readLscpuSummary(text, 'x');
  assert.deepEqual(checkTopology(topology), []);
  return topology;
};

const nodesOf = ({ nodes }: Topology): unknown => nodes.map(({ id, cpus, inferred }) => [id, cpus, inferred]);

test('nodes are told; packages, cores and shared caches are not, for counts do not tell who shares them', () => {
  for (const text of [XEON, XEON.replaceAll('\n', '\r\n'), `$ lscpu\n${XEON}`]) {
    const topology = read(text);
    assert.deepEqual(nodesOf(topology), [
      [0, '0,2,4,6', false],
      [1, '1,3,5', false],
    ]);
    assert.deepEqual([topology.packages, topology.cores, topology.caches], [[], [], []]);
    assert.deepEqual(
      topology.cpus.filter(({ online }) => !online).map(({ id }) => id),
      [7],
    );
    const { architecture, cpuModel, hypervisor } = topology.machine;
    assert.deepEqual(
      [architecture, cpuModel, hypervisor],
      ['x86_64', 'Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz', 'kvm'],
    );
    assert.equal(topology.warnings.length, 1);
    const tree = topologyTree(topology);
    assert.match(tree, /PU P#0, 2, 4, 6, cores unknown/);
    assert.doesNotMatch(tree, /Package P#|-1/);
  }
});

/** Fields of a JSON document, flat (before 2.37) or nested below the architecture. */
function json(text: string, nested: boolean): string {
  const fields = text
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => {
      const [field = '', ...data] = line.split(':');
      return { field: `${field.trim()}:`, data: data.join(':').trim() || null };
    });
  const [first, ...others] = fields;
  return JSON.stringify({ lscpu: nested ? [{ ...first, children: others }] : fields }, null, 3);
}

test('lscpu -J says the same, flat and nested, and a mask what a list does', () => {
  const topology = read(XEON);
  for (const nested of [false, true]) assert.deepEqual(read(json(XEON, nested)), topology);
  for (const prefix of ['', '0x']) {
    const masks = XEON.replace('On-line CPU(s) list:    0-6', `On-line CPU(s) mask:    ${prefix}7f`)
      .replace('Off-line CPU(s) list:   7', `Off-line CPU(s) mask:   ${prefix}80`)
      .replace('0,2,4,6', `${prefix}55`)
      .replace('1,3,5,7', `${prefix}aa`);
    assert.deepEqual(read(masks), topology);
  }
  const wide = 'Architecture: x86_64\nCPU(s): 2\nOn-line CPU(s) mask: 10000000001\n';
  assert.deepEqual(
    read(wide).cpus.map(({ id }) => id),
    [0, 40],
  );
});

test('one socket, one core a CPU and one cache a CPU follow from their number, and are marked', () => {
  const topology = read(`Architecture:        x86_64
CPU(s):              4
On-line CPU(s) list: 0-3
Thread(s) per core:  1
Core(s) per socket:  4
Socket(s):           1
L1d cache:           128 KiB (4 instances)
L2 cache:            2.1 MiB (4 instances)
L3 cache:            16 MiB (1 instance)
`);
  assert.deepEqual(topology.packages, [{ id: 0, cpus: '0-3', inferred: true }]);
  assert.deepEqual(
    topology.cores.map(({ id, cpus, inferred }) => [id, cpus, inferred]),
    ['0', '1', '2', '3'].map((cpu) => [null, cpu, true]),
  );
  assert.deepEqual(nodesOf(topology), [[0, '0-3', true]]);
  assert.deepEqual(
    topology.caches.slice(3, 5).map(({ level, type, sizeBytes, cpus }) => [level, type, sizeBytes, cpus]),
    [
      [1, 'data', 32_768, '3'],
      [2, 'unified', null, '0'],
    ],
  );
});

test('as many cores as CPUs are online do not make each CPU a core where cores have threads', () => {
  // util-linux before 2.37 counts by all CPUs: eight of sixteen are online, two a core.
  const topology = read(`Architecture:         x86_64
CPU(s):               16
On-line CPU(s) list:  0-7
Off-line CPU(s) list: 8-15
Thread(s) per core:   2
Core(s) per socket:   4
Socket(s):            2
`);
  assert.deepEqual([topology.packages, topology.cores], [[], []]);
});

test('layouts of before and of other architectures', () => {
  // What `grep CPU` leaves.
  const some = read('CPU(s):   4\nOn-line CPU(s) list:  0-3\nNUMA node0 CPU(s): 0,1\nNUMA node1 CPU(s): 2,3\n');
  assert.deepEqual(some.nodes.length, 2);
  assert.equal(some.machine.architecture, 'unknown');
  // util-linux 2.17: sockets by another name, caches of one each, no lists but those of nodes.
  const old = read(`Architecture:          x86_64
CPU(s):                4
Thread(s) per core:    1
Core(s) per socket:    2
CPU socket(s):         2
NUMA node(s):          1
L1d cache:             32K
NUMA node0 CPU(s):     0-3
`);
  assert.deepEqual([nodesOf(old), old.packages, old.caches], [[[0, '0-3', false]], [], []]);
  assert.equal(old.cores.length, 4);
  // POWER: sparse nodes, one of them memory alone.
  const power = read(`Architecture:                    ppc64le
CPU(s):                          8
On-line CPU(s) list:             0-7
Thread(s) per core:              4
Core(s) per socket:              1
Socket(s):                       2
NUMA node(s):                    3
Model name:                      POWER9, altivec supported
Hypervisor vendor:               pHyp
NUMA node0 CPU(s):               0-3
NUMA node8 CPU(s):               4-7
NUMA node250 CPU(s):             
`);
  assert.deepEqual(nodesOf(power), [
    [0, '0-3', false],
    [8, '4-7', false],
    [250, '', false],
  ]);
  assert.equal(power.machine.hypervisor, 'phyp');
  assert.deepEqual([power.packages, power.cores], [[], []]);
  // s390: sockets are counted a book, books a drawer.
  const s390 = read(`Architecture:        s390x
CPU(s):              4
On-line CPU(s) list: 0-3
Thread(s) per core:  1
Core(s) per socket:  1
Socket(s) per book:  1
Book(s) per drawer:  2
Drawer(s):           2
Hypervisor:          z/VM 6.4.0
Hypervisor vendor:   IBM
`);
  assert.deepEqual(
    s390.packages.map(({ cpus }) => cpus),
    ['0', '1', '2', '3'],
  );
  // ARM without sockets in its firmware.
  const arm = read(`Architecture:             aarch64
CPU(s):                   4
On-line CPU(s) list:      0-3
Model name:               Cortex-A72
Thread(s) per core:       1
Core(s) per cluster:      4
Socket(s):                -
Cluster(s):               1
`);
  assert.deepEqual([arm.packages, arm.cores.length], [[], 4]);
});

test('another language, no CPU, too many and broken JSON are refused in words', () => {
  const bad = (text: string, why: RegExp): void => {
    assert.ok(looksLikeLscpuSummary(text), text);
    assert.throws(() => readLscpuSummary(text, 'x'), { code: 'bad-file', message: why });
  };
  bad('Architektur:   x86_64\nCPU Operationsmodus: 32-bit\nProzessor(en): 4\n', /another language/);
  bad('Architecture :   x86_64\nProcesseur(s) : 4\nThread(s) par cœur : 2\n', /another language/);
  bad('{"lscpu": [{"field": "Architektur:", "data": "x86_64"}]}', /another language/);
  bad('{"lscpu": [{"field": "Archi', /breaks off/);
  bad('Architecture: x86_64\nCPU(s): 0\n', /no online CPU/);
  bad('Architecture: x86_64\nCPU(s): 9\nOn-line CPU(s) list: 0-60000\n', /more than 16384/);
  assert.ok(!looksLikeLscpuSummary('processor\t: 0\nvendor_id\t: x86_64\n'));
});

test('what lscpu prints here is read', { skip: needsLinux }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lscpu-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const online = execFileSync('lscpu', ['-p=CPU'], { encoding: 'utf8' }).match(/^\d+$/gm)?.map(Number);
  for (const options of [[], ['-J'], ['-x']]) {
    const path = join(folder, `lscpu${options.join('')}.txt`);
    writeFileSync(path, execFileSync('lscpu', options, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }));
    const { topology } = await (await openRecorded(path)).discover();
    assert.deepEqual(
      topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id),
      online,
    );
  }
});
