/** The CPUs of a machine as the kubelet groups them when it hands them out. */

import { parseCpuList } from '../text/cpulist.ts';
import type { Topology } from '../topology/topology.ts';

/** Where a CPU lies: the smallest CPU of its core and of its last-level cache stand for them, as the kubelet names cores. */
export interface Place {
  readonly core: number;
  readonly cache: number;
  readonly socket: number;
  readonly node: number;
}

export interface CpuPlaces {
  readonly of: ReadonlyMap<number, Place>;
  /** Nodes with CPUs, ascending. */
  readonly nodes: readonly number[];
  readonly sockets: number;
  /** Threads of a core; the kubelet takes all cores to be alike. */
  readonly threads: number;
}

export type Level = keyof Place;

/** Online CPUs only: the kubelet does not see others. A CPU of no node belongs to node 0, as cAdvisor has it. */
export function cpuPlaces({ cpus, cores, packages, nodes, caches }: Topology): CpuPlaces {
  const smallest = (parts: readonly { readonly cpus: string }[]): Map<number, number> =>
    new Map(parts.flatMap((one) => withFirst(parseCpuList(one.cpus))));
  const named = (parts: readonly { readonly id: number; readonly cpus: string }[]): Map<number, number> =>
    new Map(parts.flatMap(({ id, cpus: list }) => parseCpuList(list).map((cpu) => [cpu, id] as const)));
  const [core, cache] = [smallest(cores), smallest(caches.filter(({ level }) => level === 3))];
  const [socket, node] = [named(packages), named(nodes)];
  const firstOfSocket = smallest(packages);
  return placesOf(
    cpus
      .filter(({ online }) => online)
      .map(({ id }) => [
        id,
        {
          core: core.get(id) ?? id,
          // Without a shared last-level cache that is known, a socket is taken to be one.
          cache: cache.get(id) ?? firstOfSocket.get(id) ?? 0,
          socket: socket.get(id) ?? 0,
          node: node.get(id) ?? 0,
        },
      ]),
  );
}

const withFirst = (cpus: readonly number[]): (readonly [number, number])[] =>
  cpus.map((cpu) => [cpu, cpus[0] ?? cpu] as const);

export function placesOf(entries: readonly (readonly [cpu: number, place: Place])[]): CpuPlaces {
  const of = new Map(entries);
  const all = [...of.values()];
  return {
    of,
    nodes: [...new Set(all.map(({ node }) => node))].sort((a, b) => a - b),
    sockets: new Set(all.map(({ socket }) => socket)).size,
    threads: Math.max(1, Math.floor(of.size / Math.max(1, new Set(all.map(({ core }) => core)).size))),
  };
}

/** CPUs of each part at a level, ascending. */
export function partsAt(places: CpuPlaces, level: Level, cpus: Iterable<number>): Map<number, number[]> {
  const parts = new Map<number, number[]>();
  for (const cpu of [...cpus].sort((a, b) => a - b)) {
    const part = places.of.get(cpu)?.[level];
    if (part === undefined) continue;
    const own = parts.get(part);
    if (own) own.push(cpu);
    else parts.set(part, [cpu]);
  }
  return parts;
}
