/** Owns which token lies where, and where one is first held that is picked up by keys. */

import { memoryNode } from '../../model/placement/placement.ts';
import { isThread, threadsByCpu, threadsOfToken } from '../../model/bench/program/threads.ts';
import type { Role, Token } from '../../model/cases/spsc.ts';
import type { Place } from './focus.ts';
import type { MachineView } from './view.ts';

type Lying = Pick<MachineView, 'topology' | 'placement' | 'program'>;

/** Where the token lies, else where the focus is, else the first CPU it may have; threads: where the busiest ran last. */
export function startOf({ topology, placement, program }: Lying, role: Token, focus: Place | null): number | null {
  if (isThread(role)) return threadsOfToken(program?.threads ?? [], role)[0]?.cpu ?? null;
  if (placement[role] !== null) return placement[role];
  if (role === 'memory') return memoryNode(topology, placement) ?? topology.nodes[0]?.id ?? null;
  const free = (id: number): boolean => placement.producer !== id && placement.consumer !== id;
  if (focus?.kind === 'cpu' && free(focus.id)) return focus.id;
  return topology.cpus.find((cpu) => cpu.online && cpu.allowed && free(cpu.id))?.id ?? null;
}

/** The token that was placed there. */
export function roleAt({ placement }: Lying, place: Place | null): Role | null {
  if (!place) return null;
  if (place.kind === 'node') return placement.memory === place.id ? 'memory' : null;
  return placement.producer === place.id ? 'producer' : placement.consumer === place.id ? 'consumer' : null;
}

/** What can be taken from there: the token that was placed, else the threads that ran there last. */
export function tokenAt(view: Lying, place: Place | null): Token | null {
  const role = roleAt(view, place);
  if (role || place?.kind !== 'cpu') return role;
  return threadsByCpu(view.program?.threads ?? []).get(place.id)?.token ?? null;
}
