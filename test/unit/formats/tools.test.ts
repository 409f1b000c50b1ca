// What people paste of a machine: numactl's and lscpu's output, by the real tools here and by hand of a two-socket machine.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { checkTopology } from '../../../src/model/topology/check.ts';
import { readLscpu } from '../../../src/model/formats/tools/lscpu.ts';
import { readNumactl } from '../../../src/model/formats/tools/numactl.ts';
import { topologyTree } from '../../../src/model/topology/text.ts';
import { openRecorded } from '../../../src/remote/recorded/importers/index.ts';
import { needsLinux } from '../../support/linux.ts';

const NUMACTL = `available: 3 nodes (0-1,4)
node 0 cpus: 0 2
node 0 size: 1024 MB
node 0 free: 512 MB
node 1 cpus: 1 3
node 1 size: 2048 MB
node 1 free: 1 MB
node 4 cpus:
node 4 size: 0 MB
node 4 free: 0 MB
node distances:
node   0   1   4 
  0:  10  21  30 
  1:  21  10  31 
  4:  30  31  10 
`;

test('numactl --hardware: nodes with their CPUs, memory and distances; cores and packages are unknown', () => {
  for (const text of [NUMACTL, NUMACTL.replaceAll('\n', '\r\n')]) {
    const topology = readNumactl(text, 'two');
    assert.deepEqual(checkTopology(topology), []);
    assert.deepEqual(
      topology.nodes.map(({ id, cpus, memoryBytes, freeBytes }) => [id, cpus, memoryBytes, freeBytes]),
      [
        [0, '0,2', 2 ** 30, 2 ** 29],
        [1, '1,3', 2 ** 31, 2 ** 20],
        [4, '', 0, 0],
      ],
    );
    assert.deepEqual(topology.nodes[2]?.distances, { 0: 30, 1: 31, 4: 10 });
    assert.deepEqual([topology.cores, topology.packages], [[], []]);
    assert.match(topologyTree(topology), /PU P#0, 2, cores unknown/);
    assert.equal(topology.warnings.length, 1);
  }
});

const PARSABLE = `# The following is the parsable format, which can be fed to other
# programs.
# CPU,Core,Socket,Node,,L1d,L1i,L2,L3
0,0,0,0,,0,0,0,0
1,1,1,1,,1,1,1,1
2,0,0,0,,0,0,0,0
3,1,1,1,,1,1,1,1
`;

test('lscpu -p, -e and -J -e say the same', () => {
  const topology = readLscpu(PARSABLE, 'two');
  assert.deepEqual(checkTopology(topology), []);
  assert.deepEqual(
    topology.cores.map(({ cpus, package: home, inferred }) => [cpus, home, inferred]),
    [
      ['0,2', 0, false],
      ['1,3', 1, false],
    ],
  );
  assert.deepEqual(
    topology.caches.map(({ level, type, cpus }) => `${level} ${type} ${cpus}`),
    [
      '1 data 0,2',
      '1 data 1,3',
      '1 instruction 0,2',
      '1 instruction 1,3',
      '2 unified 0,2',
      '2 unified 1,3',
      '3 unified 0,2',
      '3 unified 1,3',
    ],
  );
  const extended = `CPU NODE SOCKET CORE L1d:L1i:L2:L3 ONLINE\n${[0, 1, 2, 3].map((cpu) => `  ${cpu}    ${cpu % 2}      ${cpu % 2}    ${cpu % 2} ${[1, 2, 3, 4].map(() => cpu % 2).join(':')}          yes\n`).join('')}`;
  assert.deepEqual(readLscpu(extended, 'two'), topology);
  const json = JSON.stringify({
    cpus: [0, 1, 2, 3].map((cpu) => ({
      ...{ cpu, node: cpu % 2, socket: cpu % 2, core: cpu % 2 },
      ...{ 'l1d:l1i:l2:l3': [1, 2, 3, 4].map(() => cpu % 2).join(':'), online: true },
    })),
  });
  assert.deepEqual(readLscpu(json, 'two'), topology);
});

test('an offline CPU, and columns that were not asked for', () => {
  const topology = readLscpu('CPU NODE ONLINE\n  0    0    yes\n  1    -     no\n', 'x');
  assert.deepEqual(checkTopology(topology), []);
  assert.deepEqual(
    topology.cpus.map(({ online }) => online),
    [true, false],
  );
  assert.deepEqual([topology.cores, topology.packages], [[], []]);
});

test('what lists no CPU, one twice, or too many is refused in words', () => {
  for (const [text, why] of [
    ['# CPU,Core\n', /no online CPU/],
    ['# CPU,Core\n0,0\n0,0\n', /twice/],
    [`# CPU\n${Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('')}`, /more than 16384 CPUs/],
    ['{"cpus": [{"cpu": 0', /breaks off/],
  ] as const)
    assert.throws(() => readLscpu(text, 'x'), { code: 'bad-file', message: why });
  assert.throws(
    () => readNumactl(`available: 1 nodes (0)\nnode 0 size: ${'1'.repeat(100_000)}\n`, 'x'),
    /no online CPU/,
  );
});

for (const [what, text, cpus] of [
  ["numactl's output", NUMACTL, 4],
  ['lscpu -p', PARSABLE, 4],
  [
    'lstopo --of synthetic',
    'Package:2 L3Cache:1(size=37486592) [NUMANode(memory=50331648000)] Core:2 PU:1(indexes=0,2,1,3)\n',
    4,
  ],
  ['lscpu -p of this machine', ['-p'], null],
  ['lscpu -e of this machine', ['-e'], null],
  ['lscpu -J -e of this machine', ['-J', '-e'], null],
] as const)
  test(`--from tells by content: ${what}`, { skip: typeof text !== 'string' && needsLinux }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pinboard-tools-'));
    try {
      const pasted = typeof text === 'string' ? text : execFileSync('lscpu', text, { encoding: 'utf8' });
      writeFileSync(join(folder, 'pasted.txt'), pasted);
      const { topology } = await (await openRecorded(join(folder, 'pasted.txt'))).discover();
      assert.ok(topology.cpus.length === cpus || (cpus === null && topology.cpus.length > 0));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
