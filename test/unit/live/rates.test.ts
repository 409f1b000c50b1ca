import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import fc from 'fast-check';
import { step } from '../../../src/model/live/measures/measure.ts';
import { MEASURES, measureOf } from '../../../src/model/live/measures/measures.ts';
import { HostTexts } from '../../../src/model/live/host-texts.ts';
import { nodeBusy, Rates } from '../../../src/model/live/rates.ts';
import type { Sample } from '../../../src/model/live/sample.ts';
import type { RawReading } from '../../../src/model/live/rates.ts';
import { sampleSchema } from '../../../src/protocol/sample.ts';
import { twoSockets } from '../topologies.ts';

const TIME = '2026-01-02T03:04:05.000Z';
const NODE0 = 'sys/devices/system/node/node0';
const NODE1 = 'sys/devices/system/node/node1';

const reading = (monotonicMs: number, files: Readonly<Record<string, string>>): RawReading => ({
  monotonicMs,
  files: new Map(Object.entries(files)),
  processes: [],
});

/** The sample between two looks by the shell. */
function rates(before: RawReading, after: RawReading, time: string): Sample {
  const [texts, made] = [new HostTexts(), new Rates()];
  assert.equal(made.take(texts.take(before), time), null);
  const sample = made.take(texts.take(after), time);
  assert.ok(sample);
  return sample;
}

const stat = (...lines: string[]): Record<string, string> => ({ 'proc/stat': ['cpu  9 9 9 9', ...lines].join('\n') });
const busyOf = (before: string[], after: string[]): (readonly [number, number])[] =>
  rates(reading(0, stat(...before)), reading(1000, stat(...after)), TIME).cpus.map(({ id, busy }) => [id, busy]);

const numastat = (hit: number, miss: number, foreign: number, local: number, other: number): string =>
  `numa_hit ${hit}\nnuma_miss ${miss}\nnuma_foreign ${foreign}\ninterleave_hit 0\nlocal_node ${local}\nother_node ${other}\n`;

test('busy is what was neither idle nor waiting; guest time is not counted twice', () => {
  const before = ['cpu0 0 0 0 0 0 0 0 0 0 0', 'cpu1 100 0 0 100 0 0 0 0 0 0'];
  const after = ['cpu0 30 0 10 50 10 0 0 0 30 0', 'cpu1 100 0 0 200 0 0 0 0 0 0'];
  assert.deepEqual(busyOf(before, after), [
    [0, 0.4],
    [1, 0],
  ]);
});

test('a field that runs backwards neither hides the others nor makes a rate negative', () => {
  assert.deepEqual(busyOf(['cpu0 0 0 0 100 100 0 0 0'], ['cpu0 10 0 0 140 40 0 0 0']), [[0, 0.2]]);
});

test('a CPU that comes, goes, or had no tick has no figure', () => {
  assert.deepEqual(busyOf(['cpu0 1 0 0 1'], ['cpu0 1 0 0 1', 'cpu1 5 0 0 5']), []);
  assert.deepEqual(busyOf(['cpu0 1 0 0 1', 'cpu3 1 0 0 1'], ['cpu0 2 0 0 1']), [[0, 1]]);
});

test('counters of a node become rates a second, memory becomes bytes', () => {
  const meminfo =
    'Node 0 MemTotal: 1000 kB\nNode 0 MemFree: 400 kB\nNode 0 FilePages: 100 kB\nNode 0 AnonPages: 30 kB\nNode 0 HugePages_Total: 7\n';
  const huge = `${NODE0}/hugepages/hugepages-2048kB`;
  const files = { [`${NODE0}/meminfo`]: meminfo, [`${huge}/nr_hugepages`]: '8\n', [`${huge}/free_hugepages`]: '6\n' };
  const before = reading(0, { ...files, [`${NODE0}/numastat`]: numastat(100, 10, 5, 90, 20) });
  const after = reading(2000, { ...files, [`${NODE0}/numastat`]: numastat(300, 10, 9, 190, 120) });
  assert.deepEqual(rates(before, after, TIME).nodes, [
    {
      id: 0,
      freeBytes: 400 * 1024,
      usedBytes: 600 * 1024,
      fileBytes: 100 * 1024,
      anonBytes: 30 * 1024,
      slabBytes: null,
      hitPerSecond: 100,
      missPerSecond: 0,
      foreignPerSecond: 2,
      localPerSecond: 50,
      otherPerSecond: 50,
      user: null,
      system: null,
      iowait: null,
      steal: null,
      hugepages: [{ sizeBytes: 2_097_152, total: 8, free: 6 }],
    },
  ]);
});

test('rates go by the clock of the host that nobody sets, whatever the wall clock does', () => {
  const [texts, made] = [new HostTexts(), new Rates()];
  const at = (second: number): RawReading =>
    reading(second * 1000, {
      ...stat(`cpu0 ${second * 50} 0 0 ${second * 50}`),
      [`${NODE0}/numastat`]: numastat(second * 10, 0, 0, 0, 0),
    });
  const times = [
    '2026-01-02T03:00:00.000Z',
    '2026-01-02T03:00:01.000Z',
    '2025-01-01T00:00:00.000Z',
    '2027-01-01T00:00:00.000Z',
  ];
  const samples = times.map((time, second) => made.take(texts.take(at(second)), time));
  assert.deepEqual(
    samples.map(
      (sample) => sample && [sample.time, sample.intervalMs, sample.cpus[0]?.busy, sample.nodes[0]?.hitPerSecond],
    ),
    [null, ...times.slice(1).map((time) => [time, 1000, 0.5, 10])],
  );
});

test('what the CPUs of a node spent their time on is shares of it, by kind; a node without CPUs has none', () => {
  const files = { [`${NODE0}/cpulist`]: '0-1\n', [`${NODE1}/cpulist`]: '\n', [`${NODE1}/meminfo`]: 'MemFree: 1 kB' };
  const memory = { [`${NODE0}/meminfo`]: 'MemFree: 1 kB' };
  const at = (ms: number, ...lines: string[]): RawReading => reading(ms, { ...stat(...lines), ...files, ...memory });
  const before = at(0, 'cpu0 0 0 0 0 0 0 0 0', 'cpu1 5 5 5 5 5 5 5 5', 'cpu7 0 0 0 0');
  const after = at(1000, 'cpu0 20 10 5 50 10 3 2 0', 'cpu1 5 5 5 65 5 5 5 45', 'cpu7 9 9 9 9');
  const kinds = rates(before, after, TIME).nodes.map(({ user, system, iowait, steal }) => [
    user,
    system,
    iowait,
    steal,
  ]);
  assert.deepEqual(kinds, [
    [30 / 200, 10 / 200, 10 / 200, 40 / 200],
    [null, null, null, null],
  ]);
});

test('numastat that is missing or switched off is unknown, not 0', () => {
  const other = (before: string | null, after: string | null, ...nodes: string[]): (number | null)[] => {
    const files = (own: string | null): Record<string, string> => ({
      [`${NODE0}/meminfo`]: '',
      ...(own === null ? {} : { [`${NODE0}/numastat`]: own }),
      ...Object.fromEntries(nodes.map((text) => [`${NODE1}/numastat`, text])),
    });
    return rates(reading(0, files(before)), reading(1000, files(after)), TIME).nodes.map((node) => node.otherPerSecond);
  };
  const off = numastat(0, 0, 0, 0, 0);
  assert.deepEqual(other(null, null), [null]);
  assert.deepEqual(other(off, off), [null]);
  assert.deepEqual(other(numastat(9, 0, 0, 9, 0), off), [null]);
  // A node without CPUs may well have counted nothing yet.
  assert.deepEqual(other(off, off, numastat(9, 0, 0, 9, 0)), [0, 0]);
});

test('a kernel without NUMA has one node with the memory of the machine', () => {
  const files = { 'proc/meminfo': 'MemTotal: 100 kB\nMemFree: 40 kB\nBuffers: 5 kB\nCached: 20 kB\n' };
  const { nodes } = rates(reading(0, files), reading(1000, files), TIME);
  assert.equal(nodes.length, 1);
  assert.equal(nodes[0]?.fileBytes, 25 * 1024);
  assert.equal(nodes[0].hitPerSecond, null);
});

test('whatever a host prints, a sample is well-formed and busy stays within 0 and 1', () => {
  const field = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.constant('x'));
  const cpu = fc.tuple(fc.nat(9), fc.array(field, { maxLength: 12 })).map(([id, list]) => `cpu${id} ${list.join(' ')}`);
  const word = fc.oneof(fc.string(), fc.nat().map(String), fc.constant('MemFree: 99999999999999999999 kB'));
  const path = fc.constantFrom(
    ...['meminfo', 'numastat', 'hugepages/hugepages-4kB/nr_hugepages', 'hugepages/hugepages-4kB/free_hugepages'],
  );
  const host = fc.tuple(fc.array(cpu), fc.dictionary(path, word), fc.nat(1e9)).map(([cpus, files, ms]) =>
    reading(ms, {
      ...stat(...cpus),
      ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`${NODE0}/${name}`, text])),
    }),
  );
  fc.assert(
    fc.property(host, host, (before, after) => {
      const sample = rates(before, after, TIME);
      v.parse(sampleSchema, sample);
      for (const { busy } of sample.cpus) assert.ok(busy >= 0 && busy <= 1);
      for (const node of sample.nodes) assert.ok((node.otherPerSecond ?? 0) >= 0);
    }),
    { numRuns: 300 },
  );
});

test('a node is as busy as its CPUs on average; a node without one is left out', () => {
  const topology = twoSockets({ cpulessNodes: 1 });
  const before = stat('cpu0 0 0 0 0', 'cpu1 0 0 0 0', 'cpu4 0 0 0 0');
  const after = stat('cpu0 100 0 0 0', 'cpu1 50 0 0 50', 'cpu4 0 0 0 100');
  const sample = rates(reading(0, before), reading(1000, after), TIME);
  assert.deepEqual(
    [...nodeBusy(topology, sample)],
    [
      [0, 0.75],
      [1, 0],
    ],
  );
});

test('a measure’s steps begin at its limits, and what is unknown is not coloured', () => {
  const { limits } = measureOf('busy');
  assert.deepEqual(
    [null, 0, 4.9, 5, 20, 79, 80, 95, 100].map((value) => step(limits, value)),
    [0, 0, 0, 1, 2, 4, 5, 6, 6],
  );
  for (const measure of MEASURES) {
    assert.deepEqual(
      [...measure.limits].sort((a, b) => a - b),
      measure.limits,
    );
  }
});

test('node measures read the sample, and have no figure where nothing was counted', () => {
  const node = {
    id: 0,
    freeBytes: 25,
    usedBytes: 75,
    fileBytes: null,
    hitPerSecond: 1,
    missPerSecond: 0,
    foreignPerSecond: 0,
    localPerSecond: 3000,
    otherPerSecond: 1000,
    hugepages: [{ sizeBytes: 2, total: 8, free: 6 }],
  };
  const empty = { ...node, id: 1, localPerSecond: 0, otherPerSecond: 0, freeBytes: null, hugepages: [] };
  const sample = {
    schema: 'numa-pinboard/sample/1',
    time: TIME,
    intervalMs: 1,
    cpus: [],
    nodes: [node, empty],
    processes: [],
  } as const;
  const values = (id: number): (number | null)[] =>
    (['allocations', 'remote', 'free', 'huge', 'process'] as const).map((key) => measureOf(key).value(sample, id));
  assert.deepEqual(values(0), [1, 25, 25, 25, null]);
  assert.deepEqual(values(1), [0, null, null, null, null]);
  assert.deepEqual(values(9), [null, null, null, null, null]);
  assert.equal(measureOf('busy').value(sample, 0), null);
  const share = (residentBytes: Sample['processes'][number]['residentBytes'], id: number): number | null =>
    measureOf('process').value({ ...sample, processes: [{ pid: 1, name: 'x', residentBytes, threads: [] }] }, id);
  assert.deepEqual(
    [0, 1, 2].map((id) => share({ 0: 3000, 2: 1000 }, id)),
    [75, 0, 25],
  );
  assert.equal(share({ unavailable: 'no right' }, 0), null);
  assert.equal(share({}, 0), null);
});
