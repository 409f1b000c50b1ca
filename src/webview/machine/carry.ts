/** Owns what is carried. Pointer and keys end in the same moves here: over something, dropped, refused, let go. */

import { idsAt, refusal } from '../../model/placement/placement.ts';
import type { Part } from '../../model/placement/placement.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Slot } from '../../model/placement/slots.ts';
import type { MachineActions } from './view.ts';

export interface Carried {
  readonly slot: Slot;
  readonly over: Part | null;
}

const samePart = (a: Part | null, b: Part | null): boolean => a?.kind === b?.kind && a?.id === b?.id;

type CarryActions = Pick<MachineActions, 'move' | 'carry' | 'refuse'>;

export type Dropped = 'dropped' | 'refused' | 'nowhere';

export class Carry {
  readonly #actions: CarryActions;
  #topology: Topology | null = null;
  #carried: Carried | null = null;

  constructor(actions: CarryActions) {
    this.#actions = actions;
  }

  get carried(): Carried | null {
    return this.#carried;
  }

  /** The page's word counts: a token may be taken out of the hand from outside. */
  sync(topology: Topology, carried: Carried | null): void {
    this.#topology = topology;
    this.#carried = carried;
  }

  pick(slot: Slot, over: Part | null): void {
    this.#carried = { slot, over };
    this.#actions.carry(slot, over);
  }

  move(over: Part | null): void {
    if (!this.#carried || samePart(this.#carried.over, over)) return;
    this.pick(this.#carried.slot, over);
  }

  why(): string | null {
    const { slot, over } = this.#carried ?? {};
    if (!this.#topology || slot === undefined || over === undefined || over === null) return null;
    return refusal(this.#topology, slot, idsAt(this.#topology, slot, over))?.message ?? null;
  }

  /** @param takes away from a slot that holds many, instead of adding. */
  drop(takes = false): Dropped {
    const held = this.#carried;
    if (!this.#topology || held?.over === undefined || held.over === null) return 'nowhere';
    const ids = idsAt(this.#topology, held.slot, held.over);
    if (ids.length === 0) return 'nowhere';
    const why = this.why();
    if (why !== null) {
      this.#actions.refuse(why);
      return 'refused';
    }
    this.release();
    this.#actions.move(held.slot, takes && held.slot.many ? { take: ids } : { drop: ids });
    return 'dropped';
  }

  /** Back into the tray; of a slot that holds many, only what lies at `from`. */
  returnToTray(slot: Slot, from: number | null): void {
    this.release();
    this.#actions.move(slot, slot.many && from !== null ? { take: [from] } : { put: null });
  }

  release(): void {
    if (!this.#carried) return;
    this.#carried = null;
    this.#actions.carry(null, null);
  }
}
