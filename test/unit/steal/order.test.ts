// The steal order of every worker is a permutation, nearer before farther, and workers of one node begin with different victims.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { synthesize } from '../../../src/model/formats/synthetic/topology.ts';
import { stealOrders } from '../../../src/model/steal/order.ts';
import type { StealOrders } from '../../../src/model/steal/order.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { parseCpuList } from '../../../src/model/text/cpulist.ts';
import { varied } from '../../support/long.ts';
import { readRecording } from '../../support/recording.ts';
import { anyTopology, SHAPES } from '../layout/topologies.ts';
import { fourNodes, machine, oneNode, twoSockets } from '../topologies.ts';

const RECORDED = new URL('../../fixtures/machines/', import.meta.url);

/** CPUs of one node with what firmware says of the two packages they are in (nodes interleaved by the BIOS). */
const inOneNode = (topology: Topology): Topology => ({
  ...topology,
  nodes: topology.nodes.slice(0, 1).map((node) => ({ ...node, cpus: topology.cpus.map(({ id }) => id).join() })),
});

const MACHINES: Readonly<Record<string, Topology>> = {
  'one node': oneNode(),
  'two sockets with siblings': twoSockets(),
  'siblings numbered side by side': twoSockets({ numbering: 'compact' }),
  'neighbours on different sockets': twoSockets({ numbering: 'round-robin' }),
  'four nodes in two sockets': fourNodes(),
  'several L3 caches a node': machine({ packages: 2, coresPerNode: 8, threads: 2, l3PerNode: 4 }),
  'no L3': machine({ packages: 2, coresPerNode: 3, l3PerNode: 0 }),
  'eight nodes': machine({ packages: 8, coresPerNode: 2 }),
  'two sockets of one node': inOneNode(twoSockets()),
  'POWER, eight threads a core': synthesize('numa:2 pack:2 l3:6 core:1 pu:8'),
  'Arm, clusters of four that share an L2': synthesize('pack:2 numa:1 l3:1 l2:4 core:4 pu:1'),
  'nodes without distances': { ...fourNodes(), nodes: fourNodes().nodes.map((node) => ({ ...node, distances: {} })) },
  ...Object.fromEntries(
    // A CPU whose sibling is offline has nobody of its own to begin with: the property of any workers, below.
    SHAPES.filter(({ offline }) => offline === undefined)
      .map((shape) => [JSON.stringify(shape), machine(shape)] as const)
      .filter(([, { cpus }]) => cpus.length <= varied(400, 2000)),
  ),
};

for (const file of readdirSync(RECORDED).filter((name) => name.endsWith('.tar.gz'))) {
  const { files } = await readRecording(new URL(file, RECORDED));
  Object.assign(MACHINES, { [file]: readTopology(files) });
}

const all = (topology: Topology): number[] =>
  topology.cpus.filter(({ online, allowed }) => online && allowed).map(({ id }) => id);

/** Straight from the topology's lists: the same core 0, the same L2 1, L3 2, package 3, node 4, other nodes by distance. */
function farnessOn(topology: Topology): (a: number, b: number) => number {
  const level = (of: number) => topology.caches.filter((one) => one.level === of && one.type !== 'instruction');
  const groups = [topology.cores, level(2), level(3), topology.packages].map((parts) => {
    const found = new Map<number, number>();
    parts.forEach(({ cpus }, at) => parseCpuList(cpus).forEach((cpu) => found.set(cpu, at)));
    return found;
  });
  const nodes = new Map(topology.nodes.flatMap((node) => parseCpuList(node.cpus).map((cpu) => [cpu, node] as const)));
  return (a, b) => {
    const [from, to] = [nodes.get(a), nodes.get(b)];
    if (from !== to) return 100 + (from?.distances[String(to?.id)] ?? 1000);
    const shared = groups.findIndex((of) => of.has(a) && of.get(a) === of.get(b));
    return shared < 0 ? groups.length : shared;
  };
}

/** How many of these workers can begin with different victims at most, each with one of its nearest (matching by augmenting paths). */
function differentFirsts(own: StealOrders['workers']): number {
  const taken = new Map<number, number>();
  const choices = own.map(({ victims, classes }) => victims.filter((_, at) => classes[at] === classes[0]));
  const place = (thief: number, seen: Set<number>): boolean =>
    (choices[thief] ?? []).some((victim) => {
      if (seen.has(victim)) return false;
      seen.add(victim);
      const holder = taken.get(victim);
      if (holder !== undefined && !place(holder, seen)) return false;
      taken.set(victim, thief);
      return true;
    });
  return choices.filter((_, thief) => place(thief, new Set())).length;
}

function assertOrders(topology: Topology, workers: readonly number[]): StealOrders {
  const orders = stealOrders(topology, workers);
  for (const { cpu, victims, classes } of orders.workers) {
    assert.deepEqual(
      [...victims, cpu].sort((a, b) => a - b),
      [...workers].sort((a, b) => a - b),
    );
    assert.ok(classes.every((at, i) => orders.classes[at] && at >= (classes[i - 1] ?? 0)));
  }
  const ranks = orders.classes.map(({ rank }) => rank);
  assert.ok(ranks.every((rank, at) => rank > (ranks[at - 1] ?? -1)));
  assert.equal(new Set(orders.classes.map(({ words }) => words)).size, ranks.length);
  return orders;
}

for (const [name, topology] of Object.entries(MACHINES)) {
  test(`${name}: permutations of the others, nearer before farther, and workers of a node begin with different victims`, () => {
    const farness = farnessOn(topology);
    const { workers } = assertOrders(topology, all(topology));
    const abroad = new Map<number, number>();
    for (const { cpu, victims } of workers) {
      const far = victims.map((victim) => farness(cpu, victim));
      const sorted = far.every((one, at) => one >= (far[at - 1] ?? 0));
      assert.ok(sorted, `cpu ${String(cpu)}: ${far.join()}`);
      const first = victims[far.findIndex((one) => one >= 100)];
      if (first !== undefined) abroad.set(cpu, first);
    }
    for (const { cpus } of topology.nodes) {
      const ids = new Set(parseCpuList(cpus));
      const own = workers.filter(({ cpu, victims }) => ids.has(cpu) && victims.length > 0);
      assert.equal(new Set(own.map(({ victims }) => victims[0])).size, own.length);
      // Nor, where all of the node is dry, on the next one.
      const next = own.flatMap(({ cpu }) => abroad.get(cpu) ?? []);
      assert.equal(new Set(next).size, next.length);
    }
  });
}

test('of any workers of any machine as many begin with different victims as can, each with one that is nearest to it', () => {
  const some = fc.tuple(fc.constantFrom(...Object.keys(MACHINES)), fc.infiniteStream(fc.nat(3)));
  fc.assert(
    fc.property(some, ([name, draws]) => {
      const topology = MACHINES[name] ?? assert.fail();
      const cpus = all(topology).slice(0, 48);
      const chosen = cpus.filter(() => draws.next().value !== 0);
      const { workers } = stealOrders(topology, chosen);
      for (const node of topology.nodes) {
        const ids = new Set(parseCpuList(node.cpus));
        const own = workers.filter(({ cpu, victims }) => ids.has(cpu) && victims.length > 0);
        assert.equal(new Set(own.map(({ victims }) => victims[0])).size, differentFirsts(own));
      }
    }),
    { numRuns: varied(60, 600) },
  );
});

test('machines that no firmware would own up to have orders too', () => {
  fc.assert(
    fc.property(anyTopology, (topology) => {
      assertOrders(
        topology,
        topology.cpus.map(({ id }) => id),
      );
    }),
    { numRuns: varied(60, 600) },
  );
});

test('of workers on some CPUs alone, only those are in it, and a node begins with the node after it', () => {
  const eight = machine({ packages: 8, coresPerNode: 2 });
  const some = eight.nodes.flatMap(({ cpus }) => parseCpuList(cpus).slice(0, 1));
  const { workers } = stealOrders(eight, some);
  const firsts = workers.map(({ victims }) => victims[0]);
  assert.equal(new Set(firsts).size, 8, 'nobody is everybody’s first');
  assert.deepEqual(stealOrders(eight, [0]), { classes: [], workers: [{ cpu: 0, victims: [], classes: [] }] });
});

test('what lies between is told apart: packages of one node, clusters within an L3, packages at one distance', () => {
  const words = (topology: Topology): string[] => stealOrders(topology, all(topology)).classes.map((one) => one.words);
  assert.deepEqual(words(inOneNode(twoSockets())), ['same core', 'same L3', 'other package, same node']);
  const plain = oneNode({ coresPerNode: 8 });
  const cluster = (id: number, cpus: string) => ({ id, package: 0, cpus });
  const halves = { ...plain, clusters: [cluster(0, '0-3'), cluster(1, '4-7')] };
  assert.deepEqual(words(halves), ['same cluster', 'same L3']);
  assert.deepEqual(words({ ...plain, clusters: [cluster(0, '0-7')] }), ['same L3'], 'it says no more than the L3');
  const equal = fourNodes({ distances: Array.from({ length: 4 }, () => [20, 20, 20, 20]) });
  assert.deepEqual(words(equal), ['same L3', 'node at distance 20, same package', 'node at distance 20']);
  const lost = { ...plain, nodes: plain.nodes.map((node) => ({ ...node, cpus: '0-3' })), packages: [], caches: [] };
  assert.deepEqual(words(lost), ['same node', 'node unknown']);
});

test('a distance that was measured is believed instead of the firmware’s', () => {
  const four = fourNodes();
  const measured = (from: { id: number }, to: { id: number }): number => 100 + Math.abs(from.id - to.id);
  const { classes, workers } = stealOrders(four, all(four), measured, (ns) => `node at ${String(ns)} ns`);
  assert.deepEqual(classes.map(({ words }) => words).slice(-4), [
    'node at 101 ns, same package',
    'node at 101 ns',
    'node at 102 ns',
    'node at 103 ns',
  ]);
  const far = workers[0]?.victims.at(-1) ?? -1;
  assert.ok(parseCpuList(four.nodes[3]?.cpus ?? '').includes(far));
  const unknown = stealOrders(four, all(four), () => null);
  assert.equal(unknown.classes.at(-1)?.words, 'other node');
});
