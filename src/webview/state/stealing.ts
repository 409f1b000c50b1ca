/** Owns whose victims are numbered on the machine: those of a CPU that is pointed at, in the pool whose token lies there, else among all usable CPUs. */

import type * as Steal from '../../model/steal/victims.ts';
import type { Victims } from '../../model/steal/victim-class.ts';
import { cpuRefusal } from '../../model/placement/usable.ts';
import { idsIn, slotsOn } from '../../model/placement/slots.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { shownPlacement, slotsOf } from './select.ts';
import type { State } from './store.ts';

type Stealing = Pick<typeof Steal, 'victimsOf' | 'victimSentence'>;

/** Who steals from whom, once it is loaded with the rest of the page. */
let stealing: Stealing | null = null;
export const bringStealing = (loaded: Stealing): void => {
  stealing = loaded;
};

const usable = (topology: Topology): number[] =>
  topology.cpus.map(({ id }) => id).filter((id) => cpuRefusal(topology, id) === null);

/** A CPU that steals if that one cannot; null: there are no two. */
export function thiefAt(topology: Topology, cpu: number | null): number | null {
  const cpus = usable(topology);
  if (cpus.length < 2) return null;
  return cpu !== null && cpus.includes(cpu) ? cpu : (cpus[0] ?? null);
}

/** The pool of the token that lies there, if it has several. */
export function poolAt(
  state: State,
  cpu: number,
): { readonly spoken: string; readonly cpus: readonly number[] } | null {
  const placement = shownPlacement(state);
  const [pool] = slotsOn(slotsOf(state), placement, 'cpus', cpu)
    .map(({ name, spoken }) => ({ spoken, cpus: idsIn(placement, name) }))
    .filter(({ cpus }) => cpus.length > 1);
  return pool ?? null;
}

/** Null while nobody asks, or what knows them is not loaded yet. */
export function victimsNow(state: State): Victims | null {
  const { board, thief, carried } = state;
  const topology = board?.topology;
  if (!stealing || !topology || thief === null || carried || board.running) return null;
  return stealing.victimsOf(topology, poolAt(state, thief)?.cpus ?? usable(topology), thief);
}

/** How the order goes on, in a sentence. */
export const sentenceOf = (victims: Victims): string => stealing?.victimSentence(victims) ?? '';
