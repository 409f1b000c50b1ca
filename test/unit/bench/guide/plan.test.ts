// The guided run before it starts: every kind of pair the host has, usable CPUs only, within its time, and what is left out is named.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { pairKindsOf, referenceOf } from '../../../../src/model/bench/guide/pair-kinds.ts';
import { planGuide, planWords } from '../../../../src/model/bench/guide/plan.ts';
import type { GuideCase } from '../../../../src/model/bench/guide/plan.ts';
import { cpuRefusal, nodeRefusal } from '../../../../src/model/placement/usable.ts';
import { relate } from '../../../../src/model/topology/relation.ts';
import { synthesize } from '../../../../src/model/formats/synthetic/topology.ts';
import type { Topology } from '../../../../src/model/topology/topology.ts';
import type { MachineShape } from '../../machines.ts';
import { planOf } from './guided.ts';
import { emulated, fourNodes, machine, oneNode, twoSockets } from '../../topologies.ts';

const names = (topology: Topology): string[] => pairKindsOf(topology).map(({ name }) => name);

test('every kind of pair that a host has, nearest first', () => {
  assert.deepEqual(names(twoSockets()), ['between SMT siblings', 'within the L3', 'across sockets']);
  assert.deepEqual(names(oneNode()), ['within the L3']);
  const chiplets = machine({ packages: 2, coresPerNode: 8, threads: 2, l3PerNode: 2 });
  assert.deepEqual(names(chiplets), ['between SMT siblings', 'within the L3', 'within the socket', 'across sockets']);
});

test('a host with several distances is crossed at each of them', () => {
  const ring = machine({
    packages: 4,
    coresPerNode: 2,
    distances: [
      [10, 20, 30, 20],
      [20, 10, 20, 30],
      [30, 20, 10, 20],
      [20, 30, 20, 10],
    ],
  });
  assert.deepEqual(names(ring), ['within the L3', 'at distance 20', 'at distance 30']);
  assert.deepEqual(names(fourNodes()), ['within the L3', 'across nodes', 'across sockets']);
});

test('CPUs are quiet ones, away from the core of CPU 0 where another is free', () => {
  const topology = twoSockets();
  for (const { producer, consumer } of pairKindsOf(topology)) {
    for (const cpu of [producer, consumer]) assert.ok(cpu !== 0 && cpu !== 8, `cpu ${cpu}`);
  }
  const busy = new Map([1, 2, 3, 5].map((cpu) => [cpu, 0.9]));
  const used = pairKindsOf(topology, busy).flatMap(({ producer, consumer }) => [producer, consumer]);
  assert.deepEqual(
    used.filter((cpu) => busy.has(cpu)),
    [],
  );
  assert.deepEqual(
    pairKindsOf(oneNode()).map(({ producer, consumer }) => [producer, consumer]),
    [[1, 0]],
  );
});

test('each case differs from the plain one of its pair in one thing', () => {
  const { cases } = planOf(twoSockets());
  const labels = cases.map(({ label }) => label);
  assert.equal(new Set(labels).size, labels.length, labels.join('\n'));
  const [one] = pairKindsOf(twoSockets());
  assert.ok(one);
  const home = relate(twoSockets(), one.producer, 0).otherNode ? 1 : 0;
  assert.deepEqual(labels, [
    'across sockets',
    `across sockets, memory on node ${1 - home}`,
    'across sockets, padding 64',
    'within the L3',
    'not pinned',
    'within the L3, padding 64',
    'between SMT siblings',
    'between SMT siblings, padding 64',
    'across sockets, round trip',
    `across sockets, memory on node ${1 - home}, round trip`,
    'within the L3, round trip',
    'not pinned, round trip',
    'between SMT siblings, round trip',
  ]);
});

test('a two-socket host fits the default time whole; a short time leaves out by name, the least telling first', () => {
  const whole = planOf(twoSockets(), 60_000);
  assert.deepEqual(whole.leftOut, []);
  assert.match(planWords(whole), /^13 cases in 15 rounds, about \d\d(\.\d)? s$/);
  const short = planOf(twoSockets(), 12_000);
  assert.ok(short.leftOut.length > 0);
  assert.match(planWords(short), /; left out to stay within the time: .*between SMT siblings/);
  for (const name of ['within the L3', 'across sockets', 'across sockets, round trip']) {
    assert.ok(
      short.cases.some(({ label }) => label === name),
      name,
    );
  }
});

test('where nothing can be planned it says why', () => {
  const alone = planGuide(oneNode({ allowed: '1' }), 60_000);
  assert.ok('why' in alone && alone.why.includes('needs at least two CPUs'));
  const hasty = planGuide(twoSockets(), 100);
  assert.ok('why' in hasty && /at least \d/.test(hasty.why));
});

test('memory of a node that has none is never asked for', () => {
  const { cases } = planOf(machine({ packages: 2, coresPerNode: 2, cpulessNodes: 1, memoryGiB: 0 }));
  for (const { spsc } of cases) assert.equal(spsc.memory, 2);
});

const shape: fc.Arbitrary<MachineShape> = fc
  .record({
    packages: fc.integer({ min: 1, max: 4 }),
    nodesPerPackage: fc.integer({ min: 1, max: 2 }),
    coresPerNode: fc.integer({ min: 1, max: 6 }),
    threads: fc.integer({ min: 1, max: 2 }),
    l3PerNode: fc.integer({ min: 0, max: 2 }),
    kept: fc.array(fc.nat(95), { minLength: 1, maxLength: 40 }),
  })
  .map(({ kept, ...rest }) => {
    const count = rest.packages * rest.nodesPerPackage * rest.coresPerNode * rest.threads;
    const allowed = [...new Set(kept.map((cpu) => cpu % count))].sort((a, b) => a - b).join(',');
    return { ...rest, allowed };
  });

test('any machine, any cpuset, any time: usable CPUs, no case twice, the time kept', () => {
  fc.assert(
    fc.property(shape, fc.integer({ min: 1000, max: 200_000 }), fc.boolean(), (made, budget, played) => {
      const topology = played ? emulated(machine(made)) : machine(made);
      const plan = planGuide(topology, budget);
      if ('why' in plan) return;
      assert.ok(plan.estimateMs <= budget, `${plan.estimateMs} of ${budget}`);
      assert.ok(plan.cases.length >= 2 && plan.rounds >= 3);
      assert.equal(new Set(plan.cases.map((one) => JSON.stringify([one.latency, one.spsc]))).size, plan.cases.length);
      for (const { spsc } of plan.cases) {
        assert.notEqual(spsc.producer, spsc.consumer);
        for (const cpu of [spsc.producer, spsc.consumer]) assert.equal(cpuRefusal(topology, cpu), null);
        if (typeof spsc.memory === 'number') assert.equal(nodeRefusal(topology, spsc.memory), null);
      }
    }),
  );
});

test('any machine: each kind of pair that its producer has is there once, and the plain cases of the ends are never left out', () => {
  fc.assert(
    fc.property(shape, (made) => {
      const topology = machine(made);
      const crossings = pairKindsOf(topology);
      const [first] = crossings;
      if (!first) return;
      const others = topology.cpus.filter(({ id }) => id !== first.producer && cpuRefusal(topology, id) === null);
      const kinds = new Set(others.map(({ id }) => relate(topology, first.producer, id).words));
      assert.deepEqual(new Set(crossings.map(({ relation }) => relation.words)), kinds);
      assert.equal(new Set(crossings.map(({ name }) => name)).size, crossings.length);
      const plan = planGuide(topology, 4000);
      if ('why' in plan) return;
      for (const end of [referenceOf(topology, crossings), crossings.at(-1)]) {
        if (!end) continue;
        const own: readonly GuideCase[] = plan.cases.filter(
          ({ spsc, rank }) => spsc.consumer === end.consumer && rank === 0,
        );
        assert.equal(own.length, 2, end.name);
      }
    }),
  );
});

test('a machine of 1,024 CPUs in 16 nodes without distances', () => {
  const topology = synthesize('pack:4 numa:4 l3:4 core:8 pu:2');
  assert.deepEqual(names(topology), [
    'between SMT siblings',
    'within the L3',
    'within the socket',
    'across nodes',
    'across sockets',
  ]);
});

test('no ring is put on a node outside the cpuset, and that is said', () => {
  const topology = twoSockets({ allowedNodes: '0' });
  const made = planOf(topology);
  assert.deepEqual([...new Set(made.cases.map(({ spsc }) => spsc.memory))], [0]);
  assert.deepEqual(
    made.cases.filter(({ away }) => away),
    [],
  );
  assert.match(planWords(made), /no ring on node 1: outside the cpuset/);
  // Where both ends' own nodes are left out, what is nearest to each is still told apart.
  const four = machine({ packages: 4, coresPerNode: 2, allowedNodes: '2-3', allowed: '0-3' });
  for (const { spsc } of planOf(four).cases) assert.ok(spsc.memory === 2 || spsc.memory === 3);
});
