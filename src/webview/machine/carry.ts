/** Owns what is carried. Pointer and keys end in the same moves here: over something, dropped, refused, let go. */

import { refusal } from '../../model/placement/placement.ts';
import type { Topology } from '../../model/topology/topology.ts';
import type { Token } from '../../model/cases/spsc.ts';
import type { MachineActions } from './view.ts';

export interface Carried {
  readonly role: Token;
  readonly over: number | null;
}

export type Dropped = 'dropped' | 'refused' | 'nowhere';

export class Hand {
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

  take(role: Token, over: number | null): void {
    this.#carried = { role, over };
    this.#actions.carry(role, over);
  }

  move(over: number | null): void {
    if (!this.#carried || this.#carried.over === over) return;
    this.take(this.#carried.role, over);
  }

  why(): string | null {
    const { role, over } = this.#carried ?? {};
    if (!this.#topology || role === undefined || over === undefined || over === null) return null;
    return refusal(this.#topology, role, over)?.message ?? null;
  }

  drop(): Dropped {
    const held = this.#carried;
    if (held?.over === undefined || held.over === null) return 'nowhere';
    const why = this.why();
    if (why !== null) {
      this.#actions.refuse(held.role, held.over, why);
      return 'refused';
    }
    this.letGo();
    this.#actions.drop(held.role, held.over);
    return 'dropped';
  }

  /** Back into the tray. */
  takeAway(role: Token): void {
    this.letGo();
    this.#actions.drop(role, null);
  }

  letGo(): void {
    if (!this.#carried) return;
    this.#carried = null;
    this.#actions.carry(null, null);
  }
}
