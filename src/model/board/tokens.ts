/** The tokens of a board and the fields beside them: moving, taking back, and what each benchmark had when it was left. */

import { fitPlacement, move, NEW_HISTORY, push, refusal, undo } from '../placement/placement.ts';
import type { History } from '../placement/placement.ts';
import { PinboardError } from '../problem.ts';
import { samePlacement, slotNamed } from '../placement/slots.ts';
import type { Placed, Placement } from '../placement/slots.ts';
import { offerOf } from '../bench/index.ts';
import type { OfferKind, Workload } from '../bench/index.ts';
import type { BoardState } from './state.ts';

export class Tokens {
  readonly #state: BoardState;
  #moves = NEW_HISTORY;
  /** Of the benchmarks that are not chosen now. */
  readonly #others = new Map<OfferKind, { readonly moves: History; readonly workload: Workload }>();

  constructor(state: BoardState) {
    this.#state = state;
  }

  /** The benchmark that Run measures; its tokens are where they were when it was left. */
  choose(kind: OfferKind): void {
    const { workload: left, topology } = this.#state.board;
    if (kind === left.kind) return;
    this.#others.set(left.kind, { moves: this.#moves, workload: left });
    const { moves, workload } = this.#others.get(kind) ?? { moves: NEW_HISTORY, workload: offerOf({ kind }).workload };
    this.#others.delete(kind);
    // The machine may have become another one meanwhile.
    const now = topology ? fitPlacement(topology, offerOf(workload).bench.slots, moves.now) : moves.now;
    this.#set(samePlacement(now, moves.now) ? moves : { now, past: [] }, workload);
  }

  /** @throws PinboardError `usage`. */
  configure(workload: Workload): void {
    if (workload.kind !== this.#state.board.workload.kind) {
      throw new PinboardError('usage', 'These are settings of another benchmark.', 'Choose that benchmark first.');
    }
    this.#state.patch({ workload });
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
    this.#others.delete(workload.kind);
    const { slots } = offerOf(workload).bench;
    this.#set({ now: topology ? fitPlacement(topology, slots, placement) : placement, past: [] }, workload);
  }

  /** Another machine: earlier moves mean nothing on it. */
  forgetMoves(): void {
    this.#moves = { now: this.#state.board.placement, past: [] };
  }

  clear(): void {
    for (const [kind, { workload }] of this.#others) this.#others.set(kind, { moves: NEW_HISTORY, workload });
    this.#set(NEW_HISTORY);
  }

  #set(moves: History, workload = this.#state.board.workload): Placement {
    this.#moves = moves;
    this.#state.patch({ placement: moves.now, workload });
    return moves.now;
  }
}
