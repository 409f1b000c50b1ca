/** Machines for tests of what is drawn: paper ones by shape, and arbitrary ones that no firmware would own up to. */

import fc from 'fast-check';
import { formatCpuList } from '../../../src/model/text/cpulist.ts';
import { readTopology } from '../../../src/model/formats/sysfs/topology.ts';
import { TOPOLOGY_SCHEMA } from '../../../src/model/topology/topology.ts';
import type { Topology } from '../../../src/model/topology/topology.ts';
import { syntheticProbe } from '../machines.ts';
import type { MachineShape } from '../machines.ts';

export const machine = (shape: MachineShape): Topology => readTopology(syntheticProbe(shape));

/** Two packages of 18 cores and two threads: the board's usual case. */
export const TWO_SOCKETS = machine({ packages: 2, coresPerNode: 18, threads: 2, name: 'xeon-2s' });

const RING = [
  [10, 16, 22, 28, 24],
  [16, 10, 28, 22, 26],
  [22, 28, 10, 16, 34],
  [28, 22, 16, 10, 38],
  [24, 26, 34, 38, 10],
];
/** Four packages with four distances, and memory without CPUs behind the first. */
export const FOUR_AND_CXL = machine({ packages: 4, coresPerNode: 12, threads: 2, cpulessNodes: 1, distances: RING });

export const SHAPES: readonly MachineShape[] = [
  { packages: 1, coresPerNode: 1 },
  { packages: 1, coresPerNode: 2, l3PerNode: 0 },
  { packages: 2, coresPerNode: 18, threads: 2, offline: [71] },
  { packages: 2, coresPerNode: 96, threads: 2, l3PerNode: 12 },
  { packages: 2, nodesPerPackage: 4, coresPerNode: 8, threads: 2, l3PerNode: 2 },
  { packages: 4, coresPerNode: 12, threads: 2, cpulessNodes: 1 },
  { packages: 2, coresPerNode: 4, cpulessNodes: 7, nodeIds: [0, 4, 8, 9, 10, 11, 12, 13, 250] },
  { packages: 1, coresPerNode: 12, threads: 8, memoryGiB: 0 },
  { packages: 8, coresPerNode: 64, threads: 2 },
  { packages: 3, coresPerNode: 6 },
  { packages: 2, diesPerPackage: 3, coresPerNode: 12, threads: 2, l3PerNode: 3 },
  { packages: 2, diesPerPackage: 2, nodesPerPackage: 4, coresPerNode: 4 },
  { packages: 24, coresPerNode: 4, threads: 2 },
  { packages: 64, coresPerNode: 1, threads: 4 },
];

const ids = (most: number): fc.Arbitrary<number[]> => fc.uniqueArray(fc.nat(most), { maxLength: 24 });
const cpuSet = ids(40).map(formatCpuList);

/** Sets that overlap, name absent CPUs or miss present ones; what a hostile file could hold. */
export const anyTopology: fc.Arbitrary<Topology> = fc
  .record({
    cpus: ids(40),
    offline: ids(40),
    packages: fc.array(fc.tuple(fc.integer({ min: -1, max: 9000 }), cpuSet), { maxLength: 4 }),
    nodes: fc.uniqueArray(fc.tuple(fc.nat(300), cpuSet, fc.nat(4)), { selector: ([id]) => id, maxLength: 6 }),
    dies: fc.array(fc.tuple(fc.nat(3), cpuSet), { maxLength: 4 }),
    cores: fc.array(fc.tuple(fc.nat(99), cpuSet), { maxLength: 12 }),
    caches: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), cpuSet), { maxLength: 12 }),
    distances: fc.array(fc.nat(300), { maxLength: 36 }),
  })
  .map(({ cpus, offline, packages, dies, nodes, cores, caches, distances }) => ({
    schema: TOPOLOGY_SCHEMA,
    machine: { name: 'any', architecture: 'x86_64', kernel: '6', cpuModel: null, hypervisor: null, emulated: false },
    packages: packages.map(([id, list]) => ({ id, cpus: list, inferred: false })),
    dies: dies.map(([item, list], id) => ({ id, package: item, cpus: list })),
    clusters: [],
    devices: [],
    nodes: nodes.map(([id, list, memory], i) => ({
      id,
      cpus: list,
      allowed: true,
      inferred: false,
      memoryBytes: memory === 0 ? null : (memory - 1) * 2 ** 34,
      freeBytes: null,
      distances: Object.fromEntries(
        nodes.flatMap(([other], j) => {
          const distance = distances[i * 6 + j];
          return distance === undefined ? [] : [[String(other), distance]];
        }),
      ),
      hugepages: [],
      rated: null,
      memorySideCaches: [],
    })),
    caches: caches.map(([level, list]) => ({ level, type: 'unified', sizeBytes: null, lineBytes: null, cpus: list })),
    cores: cores.map(([id, list]) => ({ id, package: 0, cpus: list, inferred: false })),
    cpus: cpus.map((id) => ({ id, online: !offline.includes(id), allowed: true, isolated: false, kind: null })),
    warnings: [],
  }));

/** As a host with so many Grace Hopper chips shows itself: of each GPU eight nodes, of which one has memory. */
export function graceHopper(chips: number): Topology {
  const perGpu = 8;
  const base = machine({
    packages: chips,
    coresPerNode: 72,
    cpulessNodes: chips * perGpu,
    name: 'grace-hopper',
    cpuModel: 'Neoverse-V2',
    distances: Array.from({ length: chips * (perGpu + 1) }, (_, a) =>
      Array.from({ length: chips * (perGpu + 1) }, (__, b) => (a === b ? 10 : a < chips && b < chips ? 40 : 80)),
    ),
  });
  const cpusOf = (chip: number): string => base.nodes[chip]?.cpus ?? '';
  return {
    ...base,
    nodes: base.nodes.map((node, i) => {
      if (i < chips) return node;
      const [chip, slice] = [Math.floor((i - chips) / perGpu), (i - chips) % perGpu];
      const gpu = { ...node, nearCpus: cpusOf(chip) };
      return slice === 0
        ? { ...gpu, memoryBytes: 96 * 2 ** 30, freeBytes: 95 * 2 ** 30 }
        : { ...gpu, memoryBytes: 0, freeBytes: 0 };
    }),
  };
}

/** `numa=fake`: the CPUs of one package listed at so many nodes, home to the first. */
export function fakeNuma(cpus: number, count: number): Topology {
  const base = machine({ packages: 1, coresPerNode: cpus, cpulessNodes: count - 1, name: 'fake-numa' });
  const all = base.nodes[0]?.cpus ?? '';
  const distances = Object.fromEntries(base.nodes.map(({ id }) => [String(id), 10]));
  return {
    ...base,
    nodes: base.nodes.map((node, i) => ({
      ...node,
      ...(i === 0 ? {} : { nearCpus: all }),
      distances,
      memoryBytes: 2 ** 29,
      freeBytes: 2 ** 28,
    })),
  };
}

/** Without what firmware says of distances. */
export const withoutDistances = (topology: Topology): Topology => ({
  ...topology,
  nodes: topology.nodes.map((node) => ({ ...node, distances: {} })),
});

/** All packages in its first node, as virtual machines and hosts without NUMA show them. */
export function inOneNode(topology: Topology): Topology {
  const [first] = topology.nodes;
  const cpus = formatCpuList(topology.cpus.map(({ id }) => id));
  return { ...topology, nodes: first ? [{ ...first, cpus, distances: { [first.id]: 10 } }] : [] };
}

/** Two sockets whose every L3 is a node, in pairs that are nearer to each other: sixteen nodes. */
export const l3AsNuma = (coresPerNode: number): Topology =>
  machine({
    packages: 2,
    nodesPerPackage: 8,
    coresPerNode,
    threads: 2,
    distances: Array.from({ length: 16 }, (_, a) =>
      Array.from({ length: 16 }, (__, b) => (a === b ? 10 : a >> 3 !== b >> 3 ? 32 : a >> 1 === b >> 1 ? 11 : 12)),
    ),
  });
