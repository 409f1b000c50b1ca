/** The tokens of a board and the fields beside them: moving, taking back, putting back what was there before. */

import { fitPlacement, move, NEW_HISTORY, push, refusal, undo } from '../../model/placement/placement.ts';
import type { History } from '../../model/placement/placement.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Placement, Role } from '../../model/cases/spsc.ts';
import type { Workload } from '../../model/bench/spsc/workload.ts';
import type { BoardState } from './state.ts';

export class Tokens {
  readonly #state: BoardState;
  #moves = NEW_HISTORY;

  constructor(state: BoardState) {
    this.#state = state;
  }

  /** @throws PinboardError when the token cannot go there. Null puts it back into the tray. */
  place(role: Role, target: number | null): Placement {
    const { topology, placement } = this.#state.board;
    if (target !== null) {
      if (!topology) throw new PinboardError('not-connected', 'No host is connected.', 'Connect to a host first.');
      const refused = refusal(topology, role, target);
      if (refused) throw new PinboardError(refused.code, refused.message, refused.hint);
    }
    return this.#set(push(this.#moves, move(placement, role, target)));
  }

  undo(): Placement {
    return this.#set(undo(this.#moves));
  }

  /** As far as this machine has these places; there is nothing to undo afterwards. */
  restore(placement: Placement, workload: Workload): void {
    const { topology } = this.#state.board;
    this.#state.patch({ workload });
    this.#set({ now: topology ? fitPlacement(topology, placement) : placement, past: [] });
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
