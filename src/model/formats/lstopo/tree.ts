/** A topology as hwloc nests it: every object inside the smallest that holds its CPUs, memory beside the CPUs it is local to. */

import { parseCpuList } from '../../text/cpulist.ts';
import type { Cache, Device, NumaNode, Topology } from '../../topology/topology.ts';

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

/** Outer before inner where several hold the same CPUs; where two cross, the one that comes first stays. */
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

/** Objects that lie inside or beside one another. Few kinds hold one CPU, so each is compared with few. */
class Nest {
  readonly #around = new Map<number, TreeObject[]>();

  /** False where `one` cuts through an object before it; it is then not added. */
  add(one: TreeObject): boolean {
    const shared = new Map<TreeObject, number>();
    for (const cpu of one.cpus)
      for (const other of this.#around.get(cpu) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1);
    for (const [other, count] of shared) if (count < Math.min(one.cpus.length, other.cpus.length)) return false;
    for (const cpu of one.cpus) {
      const around = this.#around.get(cpu);
      if (around) around.push(one);
      else this.#around.set(cpu, [one]);
    }
    return true;
  }
}

export function treeOf(topology: Topology): Tree {
  const online = topology.cpus.filter((cpu) => cpu.online).map(({ id }) => id);
  const machine = object('Machine', online);
  const localTo = new Map(topology.nodes.map((node) => [node, localCpus(node, topology, online)] as const));
  const outer = new Map<number, TreeObject[]>(online.map((cpu) => [cpu, [machine]]));
  const key = (cpus: readonly number[]): string => cpus.join();
  const nest = new Nest();
  const leftOut: TreeObject[] = [];
  const kept = objectsOf(topology).filter((one) => {
    if (one.cpus.length === 0) return false;
    const fits = nest.add(one);
    if (!fits) leftOut.push(one);
    return fits;
  });
  const sets = new Set([machine, ...kept.filter(({ type }) => type !== 'PU')].map(({ cpus }) => key(cpus)));
  const nearTo = new Map(topology.devices.map((device) => [device, parseCpuList(device.cpus)] as const));
  // Where no object has the CPUs that memory or a device is local to, hwloc makes a group of them, if it crosses none.
  const groups: TreeObject[] = [];
  const group = (cpus: readonly number[], kind: number): void => {
    if (cpus.length === 0 || sets.has(key(cpus))) return;
    const made = object('Group', cpus, { kind, subkind: 0 });
    if (!nest.add(made)) return;
    sets.add(key(cpus));
    groups.unshift(made);
  };
  for (const cpus of localTo.values()) group(cpus, GROUP_OF_MEMORY);
  for (const cpus of nearTo.values()) group(cpus, GROUP_OF_IO);
  const home = new Map<string, TreeObject>([[key(online), machine]]);
  for (const one of [...groups, ...kept].sort((a, b) => b.cpus.length - a.cpus.length)) {
    outer
      .get(one.cpus[0] ?? -1)
      ?.at(-1)
      ?.children.push(one);
    for (const cpu of one.cpus) outer.get(cpu)?.push(one);
    if (one.type !== 'PU' && !home.has(key(one.cpus))) home.set(key(one.cpus), one);
  }
  /** The object of exactly these CPUs; where there is none, the smallest around them. */
  const homeOf = (cpus: readonly number[]): TreeObject => {
    const exact = home.get(key(cpus));
    if (exact) return exact;
    const around = (outer.get(cpus[0] ?? -1) ?? []).filter((one) => {
      const inside = new Set(one.cpus);
      return one.type !== 'PU' && cpus.every((cpu) => inside.has(cpu));
    });
    return around.at(-1) ?? machine;
  };
  for (const [node, cpus] of localTo) homeOf(cpus).memory.push(node);
  for (const [device, cpus] of nearTo) homeOf(cpus).devices.push(device);
  return { machine, localTo, leftOut };
}
