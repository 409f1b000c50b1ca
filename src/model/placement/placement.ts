/** Moving tokens: what a move makes of a placement, whether it is allowed, and taking it back. */

import { indexTopology } from '../topology/relation.ts';
import type { Problem } from '../problem.ts';
import type { Topology } from '../topology/topology.ts';
import { cpuRefusal, firstTouchNode, nodeRefusal } from './usable.ts';
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

/** The node the memory lies on: where its token sits, else where the producer touches it first. Null where nothing says. */
export function memoryNode(topology: Topology, placement: Placement): number | null {
  if (placement.memory !== null) return placement.memory;
  return placement.producer === null ? null : firstTouchNode(topology, placement.producer);
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
