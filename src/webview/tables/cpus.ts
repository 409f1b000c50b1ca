/** Owns the tables of what CPUs stand in: packages, dies, clusters, cores, caches, and the CPUs themselves. */

import { parseCpuList } from '../../model/text/cpulist.ts';
import { formatBytes, formatRange, plural } from '../../model/text/format.ts';
import { logicalOf } from '../../model/topology/logical.ts';
import { indexTopology } from '../../model/topology/relation.ts';
import { stateOf } from '../../model/svg/cells.ts';
import type { Cache, Cpu, Group, Topology } from '../../model/topology/topology.ts';
import { list } from './table.ts';
import type { Built, Column } from './table.ts';

const STATES = { allowed: 'allowed', forbidden: 'disallowed: outside the cpuset', offline: 'offline' } as const;

/** "L#3"; nothing that is offline has one. */
const logicalWords = (at: number | undefined): string => (at === undefined ? 'none: offline' : `L#${at}`);
/** Files may hold the kernel's -1 for a number that is not known. */
const idWords = (id: number | null | undefined): string =>
  id === undefined || id === null || id < 0 ? 'not reported' : `P#${id}`;

/** Parts in the order of their lowest CPU on the machine. */
function inOrder<Part extends { readonly cpus: string }>(topology: Topology, parts: readonly Part[]): Part[] {
  const { cpus } = logicalOf(topology);
  const first = new Map(
    parts.map((part) => [part, Math.min(...parseCpuList(part.cpus).map((cpu) => cpus.get(cpu) ?? Infinity))]),
  );
  return [...parts].sort((a, b) => {
    const [at, other] = [first.get(a) ?? 0, first.get(b) ?? 0];
    return at === other ? 0 : at - other;
  });
}

/** "8 cores, 16 CPUs"; "cores unknown, 16 CPUs". */
function holds(topology: Topology, cpus: string): string {
  const { places } = indexTopology(topology);
  const ids = parseCpuList(cpus);
  const cores = new Set(ids.map((id) => places.get(id)?.core ?? null));
  const unknown = cores.has(null) || [...cores].some((core) => core?.inferred);
  return `${unknown ? 'cores unknown' : plural(cores.size, 'core')}, ${plural(ids.length, 'CPU')}`;
}

export function packages(topology: Topology): Built | null {
  const { packages: logical } = logicalOf(topology);
  const nodesOf = (cpus: string): string => {
    const own = new Set(parseCpuList(cpus).map((cpu) => indexTopology(topology).places.get(cpu)?.node?.id));
    own.delete(undefined);
    return own.size === 0 ? 'not reported' : [...own].join(', ');
  };
  return list('Packages', inOrder(topology, topology.packages), [
    { name: 'Package', cell: ({ id }) => idWords(id) },
    { name: 'L#', cell: (item) => logicalWords(logical.get(item)) },
    { name: 'Nodes', cell: ({ cpus }) => nodesOf(cpus) },
    { name: 'Holds', cell: ({ cpus }) => holds(topology, cpus) },
    { name: 'CPUs', ids: true, cell: ({ cpus }) => formatRange(cpus) },
  ]);
}

function groups(topology: Topology, caption: string, name: string, parts: readonly Group[]): Built | null {
  return list(caption, inOrder(topology, parts), [
    { name, cell: ({ id }) => idWords(id) },
    { name: 'Package', cell: (part) => idWords(part.package) },
    { name: 'Holds', cell: ({ cpus }) => holds(topology, cpus) },
    { name: 'CPUs', ids: true, cell: ({ cpus }) => formatRange(cpus) },
  ]);
}

export const dies = (topology: Topology): Built | null => groups(topology, 'Dies', 'Die', topology.dies);
export const clusters = (topology: Topology): Built | null =>
  groups(topology, 'Clusters', 'Cluster', topology.clusters);

export function caches(topology: Topology): Built | null {
  const bytes = (value: number | null): string => (value === null ? 'not reported' : formatBytes(value));
  const outer = (a: Cache, b: Cache): number => b.level - a.level || a.type.localeCompare(b.type);
  return list('Caches', inOrder(topology, topology.caches).sort(outer), [
    { name: 'Cache', cell: ({ level }) => `L${level}` },
    { name: 'Type', cell: ({ type }) => type },
    { name: 'Size', cell: ({ sizeBytes }) => bytes(sizeBytes) },
    { name: 'Line', cell: ({ lineBytes }) => bytes(lineBytes) },
    { name: 'Shared by', cell: ({ cpus }) => holds(topology, cpus) },
    { name: 'CPUs', ids: true, cell: ({ cpus }) => formatRange(cpus) },
  ]);
}

export function cores(topology: Topology): Built | null {
  const { cores: logical } = logicalOf(topology);
  return list('Cores', inOrder(topology, topology.cores), [
    { name: 'Core', cell: ({ id }) => idWords(id) },
    { name: 'L#', cell: (core) => logicalWords(logical.get(core)) },
    { name: 'Package', cell: (core) => idWords(core.package) },
    { name: 'CPUs', ids: true, cell: ({ cpus }) => formatRange(cpus) },
  ]);
}

const BUSY: Column<Cpu> = {
  name: 'Busy',
  live: ({ sample }) => {
    const busy = new Map(sample?.cpus.map((cpu) => [cpu.id, cpu.busy]));
    return ({ id }) => {
      const share = busy.get(id);
      return share === undefined ? 'no figure' : `${Math.round(share * 100)} %`;
    };
  },
};

/** In the kernel's order, in which one looks a CPU up; its place on the machine is its `L#`. */
export function cpus(topology: Topology, live: boolean): Built | null {
  const { places } = indexTopology(topology);
  const logical = logicalOf(topology);
  return list('CPUs', topology.cpus, [
    { name: 'CPU', cell: ({ id }) => `P#${id}` },
    { name: 'L#', cell: ({ id }) => logicalWords(logical.cpus.get(id)) },
    { name: 'Package', cell: ({ id }) => idWords(places.get(id)?.package?.id) },
    { name: 'Core', cell: ({ id }) => idWords(places.get(id)?.core?.id) },
    { name: 'Node', cell: ({ id }) => idWords(places.get(id)?.node?.id) },
    ...(topology.cpus.some(({ kind }) => kind !== null)
      ? [{ name: 'Kind', cell: ({ kind }: { readonly kind: string | null }) => kind ?? 'not reported' }]
      : []),
    { name: 'State', cell: (cpu) => STATES[stateOf(cpu)] },
    ...(live ? [BUSY] : []),
  ]);
}
