/** Which CPUs and nodes this session may use, and why it may not use the others. */

import { formatCpuList, parseCpuList } from '../text/cpulist.ts';
import { indexTopology, isLocal, nodeOf } from '../topology/relation.ts';
import type { Problem } from '../problem.ts';
import type { NumaNode, Topology } from '../topology/topology.ts';

/** Why no thread can be pinned there, or null when one can. */
export function cpuRefusal(topology: Topology, id: number): Problem | null {
  const cpu = indexTopology(topology).places.get(id)?.cpu;
  if (!cpu) {
    return { code: 'cpu-absent', message: `This host has no CPU ${id}.`, hint: usableCpus(topology) };
  }
  if (!cpu.online) {
    const hint = `To bring it online: echo 1 | sudo tee /sys/devices/system/cpu/cpu${id}/online`;
    return { code: 'cpu-absent', message: `CPU ${id} is offline.`, hint };
  }
  if (!cpu.allowed) {
    const message = `CPU ${id} is outside the cpuset this session may use.`;
    return { code: 'cpu-forbidden', message, hint: usableCpus(topology) };
  }
  return null;
}

function usableCpus(topology: Topology): string {
  const ids = topology.cpus.filter((cpu) => cpu.online && cpu.allowed).map((cpu) => cpu.id);
  return ids.length === 0 ? 'No CPU of this host can be used.' : `CPUs ${formatCpuList(ids)} can be used.`;
}

/** Whether a list of CPUs leaves out none that this session may use. */
export function leavesOutNone(topology: Topology, list: string): boolean {
  const ids = new Set(parseCpuList(list));
  return topology.cpus.every(({ id, online, allowed }) => !online || !allowed || ids.has(id));
}

/** Whether this session can get memory there: its cpuset allows the node, and the node has some. */
export const givesMemory = ({ allowed, memoryBytes }: NumaNode): boolean => allowed && memoryBytes !== 0;

/** Nodes whose memory this session can use. */
export const memoryNodes = ({ nodes }: Topology): NumaNode[] => nodes.filter(givesMemory);

/** Nodes that have memory and that the cpuset keeps from this session. */
export const forbiddenNodes = ({ nodes }: Topology): NumaNode[] =>
  nodes.filter(({ allowed, memoryBytes }) => !allowed && memoryBytes !== 0);

function usableNodes(topology: Topology): string {
  const ids = memoryNodes(topology).map((node) => node.id);
  if (ids.length === 0) return 'No node of this host has memory that can be used.';
  return `The memory of ${ids.length === 1 ? 'node' : 'nodes'} ${formatCpuList(ids)} can be used.`;
}

/** Why no memory can be had there, or null when it can. */
export function nodeRefusal(topology: Topology, id: number): Problem | null {
  const node = topology.nodes.find((candidate) => candidate.id === id);
  if (!node) {
    const nodes = formatCpuList(topology.nodes.map((one) => one.id));
    return {
      code: 'node-absent',
      message: `This host has no NUMA node ${id}.`,
      hint: `It has nodes ${nodes}.`,
    };
  }
  if (node.memoryBytes === 0) {
    return { code: 'node-without-memory', message: `NUMA node ${id} has no memory.`, hint: usableNodes(topology) };
  }
  if (!node.allowed) {
    const message = `NUMA node ${id} is outside the cpuset this session may use memory from.`;
    const hint = `${usableNodes(topology)} To allow more, widen cpuset.mems of its control group.`;
    return { code: 'node-forbidden', message, hint };
  }
  return null;
}

/**
 * The node that pages lie on which this CPU touches first: its own, else (that one has no memory, or the cpuset forbids it) the nearest
 * that can be used. Null where the host does not say.
 */
export function firstTouchNode(topology: Topology, cpu: number): number | null {
  const own = nodeOf(topology, cpu);
  if (own === null) return null;
  if (givesMemory(own)) return own.id;
  const distance = (id: number): number => own.distances[String(id)] ?? Infinity;
  const ids = memoryNodes(topology).map((node) => node.id);
  return ids.sort((a, b) => distance(a) - distance(b) || a - b)[0] ?? null;
}

/** Nodes with memory for this session that are as near to the CPU as its own; several where nodes share CPUs (numa=fake). */
export function nodesAt(topology: Topology, cpu: number): number[] {
  return topology.nodes.filter((node) => givesMemory(node) && isLocal(topology, cpu, node.id)).map(({ id }) => id);
}

/** The node to bind memory beside a CPU to; null where several are equally near, and one alone is a part of it. */
export function boundNode(topology: Topology, cpu: number): number | null {
  if (nodesAt(topology, cpu).length > 1) return null;
  const id = firstTouchNode(topology, cpu);
  return topology.nodes.some((node) => node.id === id && !node.inferred) ? id : null;
}
