/** Owns which token lies where, and where one is first held that is picked up by keys. */

import { memoryNodesOf } from '../../model/placement/placement.ts';
import { firstIn, slotsOn } from '../../model/placement/slots.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { isThread, threadsByCpu, threadSlot, threadsOfToken } from '../../model/bench/program/threads.ts';
import { placeFor } from './focus.ts';
import type { Place } from './focus.ts';
import type { MachineView } from './view.ts';

type TokenPlaces = Pick<MachineView, 'topology' | 'slots' | 'placement' | 'group'>;

/** Where the token lies, else where the focus is, else the first CPU it may have; threads: where the busiest ran last. */
export function startOf(view: TokenPlaces, slot: Slot, focus: Place | null): Place | null {
  const { topology, slots, placement, group } = view;
  const at = (id: number | null | undefined): Place | null => (typeof id === 'number' ? placeFor(slot, id) : null);
  if (isThread(slot.name)) return at(threadsOfToken(group?.threads ?? [], slot.name)[0]?.cpu);
  const lies = firstIn(placement, slot.name);
  if (lies !== null) return at(lies);
  if (slot.on === 'nodes') return at(memoryNodesOf(topology, slot, placement)[0] ?? topology.nodes[0]?.id);
  const free = (id: number): boolean => slotsOn(slots, placement, 'cpus', id).length === 0;
  if (focus?.kind === 'cpu' && free(focus.id)) return focus;
  return at(topology.cpus.find((cpu) => cpu.online && cpu.allowed && free(cpu.id))?.id);
}

/** The token that was placed there. */
export function slotAt({ slots, placement }: TokenPlaces, place: Place | null): Slot | null {
  if (!place) return null;
  return slotsOn(slots, placement, place.kind === 'node' ? 'nodes' : 'cpus', place.id)[0] ?? null;
}

/** What can be taken from there: the token that was placed, else the threads that ran there last. */
export function tokenAt(view: TokenPlaces, place: Place | null): Slot | null {
  const slot = slotAt(view, place);
  if (slot || place?.kind !== 'cpu') return slot;
  const threads = threadsByCpu(view.group?.threads ?? []).get(place.id);
  return threads ? threadSlot(threads.token) : null;
}
