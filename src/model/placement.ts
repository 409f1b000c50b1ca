/** Moving tokens: what a move makes of a placement, whether it is allowed, and taking it back. */

import { formatCpuList } from './cpulist.ts';
import { indexTopology, nodeOf } from './relation.ts';
import type { Problem } from './problem.ts';
import type { Topology } from './topology.ts';
import { EMPTY_PLACEMENT } from './workload.ts';
import type { Placement, Role, Token } from './workload.ts';

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
    return {
      code: 'node-without-memory',
      message: `NUMA node ${id} has no memory.`,
      hint: 'Choose a node that has some.',
    };
  }
  return null;
}

/**
 * The node the memory lies on: where its token sits, else the producer's, else (that one has no memory) the nearest to
 * it that has some. Null where nothing says.
 */
export function memoryNode(topology: Topology, placement: Placement): number | null {
  if (placement.memory !== null) return placement.memory;
  if (placement.producer === null) return null;
  const own = nodeOf(topology, placement.producer);
  if (own?.memoryBytes !== 0) return own?.id ?? null;
  const distance = (id: number): number => own.distances[String(id)] ?? Infinity;
  const ids = topology.nodes.filter((node) => node.memoryBytes !== 0).map((node) => node.id);
  return ids.sort((a, b) => distance(a) - distance(b) || a - b)[0] ?? null;
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
