/** What is to be written down for other tools: which CPUs, which node's memory, whose command. */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import type { ToPaste } from '../../placement/to-paste.ts';
import { givesMemory, nodesAt } from '../../placement/usable.ts';
import { indexTopology, nodeOf } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';

export type Tool =
  | 'taskset'
  | 'numactl'
  | 'openmp'
  | 'systemd'
  | 'docker'
  | 'kubernetes'
  | 'libvirt'
  | 'slurm'
  | 'dpdk'
  | 'weighted-interleave'
  | 'command'
  | 'environment'
  | 'tokio'
  | 'rayon'
  | 'onetbb'
  | 'jvm'
  | 'steal-order';

export interface Recommendation {
  readonly tool: Tool;
  /** Of several for one tool, which: the name of a pool. */
  readonly part?: string;
  readonly title: string;
  /** To paste, as it is. */
  readonly text: string;
  /** What it can and cannot do; null where there is nothing to say. */
  readonly note: string | null;
}

/** Stands for the user's command where none is known. */
export const PLACEHOLDER = './your-program';

/** All CPUs, ascending. */
export function cpusOf({ threads }: ToPaste): number[] {
  return [...new Set(threads.flatMap(({ cpus }) => parseCpuList(cpus)))].sort((a, b) => a - b);
}

export const cpuListOf = (placed: ToPaste): string => formatCpuList(cpusOf(placed));

/** Nodes that the CPUs belong to, ascending. */
export function nodesOf(topology: Topology, placed: ToPaste): number[] {
  const ids = cpusOf(placed).flatMap((cpu) => nodeOf(topology, cpu)?.id ?? []);
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** The node to name; null where none was chosen, the host shows none, or the one chosen gives this session no memory. */
export function memoryChoice(topology: Topology, { memory }: ToPaste): number | null {
  const node = topology.nodes.find(({ id }) => id === memory);
  return node && !node.inferred && givesMemory(node) ? node.id : null;
}

/** Why no memory is named though there is a node for it, as sentences. */
export function memoryNote(topology: Topology, placed: ToPaste): string[] {
  const { memory } = placed;
  const node = topology.nodes.find(({ id }) => id === memory);
  if (topology.nodes.every(({ inferred }) => inferred)) {
    return ['This host shows no NUMA nodes: there is none to bind memory to.'];
  }
  if (memory === null) {
    const shared = cpusOf(placed)
      .map((cpu) => nodesAt(topology, cpu))
      .find(({ length }) => length > 1);
    return shared
      ? [
          `Nodes ${formatCpuList(shared)} share their CPUs and are equally near: binding to one would leave the rest unused.`,
        ]
      : [];
  }
  if (!node || givesMemory(node)) return [];
  const why = node.allowed ? 'has no memory' : 'is outside the cpuset this session may use memory from';
  return [`Node ${node.id} ${why}, so no node is named for the memory.`];
}

/** CPUs of a core for the system, away from what was placed and from isolated CPUs where others are free; null where none is. */
export function reserved(topology: Topology, placed: ToPaste): readonly number[] | null {
  const taken = new Set([...cpusOf(placed), ...idleSiblings(topology, placed)]);
  const free = [...indexTopology(topology).places.values()].filter(({ cpu }) => cpu.online && !taken.has(cpu.id));
  const place = free.find(({ cpu }) => !cpu.isolated) ?? free[0];
  return place ? parseCpuList(place.core?.cpus ?? String(place.cpu.id)) : null;
}

/** What is to be known of placed CPUs that the scheduler does not balance, as sentences. */
export function isolatedNote(topology: Topology, placed: ToPaste): string[] {
  const { places } = indexTopology(topology);
  const ids = cpusOf(placed).filter((id) => places.get(id)?.cpu.isolated === true);
  if (ids.length === 0) return [];
  const one = ids.length === 1;
  return [
    `${one ? 'CPU' : 'CPUs'} ${formatCpuList(ids)} ${one ? 'is' : 'are'} isolated: nothing runs there unless it is pinned there, ` +
      'and threads that may use several of them are not spread over them. Pin each thread to one.',
  ];
}

/** Siblings of the placed CPUs that are not placed themselves: whoever runs there shares the core. */
function idleSiblings(topology: Topology, placed: ToPaste): number[] {
  const own = new Set(cpusOf(placed));
  const { places } = indexTopology(topology);
  const all = [...own].flatMap((cpu) => parseCpuList(places.get(cpu)?.core?.cpus ?? ''));
  return [...new Set(all)].filter((cpu) => !own.has(cpu)).sort((a, b) => a - b);
}
