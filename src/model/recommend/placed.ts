/** What is to be written down for other tools: which CPUs, which node's memory, whose command. */

import { formatCpuList, parseCpuList } from '../cpulist.ts';
import { indexTopology, nodeOf } from '../relation.ts';
import type { Topology } from '../topology.ts';

/** A thread, or the whole program, and where it is to run. */
export interface PlacedThread {
  /** As the user calls it: "producer". */
  readonly name: string;
  /** Kernel list. */
  readonly cpus: string;
}

export interface Placed {
  readonly threads: readonly PlacedThread[];
  /** Node of the memory; null: wherever the policy of the host puts it. */
  readonly memory: number | null;
  /** The user's own command where it is known. */
  readonly command: readonly string[] | null;
}

export interface Recommendation {
  readonly tool: 'taskset' | 'numactl' | 'systemd' | 'docker' | 'kubernetes';
  readonly title: string;
  /** To paste, as it is. */
  readonly text: string;
  /** What it can and cannot do; null where there is nothing to say. */
  readonly note: string | null;
}

/** Stands for the user's command where none is known. */
export const PLACEHOLDER = './your-program';

/** All CPUs, ascending. */
export function cpusOf({ threads }: Placed): number[] {
  return [...new Set(threads.flatMap(({ cpus }) => parseCpuList(cpus)))].sort((a, b) => a - b);
}

export const cpuListOf = (placed: Placed): string => formatCpuList(cpusOf(placed));

/** Nodes that the CPUs belong to, ascending. */
export function nodesOf(topology: Topology, placed: Placed): number[] {
  const ids = cpusOf(placed).flatMap((cpu) => nodeOf(topology, cpu)?.id ?? []);
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** The node to name; null where none was chosen, or the kernel has no nodes. */
export const memoryChoice = (topology: Topology, { memory }: Placed): number | null =>
  topology.nodes.length === 0 ? null : memory;

/** Siblings of the placed CPUs that are not placed themselves: whoever runs there shares the core. */
export function idleSiblings(topology: Topology, placed: Placed): number[] {
  const own = new Set(cpusOf(placed));
  const { places } = indexTopology(topology);
  const all = [...own].flatMap((cpu) => parseCpuList(places.get(cpu)?.core?.cpus ?? ''));
  return [...new Set(all)].filter((cpu) => !own.has(cpu)).sort((a, b) => a - b);
}
