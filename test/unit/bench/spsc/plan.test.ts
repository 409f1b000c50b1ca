import assert from 'node:assert/strict';
import test from 'node:test';
import { plan } from '../../../../src/model/bench/spsc/plan.ts';
import type { Plan } from '../../../../src/model/bench/offer.ts';
import { questions } from '../../../../src/model/board/questions.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import { DEFAULT_WORKLOAD } from '../../../../src/model/bench/spsc/workload.ts';
import type { SpscCase } from '../../../../src/model/cases/spsc.ts';
import type { SpscWorkload } from '../../../../src/model/bench/spsc/workload.ts';
import { fourNodes, machine, oneNode, runOf, spscCase, twoSockets } from '../../topologies.ts';
import { placed } from '../../../support/slots.ts';

function planned(topology: Topology, producer: number, consumer: number, memory: number | null = null): Plan<SpscCase> {
  const found = plan(topology, placed({ producer, consumer, memory }), DEFAULT_WORKLOAD, null);
  if ('why' in found) assert.fail(found.why);
  return found;
}

const ends = (one: SpscCase | undefined): unknown[] => [one?.producer, one?.consumer, one?.memory, one?.pin];

test('across sockets the baseline is another core behind the producer’s L3', () => {
  const { cases, labels, question } = planned(twoSockets(), 0, 4);
  assert.deepEqual(cases.map(ends), [
    [0, 4, 0, true],
    [0, 1, 0, true],
  ]);
  assert.deepEqual(labels, ['P#0 → P#4', 'P#0 → P#1']);
  assert.equal(question, 'Does the queue hold its rate across sockets?');
});

test('the baseline’s memory is local to the producer wherever the token sits', () => {
  assert.deepEqual(planned(twoSockets(), 0, 4, 1).cases.map(ends), [
    [0, 4, 1, true],
    [0, 1, 0, true],
  ]);
});

test('SMT siblings are held against two cores of one L3', () => {
  const { cases, question } = planned(twoSockets(), 0, 8);
  assert.equal(cases[1]?.consumer, 1);
  assert.equal(question, 'Does the queue hold its rate between SMT siblings?');
});

test('a pair that is near already is held against itself, not pinned', () => {
  for (const [topology, consumer] of [
    [twoSockets(), 2],
    [oneNode(), 1],
    [machine({ packages: 1, coresPerNode: 1, threads: 2 }), 1],
  ] as const) {
    const { cases, labels, question } = planned(topology, 0, consumer);
    assert.deepEqual(cases.map(ends), [
      [0, consumer, 0, true],
      [0, consumer, 0, false],
    ]);
    assert.deepEqual(labels, ['pinned', 'not pinned']);
    assert.equal(question, 'Does pinning pay off on this machine?');
  }
});

test('the baseline is never a CPU that may not be used', () => {
  assert.equal(planned(twoSockets({ offline: [1], allowed: '0,3-15' }), 0, 4).cases[1]?.consumer, 3);
});

test('with several far distances the distance names the crossing', () => {
  const distances = [
    [10, 12, 21, 28],
    [12, 10, 28, 21],
    [21, 28, 10, 12],
    [28, 21, 12, 10],
  ];
  const topology = fourNodes({ distances });
  assert.equal(planned(topology, 0, 6).question, 'Does the queue hold its rate at distance 28?');
  assert.equal(planned(topology, 0, 2).question, 'Does the queue hold its rate across nodes?');
  assert.equal(planned(fourNodes(), 0, 6).question, 'Does the queue hold its rate across sockets?');
});

test('latency asks about the round trip', () => {
  const workload: SpscWorkload = { ...DEFAULT_WORKLOAD, latency: true };
  const found = plan(twoSockets(), placed({ producer: 0, consumer: 4 }), workload, null);
  assert.equal('question' in found && found.question, 'Does the round trip stay short across sockets?');
});

test('without both ends, or with both on one CPU, there is no plan but a reason', () => {
  const why = (producer: number | null, consumer: number | null): string => {
    const found = plan(twoSockets(), placed({ producer, consumer }), DEFAULT_WORKLOAD, null);
    return 'why' in found ? found.why : '';
  };
  assert.match(why(null, null), /a producer and a consumer/);
  assert.match(why(0, null), /a consumer/);
  assert.match(why(null, 0), /a producer/);
  assert.match(why(3, 3), /same CPU/);
});

test('a chosen baseline is taken as it was run, and labels say what differs', () => {
  const topology = twoSockets();
  const placement = placed({ producer: 0, consumer: 4 });
  const base = runOf({ figures: [[1, 1, 1]], cases: [spscCase(0, 4, { padding: 0 })] });
  const found = plan(topology, placement, DEFAULT_WORKLOAD, base);
  assert.ok('cases' in found);
  assert.equal(found.cases[1]?.padding, 0);
  assert.deepEqual(found.labels, ['P#0 → P#4, padding 128', 'P#0 → P#4, padding 0']);
  assert.equal(found.question, 'Does padding 128 change the rate, against padding 0?');

  const itself = plan(topology, placement, DEFAULT_WORKLOAD, runOf({ figures: [[1, 1, 1]], cases: [spscCase(0, 4)] }));
  assert.equal('cases' in itself && itself.cases.length, 1);

  const elsewhere = runOf({ figures: [[1, 1, 1]], cases: [spscCase(0, 40)] });
  const automatic = plan(topology, placement, DEFAULT_WORKLOAD, elsewhere);
  assert.equal('cases' in automatic && automatic.cases[1]?.consumer, 1);
});

test('the first idle question leads to a plan that asks it', () => {
  for (const topology of [
    twoSockets(),
    fourNodes(),
    oneNode(),
    machine({ packages: 2, coresPerNode: 2, cpulessNodes: 1 }),
  ]) {
    const list = questions(topology, DEFAULT_WORKLOAD);
    assert.deepEqual(
      list.map((one) => one.key),
      ['g', '1', '2', '3', '4', '5', '6'],
    );
    const [guided, first, second] = list;
    assert.equal(guided?.placement, 'guide');
    assert.ok(first?.placement && typeof first.placement === 'object');
    const found = plan(topology, first.placement.on, DEFAULT_WORKLOAD, null);
    assert.ok('question' in found);
    const asked = found.question.replace('the queue', 'a queue').replace(' on this machine', '');
    assert.equal(asked, first.title);
    assert.ok(list.every((one) => one.placement !== null || one.detail !== ''));
    assert.equal(second?.placement, 'machine');
  }
});

test('one usable CPU offers no placement and says why', () => {
  const [guided, first] = questions(machine({ packages: 1, coresPerNode: 1 }), DEFAULT_WORKLOAD);
  for (const one of [guided, first]) {
    assert.ok(one);
    assert.equal(one.placement, null);
    assert.match(one.detail, /no pair/);
  }
});

test('the baseline is an idle pair of the same relation, and who was passed over is said', () => {
  const from = (busy: readonly number[]): unknown[] => {
    const found = plan(twoSockets(), placed({ producer: 1, consumer: 4 }), DEFAULT_WORKLOAD, null, busy);
    if ('why' in found) assert.fail(found.why);
    return [found.cases[1]?.consumer, found.chosen ?? null];
  };
  assert.deepEqual(from([]), [0, null]);
  assert.deepEqual(from([3, 5]), [0, null], 'who is not in the way is not spoken of');
  assert.deepEqual(from([0]), [2, 'P#0 is as near, but busy.']);
  assert.deepEqual(from([0, 2]), [3, 'P#0, P#2 are as near, but busy.']);
  assert.deepEqual(from([0, 2, 3, 8, 10]), [11, '5 CPUs are as near, but busy.']);
  assert.deepEqual(from([0, 2, 3, 8, 10, 11]), [0, 'Every CPU as near to the producer is busy.']);
  const chosen = runOf({ figures: [[1, 1, 1]], cases: [spscCase(1, 0)] });
  const held = plan(twoSockets(), placed({ producer: 1, consumer: 4 }), DEFAULT_WORKLOAD, chosen, [0]);
  assert.ok('cases' in held);
  assert.deepEqual([held.cases[1]?.consumer, held.chosen], [0, undefined], 'a run that a person chose stays');
});
