// What the board says of a machine that runs: each sentence against samples that should change it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { MEASURES, measureOf } from '../../../src/model/live/measures/measures.ts';
import { figureWords } from '../../../src/model/live/measures/measure.ts';
import type { NodeSample, ProcessSample, Sample } from '../../../src/model/live/sample.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { fourNodes, machine, oneNode, twoSockets } from '../topologies.ts';

const GB = 1024 ** 3;

const node = (id: number, more: Partial<NodeSample> = {}): NodeSample => ({
  ...{ id, freeBytes: 4 * GB, usedBytes: 4 * GB, fileBytes: null, hitPerSecond: 1, missPerSecond: 0 },
  ...{ foreignPerSecond: 0, localPerSecond: 100, otherPerSecond: 0, hugepages: [] },
  ...more,
});

const sampleOf = (
  cpus: Sample['cpus'],
  nodes: readonly NodeSample[] = [node(0), node(1)],
  processes: readonly ProcessSample[] = [],
): Sample => ({
  ...{ schema: 'numa-pinboard/sample/1', time: '2026-01-02T03:04:05.000Z', intervalMs: 996 },
  ...{ cpus, nodes, processes },
});

/** Every CPU of a node as busy as that. */
const busyBy = (topology: Topology, shares: readonly number[]): Sample =>
  sampleOf(
    topology.cpus.map(({ id }) => {
      const at = topology.nodes.findIndex(({ cpus }) =>
        cpus.split(',').some((part) => {
          const [from = NaN, to = from] = part.split('-').map(Number);
          return id >= from && id <= to;
        }),
      );
      return { id, busy: shares[at] ?? 0 };
    }),
  );

const [one, two, four] = [oneNode(), twoSockets(), fourNodes()];
const hundreds = machine({ packages: 2, coresPerNode: 96 });
const say = (key: string, topology: Topology, sample: Sample): string => measureOf(key).sentence(topology, sample);

const BUSY: readonly (readonly [Topology, readonly number[], string])[] = [
  [one, [0.45], 'The CPUs are 45 % busy.'],
  [one, [0.01], 'The machine is nearly idle.'],
  [two, [0, 0], 'The machine is nearly idle.'],
  [two, [0.25, 0.45], 'The nodes are not equally busy: node 1 45 %, node 0 25 %.'],
  [two, [0.45, 0.25], 'The nodes are not equally busy: node 0 45 %, node 1 25 %.'],
  [two, [0.44, 0.45], 'All nodes share the work, 44 to 45 % busy.'],
  [two, [0.5, 0.5], 'All nodes share the work, 50 % busy.'],
  [two, [0.06, 0.02], 'All nodes share the work, 2 to 6 % busy.'],
  [two, [0.9, 0.02], 'Node 0 carries the work, 90 % busy; node 1 waits, 2 %.'],
  [two, [0.9, 0.001], 'Node 0 carries the work, 90 % busy; node 1 waits, less than 1 %.'],
  [four, [0.9, 0.8, 0.3, 0], 'Nodes 0 and 1 carry the work, 80 to 90 % busy; node 3 waits, 0 %.'],
  [four, [0.9, 0.3, 0.3, 0.3], 'Node 0 carries the work, 90 % busy.'],
];

test('busy: which nodes carry the work, with the shares that it rests on', () => {
  for (const [topology, shares, words] of BUSY) assert.equal(say('busy', topology, busyBy(topology, shares)), words);
  assert.equal(say('busy', two, sampleOf([])), 'No CPU was sampled.');
  // Four busy CPUs of 192 are no idle machine, though no node is above a twentieth.
  const few = sampleOf(hundreds.cpus.map(({ id }) => ({ id, busy: id < 4 ? 1 : 0 })));
  assert.equal(say('busy', hundreds, few), '4 CPUs of 192 are more than half busy; the rest is nearly idle.');
  // CPUs of which nothing is known are not idle ones.
  assert.equal(say('busy', two, sampleOf([{ id: 0, busy: 0.7 }])), 'The CPUs are 70 % busy.');
});

test('allocations: how many, and never nothing in thousands', () => {
  const rate = (...each: (number | null)[]): Sample =>
    sampleOf(
      [],
      each.map((otherPerSecond, id) => node(id, { otherPerSecond })),
    );
  const table: readonly (readonly [Topology, Sample, string])[] = [
    [one, rate(500), 'Only one node: allocations cannot land elsewhere.'],
    [two, rate(null, null), 'This host does not count allocations per node.'],
    [two, rate(0, 0), 'No node is giving pages to CPUs elsewhere.'],
    [two, rate(0.4, 0), 'No node is giving pages to CPUs elsewhere.'],
    [two, rate(12.4, 3), 'Node 0 gives 12 pages/s to CPUs elsewhere.'],
    [two, rate(3, 41_200), 'Node 1 gives 41.2\u00a0k pages/s to CPUs elsewhere.'],
  ];
  for (const [topology, sample, words] of table) assert.equal(say('allocations', topology, sample), words);
  const words = (pages: number): string => figureWords(measureOf('allocations'), pages / 1000);
  assert.deepEqual([0, 0.2, 3, 999, 1200].map(words), ['0 pages/s', 'less than 1 page/s', '3 pages/s', '999 pages/s', '1.2\u00a0k pages/s']); // oxfmt-ignore
});

test('remote share: of nothing counted, nothing allocated, and one node nothing is claimed', () => {
  const shares = (...each: [other: number | null, local: number | null][]): Sample =>
    sampleOf(
      [],
      each.map(([otherPerSecond, localPerSecond], id) => node(id, { otherPerSecond, localPerSecond })),
    );
  const table: readonly (readonly [Topology, Sample, string])[] = [
    [one, shares([0, 100]), 'Only one node: no page can be allocated from elsewhere.'],
    [two, shares([null, null], [null, null]), 'This host does not count allocations per node.'],
    [two, shares([0, 0], [0, 0]), 'No pages were allocated in the last interval.'],
    [two, shares([0, 100], [0, 0]), 'No node gave a page to CPUs elsewhere.'],
    [two, shares([1, 1000], [0, 10]), 'Node 0 gives less than 1 % of its pages to CPUs elsewhere.'],
    [two, shares([0, 100], [41, 59]), 'Node 1 gives 41 % of its pages to CPUs elsewhere.'],
  ];
  for (const [topology, sample, words] of table) assert.equal(say('remote', topology, sample), words);
});

test('free memory: the most of several, all of one, and none where there is none', () => {
  const free = (...each: (number | null)[]): Sample =>
    sampleOf(
      [],
      each.map((freeBytes, id) => node(id, { freeBytes: freeBytes === null ? null : freeBytes * GB })),
    );
  const table: readonly (readonly [Sample, string])[] = [
    [free(null, null), 'This host does not report free memory.'],
    [free(0, 0), 'No memory is free.'],
    [free(4), '4 GB of 8 GB is free.'],
    [free(4, 4.1), 'All nodes have about the same memory free, 4.1 GB each.'],
    [free(1, 6), 'Node 1 has the most free memory, 6 GB.'],
    [free(1, null), '1 GB of 5 GB is free.'],
    [sampleOf([], [node(0, { freeBytes: 0, usedBytes: 0 }), node(1)]), '4 GB of 8 GB is free.'],
  ];
  for (const [sample, words] of table) assert.equal(say('free', two, sample), words);
});

test('huge pages: how much of what is reserved is in use', () => {
  const pool = (total: number, free: number): NodeSample['hugepages'] => [{ sizeBytes: 2 ** 21, total, free }];
  const pools = (...each: NodeSample['hugepages'][]): Sample =>
    sampleOf(
      [],
      each.map((hugepages, id) => node(id, { hugepages })),
    );
  const table: readonly (readonly [Sample, string])[] = [
    [pools([], []), 'This host shows no pools of huge pages.'],
    [pools(pool(0, 0), pool(0, 0)), 'No huge pages are reserved.'],
    [pools(pool(64, 64), pool(0, 0)), 'Node 0 has 128 MB of huge pages reserved, none in use.'],
    [pools(pool(64, 0), pool(64, 0)), 'Nodes 0 and 1 have 256 MB of huge pages reserved, all in use.'],
    [pools(pool(64, 32), pool(0, 0)), 'Node 0 has 128 MB of huge pages reserved, 64 MB in use.'],
  ];
  for (const [sample, words] of table) assert.equal(say('huge', two, sample), words);
});

test('process: where its memory is, that it has none, or why that cannot be told', () => {
  const of = (residentBytes: ProcessSample['residentBytes']): Sample =>
    sampleOf([], [], [{ pid: 7, name: 'db', residentBytes, threads: [] }]);
  assert.equal(say('process', two, of({ 0: GB, 1: 0 })), 'db (7) has 1 GB on node 0.');
  assert.equal(say('process', two, of({ 0: 0 })), 'db (7) has no memory resident.');
  assert.match(say('process', two, of({ unavailable: 'no right' })), /unavailable: no right/);
  assert.match(say('process', two, sampleOf([])), /No process to show/);
});

test('whatever is missing, every measure says a sentence, and none of it is NaN', () => {
  const empty = [
    sampleOf([], []),
    sampleOf([{ id: 0, busy: 0 }], [node(0, { freeBytes: null, otherPerSecond: null })]),
  ];
  for (const { key } of MEASURES) {
    for (const topology of [one, two, hundreds]) {
      for (const sample of empty) {
        const words = say(key, topology, sample);
        assert.match(words, /^[A-Z0-9].*[.:]/, key);
        assert.doesNotMatch(words, /NaN|undefined|Infinity/, key);
      }
    }
  }
});
