/** What is known of a host as it lives: the last sample, which CPUs are busy, the history; nothing of it while nobody looks. */

import { loadAfter, NO_LOAD } from '../../model/live/busy-cpus.ts';
import { lengthen } from '../../model/live/history.ts';
import type { Sample } from '../../model/live/sample.ts';
import type { BoardState } from './state.ts';

export class Live {
  readonly #state: BoardState;
  #last: Sample | null = null;
  #load = NO_LOAD;

  constructor(state: BoardState) {
    this.#state = state;
  }

  get last(): Sample | null {
    return this.#last;
  }

  take(sample: Sample): void {
    const { topology, history, running } = this.#state.board;
    this.#last = sample;
    if (topology) this.#state.keepHistory(lengthen(history, topology, sample));
    // What is measured keeps its own CPUs busy.
    if (running) return;
    this.#load = loadAfter(this.#load, sample);
    this.#state.patch({ busy: this.#load.busy });
  }

  /** The history stays: it says when it was. */
  forget(): void {
    this.#last = null;
    this.#load = NO_LOAD;
    this.#state.patch({ busy: [] });
  }
}
