/** Moving tokens: what a move makes of a placement, whether it is allowed, and taking it back. */

import { parseCpuList } from '../text/cpulist.ts';
import { indexTopology } from '../topology/relation.ts';
import type { Problem } from '../problem.ts';
import type { Topology } from '../topology/topology.ts';
import { EMPTY_PLACEMENT, firstIn, idsIn, samePlacement, slotNamed } from './slots.ts';
import type { Placed, Placement, Slot } from './slots.ts';
import { cpuRefusal, firstTouchNode, nodeRefusal } from './usable.ts';

/** Dropped on ids, taken away from ids, or put on exactly what is said (by a field, a command); null puts it back into the tray. */
export type Move =
  | { readonly drop: readonly number[] }
  | { readonly take: readonly number[] }
  | { readonly put: Placed | null };

function idsAfter({ many }: Slot, before: readonly number[], made: Exclude<Move, { put: unknown }>): readonly number[] {
  if ('take' in made) return before.filter((id) => !made.take.includes(id));
  return many ? [...before, ...made.drop] : made.drop.slice(0, 1);
}

function heldAfter(slot: Slot, before: readonly number[], made: Move): Placed | null {
  const held = 'put' in made ? made.put : idsAfter(slot, before, made);
  if (held === null || 'of' in held) return held;
  const ids = [...new Set(held)].sort((a, b) => a - b);
  return ids.length === 0 ? null : ids;
}

/** The one function behind mouse, touch, keyboard, fields and commands. The same placement where nothing changes. */
export function move(placement: Placement, slot: Slot, made: Move): Placement {
  const held = heldAfter(slot, idsIn(placement, slot.name), made);
  const others = Object.entries(placement).filter(([name]) => name !== slot.name);
  const moved = Object.fromEntries(held === null ? others : [...others, [slot.name, held] as const]);
  return samePlacement(placement, moved) ? placement : moved;
}

/** A part of the machine that a token is dropped on or taken from. Cores and L3 have no ids: any CPU in one names it. */
export interface Part {
  readonly kind: 'cpu' | 'core' | 'l3' | 'node' | 'package';
  readonly id: number;
}

function cpusOf(topology: Topology, { kind, id }: Part): readonly number[] {
  const { places, cpusOfNode } = indexTopology(topology);
  if (kind === 'node') return cpusOfNode.get(id) ?? [];
  if (kind === 'package') return parseCpuList(topology.packages.find((one) => one.id === id)?.cpus ?? '');
  const place = places.get(id);
  const whole = kind === 'core' ? place?.core : kind === 'l3' ? place?.caches.get(3) : null;
  return whole ? parseCpuList(whole.cpus) : [id];
}

/**
 * What dropping a token on a part of the machine means: of a slot that holds many, all of its CPUs that this session may use (all, where it
 * may use none: then the refusal says why); of another, that CPU; of memory, that node.
 */
export function idsAt(topology: Topology, slot: Slot, part: Part): readonly number[] {
  if (slot.on === 'nodes') return part.kind === 'node' ? [part.id] : [];
  if (!slot.many) return part.kind === 'cpu' ? [part.id] : [];
  const cpus = cpusOf(topology, part);
  const usable = cpus.filter((cpu) => cpuRefusal(topology, cpu) === null);
  return usable.length > 0 ? usable : cpus;
}

/** From the narrowest to the widest. */
const BREADTHS = ['cpu', 'core', 'l3', 'node', 'package'] as const;

/** Null where the host does not say in which one the CPU is. */
export function partAround(topology: Topology, kind: Part['kind'], cpu: number): Part | null {
  const place = indexTopology(topology).places.get(cpu);
  const id = kind === 'node' ? place?.node?.id : kind === 'package' ? place?.package?.id : cpu;
  return id === undefined ? null : { kind, id };
}

/** The next wider (1) or narrower (-1) part around a CPU, past those that are the same CPUs; the same part where there is none. */
export function widened(topology: Topology, part: Part, cpu: number, by: 1 | -1): Part {
  const size = cpusOf(topology, part).length;
  for (let at = BREADTHS.indexOf(part.kind) + by; at >= 0 && at < BREADTHS.length; at += by) {
    const next = partAround(topology, BREADTHS[at] ?? 'cpu', cpu);
    if (next && (cpusOf(topology, next).length - size) * by > 0) return next;
  }
  return part;
}

/** Why a token cannot go on one of these, or null when it can. */
export function refusal(topology: Topology, { on }: Pick<Slot, 'on'>, ids: readonly number[]): Problem | null {
  const why = on === 'nodes' ? nodeRefusal : cpuRefusal;
  for (const id of ids) {
    const refused = why(topology, id);
    if (refused) return refused;
  }
  return null;
}

/** Nodes on which the memory of a slot lies: where it was placed, else where the slot it follows touches it first. Empty where nothing says. */
export function memoryNodesOf(topology: Topology, slot: Slot, placement: Placement): readonly number[] {
  const held = placement[slot.name];
  if (held && !('of' in held)) return held;
  const of = held ? held.of : slot.follows;
  const cpu = of === null ? null : firstIn(placement, of);
  const node = cpu === null ? null : firstTouchNode(topology, cpu);
  return node === null ? [] : [node];
}

/** The same tokens on another machine, or of another benchmark: what does not exist there goes back into the tray. */
export function fitPlacement(topology: Topology, slots: readonly Slot[], placement: Placement): Placement {
  const fitting = slots.flatMap((slot): [string, Placed][] => {
    const held = placement[slot.name];
    if (held && 'of' in held) return slotNamed(slots, held.of) ? [[slot.name, held]] : [];
    const ids = (held ?? []).filter((id) => refusal(topology, slot, [id]) === null);
    return ids.length > 0 ? [[slot.name, ids]] : [];
  });
  return Object.fromEntries(fitting);
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
