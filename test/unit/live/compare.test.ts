// Lanes of a measure, and two moments held against each other: no more is said than two samples carry.
import assert from 'node:assert/strict';
import test from 'node:test';
import { MEASURES, measureOf } from '../../../src/model/live/measures/measures.ts';
import { changeWords, compareMoments } from '../../../src/model/live/past/compare.ts';
import { laneReader, lanesOf, topOf } from '../../../src/model/live/past/lanes.ts';
import { SAMPLE_SCHEMA } from '../../../src/model/live/sample.ts';
import type { Sample } from '../../../src/model/live/sample.ts';
import { indexTopology } from '../../../src/model/topology/relation.ts';
import { twoSockets } from '../topologies.ts';

const topology = twoSockets();
const [busy, allocations] = [measureOf('busy'), measureOf('allocations')];
const { cpusOfNode } = indexTopology(topology);

/** @param shares by node; undefined: its CPUs were not sampled. */
const sample = (shares: readonly (number | undefined)[]): Sample => ({
  schema: SAMPLE_SCHEMA,
  time: '2026-01-02T03:04:05.000Z',
  intervalMs: 1000,
  cpus: shares.flatMap((share, node) =>
    share === undefined ? [] : (cpusOfNode.get(node) ?? []).map((id) => ({ id, busy: share })),
  ),
  nodes: [],
  processes: [],
});

test('lanes are nodes or packages, each the mean of its CPUs; without a figure there is none', () => {
  for (const kind of ['node', 'package'] as const) {
    const lanes = lanesOf(topology, kind, busy);
    assert.deepEqual(
      lanes.map(({ name }) => name),
      [`${kind} 0`, `${kind} 1`],
    );
    const [first, second] = laneReader(busy, lanes)(sample([0.5, undefined]));
    assert.equal(first, 50);
    assert.ok(Number.isNaN(second));
  }
  const [first = 0] = cpusOfNode.get(0) ?? [];
  const one = { ...sample([0, 0]), cpus: [{ id: first, busy: 1 }] };
  assert.equal(laneReader(busy, lanesOf(topology, 'node', busy))(one)[0], 100);
});

test('a lane is as high as 100 %, or as the next limit that nothing exceeds', () => {
  assert.equal(topOf(busy, 3), 100);
  const [lowest] = allocations.limits;
  assert.equal(topOf(allocations, lowest / 2), lowest);
  const highest = allocations.limits[5];
  assert.ok(topOf(allocations, highest * 7) >= highest * 7);
});

test('the sentence names the node that differs most, and none where none does', () => {
  const compared = (a: readonly (number | undefined)[], b: readonly (number | undefined)[]): string =>
    compareMoments(topology, busy, 'node', [sample(a), sample(b)]).sentence;
  assert.equal(compared([0.2, 0.5], [0.9, 0.4]), 'Node 0: 20 % at A, 90 % at B.');
  assert.equal(compared([0.2, 0.5], [0.2, 0.4]), 'Node 1: 50 % at A, 40 % at B; no other one differs.');
  assert.equal(compared([0.2, 0.5], [0.204, 0.5]), 'CPU busy: no node differs between A and B.');
  assert.equal(
    compared([undefined, 0.5], [0.2, undefined]),
    'No figure to compare: at least one of the two moments has none.',
  );
});

test('what differs is told by node and by CPU, with its sign; what is missing in one is no difference', () => {
  const { lanes, cpus } = compareMoments(topology, busy, 'node', [sample([0.2, 0.5]), sample([0.9, undefined])]);
  assert.deepEqual(
    lanes.map(({ change }) => changeWords(busy, change)),
    ['+70 points', 'no figure'],
  );
  assert.equal(cpus.length, topology.cpus.length);
  assert.equal(cpus.filter(({ change }) => change === null).length, cpusOfNode.get(1)?.length);
  assert.equal(changeWords(busy, -1.2), '\u22121 point');
  assert.equal(changeWords(busy, -0.2), '0 points');
  assert.deepEqual(compareMoments(topology, allocations, 'node', [sample([]), sample([])]).cpus, []);
});

test('shares have a mean, counts add up, and what is known of the machine alone has one lane', () => {
  const node = {
    ...{ fileBytes: null, hitPerSecond: null, missPerSecond: null, foreignPerSecond: null },
    hugepages: [],
  };
  const counted: Sample = {
    ...sample([0, 0]),
    nodes: [0, 1].map((id) => ({
      ...{ ...node, id, localPerSecond: 1000 * (id + 1), otherPerSecond: 0 },
      ...{ freeBytes: 2 ** 30 * id, usedBytes: 2 ** 30 },
    })),
  };
  const one = [{ name: 'both', ids: [0, 1] }];
  assert.equal(laneReader(measureOf('free'), one)(counted)[0], 25);
  const [each] = [0, 1].map((id) => laneReader(allocations, [{ name: 'node', ids: [id] }])(counted)[0] ?? NaN);
  assert.equal(laneReader(allocations, one)(counted)[0], 3 * (each ?? NaN));
  const machine = MEASURES.find(({ paints }) => paints === 'machine') ?? assert.fail('there are some');
  assert.deepEqual(lanesOf(topology, 'node', machine), [{ name: 'host', ids: [0] }]);
});
