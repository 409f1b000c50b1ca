/** The plan that a board shows: none until its file is opened. */

import type { BoardState } from '../../model/board/state.ts';
import { PinboardError } from '../../model/problem.ts';
import type { PlanDesk, PlanStore } from '../../protocol/plan-desk.ts';

export class PlanOfBoard {
  readonly #state: BoardState;
  #desk: PlanDesk | null = null;

  constructor(state: BoardState) {
    this.#state = state;
  }

  /** Has pages show a plan; who opens it tells what becomes of its file (`show`). */
  async open(file: string, store: PlanStore): Promise<PlanDesk> {
    const { PlanDesk } = await import('../../protocol/plan-desk.ts');
    return (this.#desk = new PlanDesk(this.#state, file, store));
  }

  /** @throws PinboardError `not-found` where none is open, else as its desk. */
  do(...asked: Parameters<PlanDesk['do']>): Promise<void> {
    if (this.#desk) return this.#desk.do(...asked);
    throw new PinboardError(
      'not-found',
      'No plan is open on this board.',
      'Open one: Open on Board in VS Code, or numa-pinboard serve --plan FILE',
    );
  }
}
