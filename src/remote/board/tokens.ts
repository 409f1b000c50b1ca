/** The tokens of a board and the fields beside them: moving, taking back, putting back what was there before. */

import { fitPlacement, move, NEW_HISTORY, push, refusal, undo } from '../../model/placement/placement.ts';
import type { History } from '../../model/placement/placement.ts';
import { PinboardError } from '../../model/problem.ts';
import { slotNamed } from '../../model/placement/slots.ts';
import type { Placed, Placement } from '../../model/placement/slots.ts';
import type { Workload } from '../../model/bench/spsc/workload.ts';
import type { BoardState } from './state.ts';

export class Tokens {
  readonly #state: BoardState;
  #moves = NEW_HISTORY;

  constructor(state: BoardState) {
    this.#state = state;
  }

  /** @throws PinboardError when the benchmark places no such token, or it cannot go there. Null puts it back into the tray. */
  place(name: string, on: Placed | null): Placement {
    const { topology, placement } = this.#state.board;
    const slot = slotNamed(this.#state.slots, name);
    if (!slot || (on !== null && 'of' in on && !slotNamed(this.#state.slots, on.of))) {
      const names = this.#state.slots.map((one) => one.name).join(', ');
      throw new PinboardError('usage', 'There is no such token.', `The tokens here are ${names}.`);
    }
    if (on !== null && !('of' in on)) {
      if (!topology) throw new PinboardError('not-connected', 'No host is connected.', 'Connect to a host first.');
      const refused = refusal(topology, slot, on);
      if (refused) throw new PinboardError(refused.code, refused.message, refused.hint);
    }
    return this.#set(push(this.#moves, move(placement, slot, { put: on })));
  }

  undo(): Placement {
    return this.#set(undo(this.#moves));
  }

  /** As far as this machine has these places; there is nothing to undo afterwards. */
  restore(placement: Placement, workload: Workload): void {
    const { topology } = this.#state.board;
    this.#state.patch({ workload });
    this.#set({ now: topology ? fitPlacement(topology, this.#state.slots, placement) : placement, past: [] });
  }

  /** Another machine: earlier moves mean nothing on it. */
  forgetMoves(): void {
    this.#moves = { now: this.#state.board.placement, past: [] };
  }

  clear(): void {
    this.#set(NEW_HISTORY);
  }

  #set(moves: History): Placement {
    this.#moves = moves;
    this.#state.patch({ placement: moves.now });
    return moves.now;
  }
}
