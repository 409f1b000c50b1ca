/** Owns what is carried. Pointer and keys end in the same moves here: over something, dropped, refused, let go. */

import { refusal } from '../../model/placement/placement.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Slot } from '../../model/placement/slots.ts';
import type { MachineActions } from './view.ts';

export interface Carried {
  readonly slot: Slot;
  readonly over: number | null;
}

export type Dropped = 'dropped' | 'refused' | 'nowhere';

export class Carry {
  readonly #actions: MachineActions;
  #topology: Topology | null = null;
  #carried: Carried | null = null;

  constructor(actions: MachineActions) {
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

  pick(slot: Slot, over: number | null): void {
    this.#carried = { slot, over };
    this.#actions.carry(slot, over);
  }

  move(over: number | null): void {
    if (!this.#carried || this.#carried.over === over) return;
    this.pick(this.#carried.slot, over);
  }

  why(): string | null {
    const { slot, over } = this.#carried ?? {};
    if (!this.#topology || slot === undefined || over === undefined || over === null) return null;
    return refusal(this.#topology, slot, [over])?.message ?? null;
  }

  drop(): Dropped {
    const held = this.#carried;
    if (held?.over === undefined || held.over === null) return 'nowhere';
    const why = this.why();
    if (why !== null) {
      this.#actions.refuse(held.slot, held.over, why);
      return 'refused';
    }
    this.release();
    this.#actions.move(held.slot, { drop: [held.over] });
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
