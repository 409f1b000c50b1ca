/** A topology as hwloc nests it: every object inside the smallest that holds its CPUs, memory beside the CPUs it is local to. */

import { parseCpuList } from '../cpulist.ts';
import type { Cache, Device, NumaNode, Topology } from '../topology.ts';

export type Attributes = Readonly<Record<string, string | number | null>>;

export interface TreeObject {
  readonly type: string;
  readonly attributes: Attributes;
  readonly infos: Attributes;
  /** Online CPUs, ascending. */
  readonly cpus: readonly number[];
  readonly children: TreeObject[];
  /** Nodes that are local to exactly these CPUs. */
  readonly memory: NumaNode[];
  /** Those near exactly these CPUs. */
  readonly devices: Device[];
}

interface Tree {
  readonly machine: TreeObject;
  /** CPUs each node is local to: its own, or for a CPU-less node those near it. */
  readonly localTo: ReadonlyMap<NumaNode, readonly number[]>;
  /** Objects that cross the border of another, and have no place in a tree. */
  readonly leftOut: readonly TreeObject[];
}

/** HWLOC_GROUP_KIND_IO, _MEMORY and _LINUX_CLUSTER of hwloc's private header; only where they came from, nothing hangs on them. */
const GROUP_OF_IO = 1000;
const GROUP_OF_MEMORY = 1001;
const GROUP_OF_CLUSTER = 222;

const object = (
  type: string,
  cpus: readonly number[],
  attributes: Attributes = {},
  infos: Attributes = {},
): TreeObject => ({
  type,
  attributes,
  infos,
  cpus,
  children: [],
  memory: [],
  devices: [],
});

function cacheObject({ level, type, sizeBytes, lineBytes, cpus }: Cache): TreeObject {
  return object(`L${level}${type === 'instruction' ? 'i' : ''}Cache`, parseCpuList(cpus), {
    cache_size: sizeBytes ?? 0,
    depth: level,
    cache_linesize: lineBytes ?? 0,
    cache_associativity: 0,
    cache_type: ['unified', 'data', 'instruction'].indexOf(type),
  });
}

/** Outer before inner where several hold the same CPUs. */
function objectsOf(topology: Topology): TreeObject[] {
  const infos = { CPUModel: topology.machine.cpuModel };
  const named = (id: number | null): Attributes => ({ os_index: id === null || id < 0 ? null : id });
  const byLevel = [...topology.caches].sort((a, b) => b.level - a.level || a.type.localeCompare(b.type));
  return [
    ...topology.packages.map(({ id, cpus }) => object('Package', parseCpuList(cpus), named(id), infos)),
    ...topology.dies.map(({ id, cpus }) => object('Die', parseCpuList(cpus), named(id))),
    ...topology.clusters.map(({ id, cpus }) =>
      object('Group', parseCpuList(cpus), { ...named(id), subtype: 'Cluster', kind: GROUP_OF_CLUSTER, subkind: 0 }),
    ),
    ...byLevel.map(cacheObject),
    ...topology.cores.map(({ id, cpus }) => object('Core', parseCpuList(cpus), named(id))),
    ...topology.cpus.filter(({ online }) => online).map(({ id }) => object('PU', [id], named(id))),
  ];
}

/** A node's own CPUs; for one without, those of its best-rated or nearest nodes, as hwloc does; else all. */
function localCpus(node: NumaNode, topology: Topology, all: readonly number[]): readonly number[] {
  if (node.cpus !== '' || node.nearCpus !== undefined)
    return parseCpuList([node.cpus, node.nearCpus ?? ''].join()).filter((cpu) => all.includes(cpu));
  const others = topology.nodes.filter(({ cpus }) => cpus !== '');
  const rated = new Set(node.rated?.initiators);
  const far = ({ id }: NumaNode): number => node.distances[String(id)] ?? Infinity;
  const least = Math.min(...others.map(far));
  const near = others.filter((other) => (rated.size > 0 ? rated.has(other.id) : far(other) === least));
  const cpus = near.flatMap((other) => parseCpuList(other.cpus)).sort((a, b) => a - b);
  return cpus.length === 0 ? all : cpus;
}

export function treeOf(topology: Topology): Tree {
  const online = topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id);
  const machine = object('Machine', online);
  const localTo = new Map(topology.nodes.map((node) => [node, localCpus(node, topology, online)] as const));
  const outer = new Map<number, TreeObject[]>(online.map((cpu) => [cpu, [machine]]));
  const leftOut: TreeObject[] = [];
  const objects = objectsOf(topology);
  const key = (cpus: readonly number[]): string => cpus.join();
  const sets = new Set([machine, ...objects.filter(({ type }) => type !== 'PU')].map(({ cpus }) => key(cpus)));
  const nearTo = new Map(topology.devices.map((device) => [device, parseCpuList(device.cpus)] as const));
  // Where no object has the CPUs that memory or a device is local to, hwloc makes a group of them.
  const group = (cpus: readonly number[], kind: number): void => {
    if (cpus.length === 0 || sets.has(key(cpus))) return;
    sets.add(key(cpus));
    objects.unshift(object('Group', cpus, { kind, subkind: 0 }));
  };
  for (const cpus of localTo.values()) group(cpus, GROUP_OF_MEMORY);
  for (const cpus of nearTo.values()) group(cpus, GROUP_OF_IO);
  const home = new Map<string, TreeObject>([[key(online), machine]]);
  for (const one of objects.filter(({ cpus }) => cpus.length > 0).sort((a, b) => b.cpus.length - a.cpus.length)) {
    // All its CPUs must have been put into the same objects so far.
    const parent = outer.get(one.cpus[0] ?? -1)?.at(-1);
    if (!parent || one.cpus.some((cpu) => outer.get(cpu)?.at(-1) !== parent)) {
      leftOut.push(one);
      continue;
    }
    parent.children.push(one);
    for (const cpu of one.cpus) outer.get(cpu)?.push(one);
    if (one.type !== 'PU' && !home.has(key(one.cpus))) home.set(key(one.cpus), one);
  }
  for (const [node, cpus] of localTo) (home.get(key(cpus)) ?? machine).memory.push(node);
  for (const [device, cpus] of nearTo) (home.get(key(cpus)) ?? machine).devices.push(device);
  return { machine, localTo, leftOut };
}
