/** How two CPUs of a machine relate: what they share, and how far apart their nodes are. */

import { parseCpuList } from '../text/cpulist.ts';
import type { Cache, Core, Cpu, Group, NumaNode, Package, Topology } from './topology.ts';

interface Place {
  cpu: Cpu;
  core: Core | null;
  package: Package | null;
  die: Group | null;
  cluster: Group | null;
  node: NumaNode | null;
  /** Data and unified caches above this CPU, by level. */
  caches: Map<number, Cache>;
}

export interface TopologyIndex {
  readonly places: ReadonlyMap<number, Readonly<Place>>;
  readonly cpusOfNode: ReadonlyMap<number, readonly number[]>;
}

const indexes = new WeakMap<Topology, TopologyIndex>();

function buildIndex(topology: Topology): TopologyIndex {
  const places = new Map<number, Place>();
  for (const cpu of topology.cpus) {
    places.set(cpu.id, { cpu, core: null, package: null, die: null, cluster: null, node: null, caches: new Map() });
  }
  const each = (cpus: string, use: (place: Place) => void): number[] => {
    const ids = parseCpuList(cpus);
    for (const id of ids) {
      const place = places.get(id);
      if (place) use(place);
    }
    return ids;
  };
  const cpusOfNode = new Map(topology.nodes.map((node) => [node.id, each(node.cpus, (place) => (place.node = node))]));
  for (const core of topology.cores) each(core.cpus, (place) => (place.core = core));
  for (const item of topology.packages) each(item.cpus, (place) => (place.package = item));
  // A die that is its whole package says nothing that the package does not.
  const parts = topology.dies.filter((die) =>
    topology.dies.some((other) => other !== die && other.package === die.package),
  );
  for (const die of parts) each(die.cpus, (place) => (place.die = die));
  for (const cluster of topology.clusters) each(cluster.cpus, (place) => (place.cluster = cluster));
  for (const cache of topology.caches) {
    if (cache.type !== 'instruction') each(cache.cpus, (place) => place.caches.set(cache.level, cache));
  }
  return { places, cpusOfNode };
}

/** Built once a topology. */
export function indexTopology(topology: Topology): TopologyIndex {
  const known = indexes.get(topology);
  if (known) return known;
  const built = buildIndex(topology);
  indexes.set(topology, built);
  return built;
}

export function nodeOf(topology: Topology, cpu: number): NumaNode | null {
  return indexTopology(topology).places.get(cpu)?.node ?? null;
}

/** Whether the memory of `node` is as near to a CPU as any: its home, or a node that the kernel lists it at as well. */
export function isLocal(topology: Topology, cpu: number, node: number): boolean {
  const home = nodeOf(topology, cpu);
  if (home?.id === node) return true;
  const near = topology.nodes.find(({ id }) => id === node)?.nearCpus;
  // The memory of a GPU beside the CPU is near, yet farther than its own.
  const own = home?.distances[String(home.id)] ?? 0;
  const farther = (home?.distances[String(node)] ?? own) > own;
  return near !== undefined && !farther && parseCpuList(near).includes(cpu);
}

const clustered = new WeakMap<Topology, boolean>();

/** Whether firmware calls clusters packages (Arm, Xavier): on one node, each with an L2 of its own below one L3. */
function arePackagesClusters({ machine, packages, nodes, caches }: Topology): boolean {
  if (packages.length < 2 || /^(x86_64|amd64|i\d86)$/.test(machine.architecture)) return false;
  if (nodes.filter(({ cpus }) => cpus !== '').length > 1) return false;
  const sets = packages.map(({ cpus }) => parseCpuList(cpus));
  const holds = (level: number, cpus: readonly number[]): boolean =>
    caches.some((cache) => {
      if (cache.level !== level || cache.type === 'instruction') return false;
      const own = new Set(parseCpuList(cache.cpus));
      return cpus.every((cpu) => own.has(cpu));
    });
  return sets.every((cpus) => holds(2, cpus)) && sets.some((cpus) => cpus.length > 1) && holds(3, sets.flat());
}

/** Two packages are far from each other, except where they are but clusters: their caches are then believed. */
export function packagesAreClusters(topology: Topology): boolean {
  const known = clustered.get(topology) ?? arePackagesClusters(topology);
  clustered.set(topology, known);
  return known;
}

export const NEAR_TO_FAR = [
  'same-cpu',
  'sibling',
  'same-l2',
  'same-l3',
  'same-die',
  'same-package',
  'unknown',
  'other-package',
] as const;

export type RelationKind = (typeof NEAR_TO_FAR)[number];

export interface Relation {
  readonly kind: RelationKind;
  /** Firmware distance between the two nodes; null where the host gives none. */
  readonly distance: number | null;
  readonly otherNode: boolean;
  /** For people: "same L3", "other socket, distance 21". */
  readonly words: string;
}

const WITHIN = {
  sibling: 'same core',
  'same-l2': 'same L2',
  'same-l3': 'same L3',
  'same-die': 'same die',
  'same-package': 'same socket',
} as const satisfies Partial<Record<RelationKind, string>>;

/** Closest thing the two CPUs share, from the inside out. */
export function relationKind(topology: Topology, a: number, b: number): RelationKind {
  const { places } = indexTopology(topology);
  const [one, two] = [places.get(a), places.get(b)];
  if (!one || !two) return 'unknown';
  if (a === b) return 'same-cpu';
  // A cache that claims two packages is a claim, as virtual machines make it.
  const apart = one.package !== null && two.package !== null && one.package !== two.package;
  if (apart && !packagesAreClusters(topology)) return 'other-package';
  if (one.core !== null && one.core === two.core) return 'sibling';
  for (const level of [2, 3] as const) {
    const cache = one.caches.get(level);
    if (cache && cache === two.caches.get(level)) return `same-l${level}`;
  }
  if (one.die !== null && one.die === two.die) return 'same-die';
  if (one.package !== null && one.package === two.package) return 'same-package';
  return apart ? 'other-package' : 'unknown';
}

export function relate(topology: Topology, a: number, b: number): Relation {
  const { places } = indexTopology(topology);
  const [one, two] = [places.get(a), places.get(b)];
  if (!one || !two) return { kind: 'unknown', distance: null, otherNode: false, words: 'not on this machine' };
  const otherNode = one.node !== two.node && one.node !== null && two.node !== null;
  const distance = one.node && two.node ? (one.node.distances[String(two.node.id)] ?? null) : null;
  const far = otherNode && distance !== null ? `, distance ${distance}` : '';
  const kind = relationKind(topology, a, b);
  const relation = (words: string): Relation => ({ kind, distance, otherNode, words });
  switch (kind) {
    case 'same-cpu':
      return relation('same CPU');
    case 'other-package':
      return relation(`other socket${far}`);
    case 'unknown':
      return relation(otherNode ? `other node${far}` : 'same machine');
    case 'sibling':
      return relation(WITHIN.sibling);
    default:
      // Under sub-NUMA clustering two nodes share one L3, die and package: then the node is the news.
      return relation(otherNode ? `${WITHIN[kind]}, other node${far}` : WITHIN[kind]);
  }
}
