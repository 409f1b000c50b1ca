// What measures read from files of their own: the kernel's formats, as its documentation has them, and what is said where they are absent.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import fc from 'fast-check';
import { missingWords, valueOnNode } from '../../../src/model/live/measures/measure.ts';
import { MEASURES, measureOf } from '../../../src/model/live/measures/measures.ts';
import { Rates } from '../../../src/model/live/rates.ts';
import type { Reading } from '../../../src/model/live/reading.ts';
import type { Table } from '../../../src/model/live/tables.ts';
import type { Sample } from '../../../src/model/live/sample.ts';
import { sampleSchema } from '../../../src/protocol/sample.ts';
import { oneNode, twoSockets } from '../topologies.ts';

type Files = Readonly<Record<string, string>>;
const SOURCES = new Map(MEASURES.flatMap(({ key, source }) => (source ? [[key, source] as const] : [])));
const NODES: Files = { 'sys/devices/system/node/online': '0-1\n' };

type Tables = Readonly<Record<string, Readonly<Record<string, Readonly<Record<number, number>>>> | string>>;

const tableOf = (rows: Readonly<Record<string, Readonly<Record<number, number>>>>): Table =>
  new Map(
    Object.entries(rows).map(([row, cells]) => [
      row,
      new Map(Object.entries(cells).map(([id, value]) => [Number(id), value])),
    ]),
  );

const reading = (monotonicMs: number, files: Files, tables: Tables): Reading => ({
  ...{
    monotonicMs,
    files: new Map(Object.entries(files)),
    cpus: [
      { id: 0, busy: 0 },
      { id: 4, busy: 0 },
    ],
    processes: [],
  },
  tables: new Map(
    Object.entries({ nodes: { MemTotal: { 0: 1000, 1: 1000 }, MemFree: { 0: 200, 1: 200 } }, ...tables }).map(
      ([name, one]) => [name, typeof one === 'string' ? { unavailable: one } : tableOf(one)],
    ),
  ),
  fresh: { files: true, tables: new Set(['nodes', ...Object.keys(tables)]) },
});

/** Two readings, two seconds apart. */
function sampled(before: Files, after: Files = before, tables: readonly [Tables, Tables] = [{}, {}]): Sample {
  const rates = new Rates(SOURCES);
  rates.take(reading(0, before, tables[0]), '');
  const sample = rates.take(reading(2000, after, tables[1]), '2026-01-02T03:04:05.000Z');
  assert.ok(sample);
  v.parse(sampleSchema, sample);
  return sample;
}
const counted = (before: Tables, after: Tables): Sample => sampled(NODES, NODES, [before, after]);
const valueOf = (key: string, sample: Sample, id = 0): number | null => measureOf(key).value(sample, id);
const topology = twoSockets();
const say = (key: string, sample: Sample): string => measureOf(key).sentence(topology, sample);

test('what memory is used for is a share of the node, said in bytes too', () => {
  const node = (id: number, file: number | null): Sample['nodes'][number] => ({
    ...{
      id,
      freeBytes: 200 * 1024,
      usedBytes: 800 * 1024,
      fileBytes: file === null ? null : file * 1024,
      anonBytes: 100 * 1024,
    },
    ...{ hitPerSecond: 1, missPerSecond: 2000, foreignPerSecond: 0, localPerSecond: 0, otherPerSecond: 0 },
    ...{ user: 0.5, system: 0.25, iowait: 0, steal: null, hugepages: [] },
  });
  const sample = { ...sampled({}), nodes: [node(0, 300), node(1, 301)] };
  const shares = (key: string): (string | undefined)[] => [0, 1].map((id) => valueOf(key, sample, id)?.toFixed(1));
  assert.deepEqual(['file', 'anon', 'slab'].map(shares), [
    ['30.0', '30.1'],
    ['10.0', '10.0'],
    [undefined, undefined],
  ]);
  assert.equal(
    say('file', sample),
    '30 % of node 1\u2019s memory holds file contents, 301 KB; no node has a larger share.',
  );
  assert.equal(say('slab', sample), 'This host does not say what its memory is used for.');
  const alone = { ...sample, nodes: [node(0, null)] };
  assert.equal(
    measureOf('anon').sentence(oneNode(), alone),
    '10 % of this machine\u2019s memory is heap and stack of programs, 100 KB.',
  );
  // The shares of time and the counters of numastat are fields of the same nodes.
  assert.deepEqual(
    ['user', 'system', 'iowait', 'steal', 'miss'].map((key) => valueOf(key, sample)),
    [50, 25, 0, null, 2],
  );
  assert.equal(
    say('system', sample),
    'The CPUs of node 0 spend 25 % of their time in the kernel, the most of all nodes.',
  );
  assert.equal(say('miss', sample), 'Node 0 had to give 2\u00a0k pages/s that were wished for elsewhere.');
});

const vmstat = (of: Readonly<Record<string, number>>): Files => ({
  'proc/vmstat': `nr_free_pages 12\n${Object.entries(of)
    .map(([name, value]) => `${name} ${value}`)
    .join('\n')}\n`,
});

test('migrations and the faults of NUMA balancing come from vmstat, with what is counted beside them', () => {
  const before = { pgmigrate_success: 10, pgmigrate_fail: 0, numa_pages_migrated: 4 };
  const faults = { numa_pte_updates: 0, numa_hint_faults: 100, numa_hint_faults_local: 50 };
  const sample = sampled(
    vmstat({ ...before, ...faults }),
    vmstat({ pgmigrate_success: 3010, pgmigrate_fail: 6, numa_pages_migrated: 1004, numa_pte_updates: 9000, numa_hint_faults: 1100, numa_hint_faults_local: 680 }), // oxfmt-ignore
  );
  assert.equal(valueOf('migrations', sample), 1500);
  assert.equal(
    say('migrations', sample),
    'The kernel moves 1.5\u00a0k pages/s, 500 pages/s of them to another node to balance.',
  );
  assert.deepEqual(measureOf('migrations').beside?.(sample)[0], ['tried and not moved', '3 pages/s']);
  assert.equal(
    say('balancing', sample),
    'NUMA balancing causes 500 faults/s, 63 % of them on the page\u2019s own node.',
  );
  // A kernel that counts only some of it.
  const old = sampled(vmstat({ pgmigrate_success: 1 }));
  assert.equal(say('migrations', old), 'The kernel is moving no pages.');
  assert.equal(valueOf('balancing', old), null);
  assert.match(say('balancing', old), /CONFIG_NUMA_BALANCING/);
});

test('balancing that is switched off is said to be, whatever the counters show', () => {
  const files = { ...vmstat({ numa_hint_faults: 100 }), 'proc/sys/kernel/numa_balancing': '0\n' };
  const sample = sampled(files);
  assert.equal(valueOf('balancing', sample), null);
  assert.match(say('balancing', sample), /switched off \(kernel\.numa_balancing is 0\)/);
  assert.equal(missingWords(measureOf('balancing'), sample), sample.unavailable?.['balancing']);
});

test('moves between tiers are read by node where its vmstat has them', () => {
  const of = (up: number, ...down: number[]): string =>
    `nr_free_pages 1\npgpromote_success ${up}\npgdemote_kswapd ${down[0] ?? 0}\npgdemote_direct ${down[1] ?? 0}\n`;
  const files = (zero: string, one: string): Files => ({
    ...NODES,
    'sys/devices/system/node/node0/vmstat': zero,
    'sys/devices/system/node/node1/vmstat': one,
  });
  const sample = sampled(files(of(0, 0, 0), of(0)), files(of(20, 200, 100), of(400)));
  assert.deepEqual([valueOf('promoted', sample, 0), valueOf('promoted', sample, 1)], [10, 200]);
  assert.deepEqual([valueOf('demoted', sample, 0), valueOf('demoted', sample, 1)], [150, 0]);
  assert.equal(say('promoted', sample), 'Node 1 receives 200 pages/s from slower memory.');
  const old = sampled(files('nr_free_pages 1\n', 'nr_free_pages 1\n'));
  assert.match(say('demoted', old), /does not count by node/);
});

test('pressure is the share of the interval that its total grew by, and absent without PSI', () => {
  const psi = (some: number, full: number): string =>
    `some avg10=52.10 avg60=50.69 avg300=31.04 total=${some}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${full}\n`;
  const files = (some: number, full: number): Files => ({
    'proc/pressure/memory': psi(some, full),
    'proc/pressure/cpu': psi(some, 0),
  });
  const sample = sampled(files(1000, 0), files(501_000, 100_000));
  assert.equal(valueOf('pressure-memory', sample), 25);
  assert.equal(
    say('pressure-memory', sample),
    'Some task waited for memory during 25 % of the time, all of them at once during 5 %.',
  );
  assert.equal(say('pressure-cpu', sample), 'Some task waited for a CPU during 25 % of the time.');
  assert.equal(valueOf('pressure-io', sample), null);
  assert.match(say('pressure-io', sample), /psi=1/);
});

const NET =
  'Inter-|   Receive                            |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n';
const net = (eth: number, out: number): string =>
  `${NET}    lo: 999 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0\n  eth0:${eth} 10 0 0 0 0 0 0 ${out} 10 0 0 0 0 0 0\n br0: 5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n`;

test('interfaces on hardware are at the node of their PCI device; bridges and loopback are not counted again', () => {
  const files = (eth: number, out: number): Files => ({
    ...NODES,
    'proc/net/dev': net(eth, out),
    'sys/class/net/eth0/device/../numa_node': '1\n',
    'sys/class/net/eth0/device/uevent': 'DRIVER=virtio_net\n',
  });
  const sample = sampled(files(0, 0), files(4_000_000, 1_000_000));
  assert.deepEqual(sample.devices, [
    { name: 'eth0', kind: 'network', node: 1, receivedBytesPerSecond: 2_000_000, sentBytesPerSecond: 500_000 },
  ]);
  assert.deepEqual([valueOf('network', sample, 0), valueOf('network', sample, 1)], [null, 2.5]);
  assert.equal(say('network', sample), 'eth0, at node 1, receives 2 MB/s and sends 500 kB/s.');
  assert.equal(say('disk', sample), 'No disk of this host stands on hardware that it shows.');
});

const disks = (read: number, written: number): string =>
  `   7       0 loop0 1 0 8 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n 259       0 nvme0n1 50 0 ${read} 9 60 0 ${written} 9 0 0 0\n 259       1 nvme0n1p1 50 0 ${read} 9 60 0 ${written} 9 0 0 0\n`;

test('disks count in sectors of 512 bytes, once for all their partitions, and without a node on machines that name none', () => {
  const files = (read: number, written: number, node: string): Files => ({
    ...NODES,
    'proc/diskstats': disks(read, written),
    'sys/block/nvme0n1/device/numa_node': node,
  });
  const known = sampled(files(0, 0, '0'), files(4000, 2000, '0'));
  assert.deepEqual(known.devices, [
    { name: 'nvme0n1', kind: 'disk', node: 0, readBytesPerSecond: 1_024_000, writtenBytesPerSecond: 512_000 },
  ]);
  assert.equal(valueOf('disk', known, 0), 1.536);
  const unknown = sampled(files(0, 0, '-1\n'), files(4000, 2000, '-1\n'));
  assert.equal(unknown.devices?.[0]?.node, null);
  assert.equal(valueOf('disk', unknown, 0), null);
  assert.equal(
    say('disk', unknown),
    'nvme0n1, whose node firmware does not name, reads 1.02 MB/s and writes 512 kB/s.',
  );
  // Of a machine of one node all devices are on that.
  const alone = sampled({ 'proc/diskstats': disks(0, 0), 'sys/block/nvme0n1/device/uevent': 'x' });
  assert.equal(alone.devices?.[0]?.node, 0);
});

test('a file that is there and cannot be read is the reason, in the kernel\u2019s words', () => {
  const rates = new Rates(SOURCES);
  const refused = new Map([
    ['proc/pressure/io', 'Operation not supported'],
    ['sys/class/net/eth0/device/numa_node', 'Permission denied'],
  ]);
  rates.take(reading(0, NODES, {}), '');
  const sample = rates.take({ ...reading(2000, NODES, {}), refused }, '');
  assert.ok(sample);
  assert.equal(say('pressure-io', sample), '/proc/pressure/io cannot be read: Operation not supported.');
  assert.match(say('pressure-cpu', sample), /psi=1/);
  assert.match(say('network', sample), /numa_node cannot be read: Permission denied\./);
});

test('interrupts stand on the CPU that handled them, and with the device that raised them; far ones are told apart', () => {
  const table = (zero: number, far: number): Tables => ({
    interrupts: {
      devices: { 0: zero, 4: far },
      'between CPUs': { 0: 5, 4: 5 },
      'by eth0': { 0: zero, 1: far },
      'at eth0': { 0: 0 },
      'by ttyS0': { 0: 7 },
      'by quiet\u202e': { 0: 0, 1: 0 },
    },
  });
  const sample = counted(table(0, 0), table(1000, 3000));
  assert.deepEqual(
    [0, 4, 7].map((id) => valueOf('interrupts', sample, id)),
    [500, 1500, null],
  );
  assert.deepEqual(sample.devices, [
    { name: 'eth0', kind: 'interrupts', node: 0, interruptsPerSecond: 2000, farInterruptsPerSecond: 1500 },
    { name: 'ttyS0', kind: 'interrupts', node: null, interruptsPerSecond: 0 },
    { name: 'quiet', kind: 'interrupts', node: null, interruptsPerSecond: 0 },
  ]);
  assert.equal(say('interrupts', sample), 'eth0 at node 0 raises 2\u00a0k interrupts/s, 75 % on other nodes.');
  const none = counted({}, {});
  assert.equal(valueOnNode(measureOf('interrupts'), topology, sample, 1), 1500);
  assert.match(say('interrupts', none), /none runs on this host/);
});

test('frequencies are what the driver tells, or why there is none', () => {
  const table = { frequency: { kHz: { 0: 2_100_000, 4: 3_550_000 } } };
  const sample = counted(table, table);
  assert.deepEqual([valueOf('frequency', sample, 0), valueOf('frequency', sample, 4)], [2.1, 3.55]);
  assert.equal(say('frequency', sample), 'The CPUs run at 2.1 to 3.5 GHz.');
  assert.equal(say('frequency', counted({ frequency: 'no driver' }, { frequency: 'no driver' })), 'no driver');
});

test('memory traffic of resctrl: all, what is remote of it, and each reason why there is none in its own words', () => {
  const bytes = (total: number, local: number): Tables => ({
    resctrl: {
      llc_occupancy: { 0: 2 ** 25, 1: 0 },
      mbm_total_bytes: { 0: total, 1: 0 },
      mbm_local_bytes: { 0: local, 1: 0 },
    },
  });
  const sample = counted(bytes(0, 0), bytes(20e9, 5e9));
  assert.deepEqual(
    ['l3', 'bandwidth', 'remote-bandwidth'].map((key) => valueOf(key, sample)?.toFixed(1)),
    ['32.0', '10.0', '7.5'],
  );
  assert.equal(
    say('remote-bandwidth', sample),
    'The CPUs of node 0 exchange 7.5 GB/s with memory of other nodes, 75 % of all of theirs.',
  );
  const why = (resctrl: Tables[string], key: string): string => say(key, counted({ resctrl }, { resctrl }));
  const mpam = { llc_occupancy: { 0: 1 }, mbm_total_bytes: { 0: 5 } };
  assert.match(why(mpam, 'remote-bandwidth'), /MPAM has no such counter/);
  assert.equal(valueOf('bandwidth', counted({ resctrl: mpam }, { resctrl: mpam })), 0);
  const unassigned = { llc_occupancy: { 0: 1 }, unassigned: { 0: 2 } };
  for (const key of ['bandwidth', 'remote-bandwidth']) assert.match(why(unassigned, key), /mbm_event/);
  assert.match(why({ unavailable: { 0: 1 } }, 'bandwidth'), /say "Unavailable" now/);
  assert.match(why({ mbm_total_bytes: { 0: 1 } }, 'l3'), /no llc_occupancy/);
  assert.match(why({ llc_occupancy: { 0: 1 } }, 'bandwidth'), /does not count its memory bandwidth/);
  assert.equal(why('resctrl is not mounted.', 'bandwidth'), 'resctrl is not mounted.');
});

test('remote loads are a share of what memory answered, and of hardly any loads nothing is said', () => {
  const table = (all: number, far: number): Tables => ({
    loads: { all: { 0: all, 1: all / 1000 }, remote: { 0: far, 1: 0 } },
  });
  const sample = counted(table(0, 0), table(100_000, 25_000));
  assert.deepEqual([valueOf('loads', sample, 0), valueOf('loads', sample, 1)], [25, null]);
  assert.equal(
    say('loads', sample),
    'Other nodes\u2019 memory answers 25 % of the loads that leave the caches of node 0.',
  );
  assert.deepEqual(measureOf('loads').beside?.(sample), [
    ['node 0', '50\u00a0k loads/s, 12.5\u00a0k loads/s of them remote'],
    ['node 1', '50 loads/s, 0 loads/s of them remote'],
  ]);
  assert.equal(say('loads', counted(table(0, 0), table(10, 1))), 'Memory had to answer hardly any load.');
});

test('links and controllers are two measures of one reader: one may lack what the other has', () => {
  const table = (sent: number): Tables => ({ links: { sent: { 0: sent, 1: 0 } } });
  const sample = counted(table(0), table(6e9));
  assert.equal(valueOf('links', sample), 3);
  assert.equal(
    say('links', sample),
    'The socket of node 0 sends 3 GB/s over its links to other sockets, the most of all.',
  );
  assert.match(say('controllers', sample), /none of memory controllers/);
});

test('the four kinds of evidence about remote memory are four groups, and only bytes of links and controllers are called traffic', () => {
  const groups = Object.fromEntries(MEASURES.map(({ key, group }) => [key, group]));
  assert.deepEqual(
    ['process', 'remote', 'loads', 'remote-bandwidth', 'links', 'controllers'].map((key) => groups[key]),
    ['Memory', 'Allocations', 'Remote loads', 'Traffic', 'Traffic', 'Traffic'],
  );
  for (const { name, group } of MEASURES) assert.equal(/traffic/i.test(name), group === 'Traffic', name);
});

test('whatever the files hold, samples are well-formed and sentences whole', () => {
  const paths = [...SOURCES.values()].flatMap(({ files }) =>
    files.map(([glob]) =>
      glob
        .slice(1)

        .replaceAll(/\[0-9\]\*|\*/g, '1'),
    ),
  );
  const good = [
    'some avg10=1 total=99999999999999999999',
    'numa_hint_faults 5',
    'eth: 1 2 3',
    '1',
    '-1',
    '\u202eeth0',
    '8 0 1 1 1 1 1 1 1 1 1',
  ];
  const text = fc.oneof(fc.string(), fc.constantFrom(...good));
  const host = fc.dictionary(fc.constantFrom(...paths, ...Object.keys(NODES)), text);
  const readers = [...new Set([...SOURCES.values()].flatMap((source) => source.readers ?? []))];
  const rows = fc.constantFrom(
    'devices',
    'by eth0',
    'at eth0',
    'kHz',
    'mbm_total_bytes',
    'mbm_local_bytes',
    'all',
    'remote',
    'sent',
  );
  const row = fc.dictionary(fc.nat(9).map(String), fc.maxSafeInteger());
  const tables = fc.dictionary(fc.constantFrom(...readers), fc.oneof(fc.string(), fc.dictionary(rows, row)));
  fc.assert(
    fc.property(host, host, tables, tables, (before, after, then, now) => {
      const sample = sampled(before, after, [then, now]);
      for (const { key } of MEASURES) assert.doesNotMatch(say(key, sample), /NaN|undefined|Infinity/);
    }),
    { numRuns: 100 },
  );
});
