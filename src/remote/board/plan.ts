/** The plan that a board shows: none until its file is opened. */

import type { BoardState } from '../../model/board/state.ts';
import { PinboardError } from '../../model/problem.ts';
import type { PlanAct } from '../../protocol/plan-act.ts';
import type { PlanDesk, PlanStore } from '../../protocol/plan-desk.ts';
import { BesideHost } from './beside.ts';
import type { BesideOf } from './beside.ts';

export class PlanOfBoard {
  readonly #state: BoardState;
  /** What runs, beside the plan. */
  readonly beside: BesideHost;
  #desk: PlanDesk | null = null;

  constructor(state: BoardState, of: BesideOf) {
    this.#state = state;
    this.beside = new BesideHost(state, of);
  }

  /** Has pages show a plan; who opens it tells what becomes of its file (`show`). */
  async open(file: string, store: PlanStore): Promise<PlanDesk> {
    const { PlanDesk } = await import('../../protocol/plan-desk.ts');
    return (this.#desk = new PlanDesk(this.#state, file, store));
  }

  /** @throws PinboardError `not-found` where none is open, else as its desk, or as `BesideHost.start`. */
  async do(asked: PlanAct): Promise<void> {
    if (!this.#desk)
      throw new PinboardError(
        'not-found',
        'No plan is open on this board.',
        'Open one: Open on Board in VS Code, or numa-pinboard serve --plan FILE',
      );
    if (asked.act !== 'compare') await this.#desk.do(asked);
    else if (asked.on) await this.beside.start();
    else this.beside.stop();
  }
}
