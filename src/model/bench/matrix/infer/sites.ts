/**
 * What is known of a pair before anything is measured: its topological class, and which parts of the machine its two ends lie
 * in (what a class may later be split by).
 */

import { parseCpuList } from '../../../text/cpulist.ts';
import { indexTopology, relate } from '../../../topology/relation.ts';
import type { TopologyIndex } from '../../../topology/relation.ts';
import type { Topology } from '../../../topology/topology.ts';
import type { Pair } from '../../../cases/matrix.ts';

/**
 * A kind of part that two CPUs may share or lie apart in, from the outside in. Halves to eighths are parts nobody names:
 * runs of as many cores of a package in the kernel's order, where dies and clusters hide that a topology does not tell.
 */
export const PARTS = [
  'package',
  'node',
  'die',
  'kind',
  'L3',
  'cluster',
  'half',
  'third',
  'quarter',
  'eighth',
  'L2',
  'core',
] as const;
export type Part = (typeof PARTS)[number];

/**
 * Runs, and how many of them make a package. Without them, on the published machines, the Kunpeng's clusters are not found (2 classes
 * for 3) and cells of the Graviton that were not measured are 4.9 % off for 3.0.
 */
export const RUNS: readonly (readonly [Part, number])[] = [
  ['half', 2],
  ['third', 3],
  ['quarter', 4],
  ['eighth', 8],
];

/** Where a CPU lies: the number of its part of each kind; -1 where it lies in none. */
export type Site = Readonly<Record<Part, number>>;

/** Numbers things in the order they are first met. */
function numbering(): (thing: unknown) => number {
  const known = new Map<unknown, number>();
  return (thing) => {
    if (thing === null || thing === undefined) return -1;
    const number = known.get(thing) ?? known.size;
    known.set(thing, number);
    return number;
  };
}

/**
 * What tells kinds of cores apart: the host's own name for them, else how many threads a core has. Hybrid processors
 * without a name for their kinds differ in that, and uniform ones do not.
 */
function kindOf(topology: Topology, index: TopologyIndex): (cpu: number) => string {
  const threads = new Map<unknown, number>();
  for (const { core } of index.places.values()) threads.set(core, (threads.get(core) ?? 0) + 1);
  const named = topology.cpus.some((cpu) => cpu.kind !== null);
  return (cpu) => {
    const place = index.places.get(cpu);
    if (named) return place?.cpu.kind ?? 'other';
    const count = place?.core ? (threads.get(place.core) ?? 1) : 1;
    return `${String(count)}-thread`;
  };
}

/** Which of `count` equal runs of its package's cores a CPU lies in; -1 where they do not come out even. */
function runsOf(index: TopologyIndex): (cpu: number, count: number) => number {
  const ranks = new Map<number, { rank: number; of: Map<unknown, number> }>();
  const packages = new Map<unknown, Map<unknown, number>>();
  for (const [cpu, place] of [...index.places].sort(([a], [b]) => a - b)) {
    const cores = packages.get(place.package) ?? new Map<unknown, number>();
    packages.set(place.package, cores);
    const core = place.core ?? place;
    if (!cores.has(core)) cores.set(core, cores.size);
    ranks.set(cpu, { rank: cores.get(core) ?? 0, of: cores });
  }
  return (cpu, count) => {
    const at = ranks.get(cpu);
    if (!at || at.of.size % count !== 0 || at.of.size / count < 2) return -1;
    const own = [...packages.values()].indexOf(at.of);
    return own * count + Math.floor((at.rank * count) / at.of.size);
  };
}

export function sitesOf(topology: Topology): { sites: ReadonlyMap<number, Site>; kind: (cpu: number) => string } {
  const index = indexTopology(topology);
  const kind = kindOf(topology, index);
  const number = Object.fromEntries(PARTS.map((part) => [part, numbering()])) as Record<Part, (of: unknown) => number>;
  const clusterOf = new Map<number, object>();
  for (const cluster of topology.clusters) for (const cpu of parseCpuList(cluster.cpus)) clusterOf.set(cpu, cluster);
  const run = runsOf(index);
  const sites = new Map<number, Site>();
  for (const [cpu, place] of index.places) {
    sites.set(cpu, {
      package: number.package(place.package),
      node: number.node(place.node),
      die: number.die(place.die),
      kind: number.kind(kind(cpu)),
      L3: number.L3(place.caches.get(3)),
      cluster: number.cluster(clusterOf.get(cpu)),
      L2: number.L2(place.caches.get(2)),
      half: run(cpu, 2),
      third: run(cpu, 3),
      quarter: run(cpu, 4),
      eighth: run(cpu, 8),
      core: place.core === null ? number.core(place) : number.core(place.core),
    });
  }
  return { sites, kind };
}

/**
 * The topological class of every pair: the closest thing the two share, the distance of their nodes (both ways where
 * they differ), and their kinds of cores where the machine has several.
 * @param ordered the first CPU's node holds the line: then its distance to the other is the one that counts.
 */
export function classNames(topology: Topology, pairs: readonly Pair[], ordered: boolean): string[] {
  const { kind } = sitesOf(topology);
  const { places } = indexTopology(topology);
  const hybrid = new Set(topology.cpus.map((cpu) => kind(cpu.id))).size > 1;
  const distance = (from: number, to: number): number | null => {
    const target = places.get(to)?.node;
    return target ? (places.get(from)?.node?.distances[String(target.id)] ?? null) : null;
  };
  return pairs.map(([a, b]) => {
    const relation = relate(topology, a, b);
    const [there, back] = [distance(a, b), distance(b, a)];
    let words = relation.words;
    if (relation.otherNode && there !== back && there !== null && back !== null) {
      const near = words.replace(/, distance \d+$/, '');
      words = ordered
        ? `${near}, distance ${String(there)} there and ${String(back)} back`
        : `${near}, distance ${String(Math.min(there, back))} one way and ${String(Math.max(there, back))} the other`;
    }
    return hybrid ? `${words}, ${[kind(a), kind(b)].sort().join(' and ')} cores` : words;
  });
}
