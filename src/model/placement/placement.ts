/** Moving tokens: what a move makes of a placement, whether it is allowed, and taking it back. */

import { formatCpuList } from '../text/cpulist.ts';
import { indexTopology, nodeOf } from '../topology/relation.ts';
import type { Problem } from '../problem.ts';
import type { NumaNode, Topology } from '../topology/topology.ts';
import { EMPTY_PLACEMENT } from '../cases/spsc.ts';
import type { MemoryTarget, Placement, Role, Token } from '../cases/spsc.ts';

/** The one function behind mouse, touch, keyboard, fields and commands. `null` puts the token back into the tray. */
export function move(placement: Placement, role: Role, target: number | null): Placement {
  return placement[role] === target ? placement : { ...placement, [role]: target };
}

/** Why a token cannot go there, or null when it can. */
export function refusal(topology: Topology, token: Token, target: number): Problem | null {
  return token === 'memory' ? nodeRefusal(topology, target) : cpuRefusal(topology, target);
}

function cpuRefusal(topology: Topology, id: number): Problem | null {
  const cpu = indexTopology(topology).places.get(id)?.cpu;
  if (!cpu) {
    return { code: 'cpu-absent', message: `There is no CPU ${id} on this host.`, hint: usableCpus(topology) };
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

function nodeRefusal(topology: Topology, id: number): Problem | null {
  const node = topology.nodes.find((candidate) => candidate.id === id);
  if (!node) {
    const nodes = formatCpuList(topology.nodes.map((one) => one.id));
    return {
      code: 'node-absent',
      message: `There is no NUMA node ${id} on this host.`,
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
 * The node the memory lies on: where its token sits, else the producer's, else (that one has no memory, or the cpuset forbids it)
 * the nearest to it that can be used: where the kernel puts what the producer touches first. Null where nothing says.
 */
export function memoryNode(topology: Topology, placement: Placement): number | null {
  if (placement.memory !== null) return placement.memory;
  if (placement.producer === null) return null;
  const own = nodeOf(topology, placement.producer);
  if (own === null) return null;
  if (givesMemory(own)) return own.id;
  const distance = (id: number): number => own.distances[String(id)] ?? Infinity;
  const ids = memoryNodes(topology).map((node) => node.id);
  return ids.sort((a, b) => distance(a) - distance(b) || a - b)[0] ?? null;
}

/** As `memoryNode`, for a tool that binds: a node that the reader made up cannot be named to one, so it is left to first touch. */
export function memoryTarget(topology: Topology, placement: Placement): MemoryTarget {
  const id = memoryNode(topology, placement);
  const node = topology.nodes.find((one) => one.id === id);
  return node && !node.inferred ? node.id : 'producer';
}

/** The same tokens on another machine: what does not exist there goes back into the tray. */
export function fitPlacement(topology: Topology, placement: Placement): Placement {
  const known = indexTopology(topology);
  const keep = (role: Role): number | null => {
    const target = placement[role];
    const there = target !== null && (role === 'memory' ? known.cpusOfNode : known.places).has(target);
    return there && refusal(topology, role, target) === null ? target : null;
  };
  return { producer: keep('producer'), consumer: keep('consumer'), memory: keep('memory') };
}

/** Past placements, newest last. */
export interface History {
  readonly now: Placement;
  readonly past: readonly Placement[];
}

/** Moves that can be taken back. */
const DEPTH = 100;

export const NEW_HISTORY: History = { now: EMPTY_PLACEMENT, past: [] };

export function push(history: History, next: Placement): History {
  if (next === history.now) return history;
  return { now: next, past: [...history.past, history.now].slice(-DEPTH) };
}

/** The same history when there is nothing to take back. */
export function undo(history: History): History {
  const last = history.past.at(-1);
  return last === undefined ? history : { now: last, past: history.past.slice(0, -1) };
}
