// The steal order of every worker is a permutation, nearer before farther, and workers of one node begin with different victims.
import assert from 'node:assert/strict';
import test from 'node:test';
import { stealOrders } from '../../../src/model/steal/order.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { parseCpuList } from '../../../src/model/text/cpulist.ts';
import { fourNodes, machine, oneNode, twoSockets } from '../topologies.ts';

const MACHINES: Readonly<Record<string, Topology>> = {
  'one node': oneNode(),
  'two sockets with siblings': twoSockets(),
  'siblings numbered side by side': twoSockets({ numbering: 'compact' }),
  'neighbours on different sockets': twoSockets({ numbering: 'round-robin' }),
  'four nodes in two sockets': fourNodes(),
  'several L3 caches a node': machine({ packages: 2, coresPerNode: 8, threads: 2, l3PerNode: 4 }),
  'no L3': machine({ packages: 2, coresPerNode: 3, l3PerNode: 0 }),
  'eight nodes': machine({ packages: 8, coresPerNode: 2 }),
};

const all = (topology: Topology): number[] => topology.cpus.map(({ id }) => id);

/** Straight from the topology's lists: the same core 0, the same L3 2, the same node 3, other nodes by distance. */
function farness(topology: Topology, a: number, b: number): number {
  const together = (parts: readonly { readonly cpus: string }[]): boolean =>
    parts.some(({ cpus }) => [a, b].every((cpu) => parseCpuList(cpus).includes(cpu)));
  const nodeOf = (cpu: number) => topology.nodes.find(({ cpus }) => parseCpuList(cpus).includes(cpu));
  const [from, to] = [nodeOf(a), nodeOf(b)];
  if (from !== to) return 100 + (from?.distances[String(to?.id)] ?? 1000);
  if (together(topology.cores)) return 0;
  const level = (of: number) => topology.caches.filter((one) => one.level === of && one.type !== 'instruction');
  if (together(level(2))) return 1;
  return together(level(3)) ? 2 : 3;
}

for (const [name, topology] of Object.entries(MACHINES)) {
  test(`${name}: an order is a permutation of the others, nearer before farther`, () => {
    const { workers, classes } = stealOrders(topology, all(topology));
    for (const { cpu, victims, classes: found } of workers) {
      assert.deepEqual(
        [...victims, cpu].sort((a, b) => a - b),
        all(topology).sort((a, b) => a - b),
      );
      const far = victims.map((victim) => farness(topology, cpu, victim));
      assert.deepEqual(
        far,
        [...far].sort((a, b) => a - b),
        `cpu ${String(cpu)}`,
      );
      assert.deepEqual(
        found,
        [...found].sort((a, b) => a - b),
      );
      assert.ok(found.every((at) => classes[at]));
    }
  });

  test(`${name}: no two workers of a node begin with the same victim, nor on the next node`, () => {
    const { workers } = stealOrders(topology, all(topology));
    for (const { cpus } of topology.nodes) {
      const own = workers.filter(({ cpu }) => parseCpuList(cpus).includes(cpu));
      const firsts = own.map(({ victims }) => victims[0]);
      assert.equal(new Set(firsts).size, firsts.length);
      const abroad = own.flatMap(({ cpu, victims }) => victims.find((one) => farness(topology, cpu, one) >= 100) ?? []);
      assert.equal(new Set(abroad).size, abroad.length);
    }
  });
}

test('of workers on some CPUs alone, only those are in it, and a node begins with the node after it', () => {
  const eight = machine({ packages: 8, coresPerNode: 2 });
  const some = eight.nodes.flatMap(({ cpus }) => parseCpuList(cpus).slice(0, 1));
  const { workers } = stealOrders(eight, some);
  const firsts = workers.map(({ victims }) => victims[0]);
  assert.equal(new Set(firsts).size, 8, 'nobody is everybody’s first');
  assert.deepEqual(stealOrders(eight, [0]), { classes: [], workers: [{ cpu: 0, victims: [], classes: [] }] });
});

test('a distance that was measured is believed instead of the firmware’s', () => {
  const four = fourNodes();
  const { classes, workers } = stealOrders(four, all(four), (from, to) => 100 + Math.abs(from.id - to.id));
  assert.deepEqual(classes.map(({ words }) => words).slice(-3), [
    'node at distance 101',
    'node at distance 102',
    'node at distance 103',
  ]);
  const far = workers[0]?.victims.at(-1) ?? -1;
  assert.ok(parseCpuList(four.nodes[3]?.cpus ?? '').includes(far));
  const unknown = stealOrders(four, all(four), () => null);
  assert.equal(unknown.classes.at(-1)?.words, 'other node');
});
