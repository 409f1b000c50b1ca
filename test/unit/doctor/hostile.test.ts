// What a host prints of its processes is anybody's: it is read within bounds, never throws, and leaves no character behind that could hide.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { examine } from '../../../src/model/doctor/examine.ts';
import { readFacts } from '../../../src/model/doctor/facts/facts.ts';
import { parseMappings } from '../../../src/model/doctor/facts/numa-maps.ts';
import { parseProcesses } from '../../../src/model/doctor/facts/processes.ts';
import { parseStat } from '../../../src/model/doctor/facts/stat.ts';
import { parseTable } from '../../../src/model/doctor/facts/table.ts';
import { PRESET_LIMITS } from '../../../src/model/doctor/base/thresholds.ts';
import { doctorText } from '../../../src/model/doctor/text.ts';
import { parseProbe } from '../../../src/model/formats/sysfs/probe.ts';
import { readEnvironment } from '../../../src/model/formats/sysfs/environment.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { UNSAFE } from '../../../src/model/text/clean.ts';
import { probeText } from '../machines.ts';
import { filesOf, nic } from './hosts.ts';

const stat = (pid: number, name: string, user: number, cpu: number): string =>
  `${pid} (${name}) R 1 1 1 0 -1 4194304 1 0 0 0 ${user} 0 0 0 20 0 2 0 777 1000 250 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 ${cpu} 0 0 0 0 0`;

const TABLE = [
  '#before',
  '/proc/uptime:100.00 1.0',
  `/proc/42/stat:${stat(42, 'a) R (b', 100, 3)}`,
  '/sys/devices/system/node/node0/meminfo:Node 0 MemTotal: 1000 kB',
  '/proc/vmstat:pswpout 100',
  '#after',
  '/proc/uptime:101.00 1.0',
  `/proc/42/stat:${stat(42, 'a) R (b', 150, 3)}`,
  '/sys/devices/system/node/node0/meminfo:Node 0 MemTotal: 1000 kB',
  '/sys/devices/system/node/node0/meminfo:Node 0 Shmem: 10 kB',
  '/proc/vmstat:pswpout 150',
  '/proc/42/cgroup:0::/system.slice/x.service',
];
const PROCESSES = [
  '#before',
  '/proc/42/status:Name:\ta) R (b',
  '/proc/42/status:VmRSS:\t    1000 kB',
  '/proc/42/status:Cpus_allowed_list:\t0-3',
  '/proc/42/cmdline:a --b',
  '/proc/42/numa_maps:7f00 bind:1 anon=10 dirty=10 N0=4 N1=6 kernelpagesize_kB=4',
  '/proc/42/group:/sys/fs/cgroup/a:b',
  '/sys/fs/cgroup/a:b/memory.numa_stat:anon N0=8192 N1=4096',
  '/sys/fs/cgroup/a:b/cpuset.cpus:0-1',
  '/sys/fs/cgroup/a:b/cpuset.mems:',
  '/proc/uptime:102.00 1.0',
  `/proc/42/task/42/stat:${stat(42, 'a', 150, 3)}`,
  '/proc/42/task/42/sched:se.nr_migrations                             :                   10',
  '#after',
  '/proc/uptime:103.00 1.0',
  `/proc/42/task/42/stat:${stat(42, 'a', 200, 5)}`,
  '/proc/42/task/42/sched:se.nr_migrations                             :                   30',
];
const topology = readTopology(filesOf());

test('the answers of the script are read: CPU time, migrations, policies, groups with colons, names with parentheses', () => {
  const table = parseTable(TABLE);
  assert.ok(table);
  assert.deepEqual(table.rows, [
    {
      pid: 42,
      parent: 1,
      name: 'a) R (b',
      busy: 0.5,
      threads: 2,
      residentPages: 250,
      group: '/system.slice/x.service',
    },
  ]);
  assert.equal(table.vm['pswpout'], 50);
  // No thread of the kernel was among them.
  assert.equal(table.everyone, false);
  assert.equal(
    parseTable([...TABLE, `/proc/2/stat:${stat(2, 'kthreadd', 0, 0).replace(' 4194304 ', ' 2129984 ')}`])?.everyone,
    true,
  );
  assert.deepEqual(
    table.nodes.map(({ id, sharedBytes, missPerSecond }) => [id, sharedBytes, missPerSecond]),
    [[0, 10_240, null]],
  );
  const [process] = parseProcesses(PROCESSES, topology, []) ?? [];
  assert.ok(process);
  assert.deepEqual(process.threads[0], {
    tid: 42,
    name: 'a',
    cpus: [3, 5],
    busy: 0.5,
    runnable: true,
    allowed: topology.cpus.map(({ id }) => id),
    migrationsPerSecond: 20,
  });
  assert.deepEqual(process.mappings, [
    { kind: 'anon', name: '', policy: 'bind', nodes: [1], bytes: { 0: 16_384, 1: 24_576 } },
  ]);
  assert.deepEqual(process.group?.anon, { 0: 8192, 1: 4096 });
  assert.deepEqual(process.group.cpusets, { folder: '/sys/fs/cgroup/a:b', cpus: '0-1', nodes: '' });
  assert.equal(process.residentBytes, 1_024_000);
});

test('version 1 of control groups counts pages of the kernel, which are 64 KiB on some', () => {
  const lines = PROCESSES.map((line) =>
    line.replace('anon N0=8192 N1=4096', 'anon=3 N0=2 N1=1').replace('kernelpagesize_kB=4', 'kernelpagesize_kB=64'),
  );
  const [process] = parseProcesses(lines, topology, []) ?? [];
  assert.deepEqual(process?.group?.anon, { 0: 131_072, 1: 65_536 });
});

test('kinds of mappings: text, private data of a file, tmpfs wherever it is mounted, pools of huge pages', () => {
  const kinds = parseMappings(
    [
      '7f01 default file=/usr/lib/libc.so.6 mapped=100 N0=100 kernelpagesize_kB=4',
      '7f02 default file=/usr/lib/libc.so.6 anon=3 dirty=3 mapped=4 N0=4 kernelpagesize_kB=4',
      '7f03 interleave:0-1 file=/mnt/ram/x\\040y dirty=2 N0=1 N1=1 kernelpagesize_kB=4',
      '7f04 prefer (many):0-1 file=/anon_hugepage\\040(deleted) huge dirty=2 N1=2 kernelpagesize_kB=2048',
      '7f05 weighted interleave=static:0-1 heap anon=2 dirty=2 N1=2 kernelpagesize_kB=4',
      '7f06 default stack',
      'nonsense',
    ],
    ['/mnt/ram'],
  );
  assert.deepEqual(
    kinds.map(({ kind, policy, name }) => [kind, policy, name]),
    [
      ['file', 'default', '/usr/lib/libc.so.6'],
      ['anon', 'default', '/usr/lib/libc.so.6'],
      ['shared', 'interleave', '/mnt/ram/x y'],
      ['huge', 'prefer (many)', '/anon_hugepage (deleted)'],
      ['anon', 'weighted interleave', ''],
    ],
  );
});

const hostile = fc.oneof(
  fc.string({ maxLength: 80, unit: 'binary' }),
  fc.constantFrom(
    '9999999999999999999',
    '-1',
    '0-4294967295',
    '\u202e',
    '[always]',
    'N0=99999999999999999999',
    '#after',
    '',
  ),
);
/** Some of the lines, some of them bent, in any order. */
const bent = (lines: readonly string[]): fc.Arbitrary<string[]> =>
  fc.array(
    fc.oneof(
      fc.constantFrom(...lines),
      hostile,
      fc
        .tuple(fc.constantFrom(...lines), fc.nat(200), hostile)
        .map(([line, at, text]) => line.slice(0, at) + text + line.slice(at)),
    ),
    { maxLength: 60 },
  );

test('whatever a host prints, looking at it ends, and what is said of it holds nothing that hides or reorders', () => {
  const probe = probeText(filesOf(nic())).split('\n');
  fc.assert(
    fc.property(bent(TABLE), bent(PROCESSES), bent(probe), (one, two, three) => {
      const files = parseProbe([...probe, ...three].join('\n'));
      const topology = readTopology(files);
      const table = parseTable([...TABLE, ...one]) ?? parseTable(TABLE);
      const processes = parseProcesses([...PROCESSES, ...two], topology, ['/tmp']) ?? [];
      assert.ok(table);
      const live = { ...table, processes, selection: 'process 42' };
      const diagnosis = examine(readFacts(files, topology, readEnvironment(files), live), PRESET_LIMITS, 1);
      const text = doctorText(diagnosis);
      assert.doesNotMatch(text.replaceAll('\n', ''), UNSAFE);
      assert.doesNotMatch(text, /NaN|undefined|Infinity|\[object/);
      for (const { confidence } of [...diagnosis.findings, ...diagnosis.notes])
        assert.ok(confidence > 0 && confidence <= 1);
    }),
    { numRuns: 60 },
  );
});

test('a line of /proc/PID/stat that is none is none', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => assert.equal(parseStat(text), null)));
});
