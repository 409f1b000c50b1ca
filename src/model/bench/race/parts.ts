/** The parts of a machine that a whole program can be given, as this session may use them. */

import { parseCpuList } from '../../text/cpulist.ts';
import { givesMemory } from '../../placement/usable.ts';
import { indexTopology } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';

export interface Part {
  readonly id: number;
  /** Usable ones, ascending. */
  readonly cpus: readonly number[];
}

export interface NodePart extends Part {
  /** Whether this session gets memory there. */
  readonly memory: boolean;
}

const usableOf = ({ cpus }: Topology): ReadonlySet<number> =>
  new Set(cpus.filter(({ online, allowed }) => online && allowed).map(({ id }) => id));

function partsOf<T extends { readonly cpus: string }>(
  topology: Topology,
  list: readonly T[],
): (T & { own: number[] })[] {
  const usable = usableOf(topology);
  return list
    .map((one) => ({ ...one, own: parseCpuList(one.cpus).filter((cpu) => usable.has(cpu)) }))
    .filter(({ own }) => own.length > 0);
}

export const usableCpus = (topology: Topology): number[] => [...usableOf(topology)].sort((a, b) => a - b);

/** Those with CPUs; none where the host shows no nodes. */
export const nodeParts = (topology: Topology): NodePart[] =>
  partsOf(
    topology,
    topology.nodes.filter(({ inferred }) => !inferred),
  ).map((node) => ({ id: node.id, cpus: node.own, memory: givesMemory(node) }));

export const socketParts = (topology: Topology): Part[] =>
  partsOf(topology, topology.packages).map(({ id, own }) => ({ id, cpus: own }));

/** Last-level caches, in the order of their first CPUs, where CPUs share them. */
export function l3Parts(topology: Topology): Part[] {
  const l3 = topology.caches.filter(({ level, type }) => level === 3 && type !== 'instruction');
  const parts = partsOf(topology, l3).sort((a, b) => (a.own[0] ?? 0) - (b.own[0] ?? 0));
  return parts.map(({ own }, id) => ({ id, cpus: own }));
}

/** Cores as lists of their usable threads, those of the given CPUs. */
export function coresOf(topology: Topology, cpus: readonly number[]): number[][] {
  const cores = new Map<string, number[]>();
  const { places } = indexTopology(topology);
  for (const cpu of cpus) {
    const key = places.get(cpu)?.core?.cpus ?? String(cpu);
    cores.set(key, [...(cores.get(key) ?? []), cpu]);
  }
  return [...cores.values()];
}

/** One thread of each core. */
export const withoutSiblings = (topology: Topology, cpus: readonly number[]): number[] =>
  coresOf(topology, cpus).flatMap(([first]) => first ?? []);

/** So many CPUs, whole cores, taken from the parts in turn. */
export function takenInTurn(topology: Topology, parts: readonly Part[], count: number): number[] {
  const cores = parts.map(({ cpus }) => coresOf(topology, cpus));
  const taken: number[] = [];
  for (let turn = 0; taken.length < count && cores.some((own) => turn < own.length); turn++) {
    for (const own of cores) if (taken.length < count) taken.push(...(own[turn] ?? []));
  }
  return taken.sort((a, b) => a - b);
}
