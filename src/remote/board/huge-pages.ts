/** Huge pages on a board. What is done about them (`huge-pages-work.ts`) is loaded with the first question about them. */

import type { Host } from '../host.ts';
import type { HugePagesOptions, HugePagesWork } from './huge-pages-work.ts';
import type { BoardState } from '../../model/board/state.ts';

export class HugePagesOfBoard {
  readonly #state: BoardState;
  readonly #options: HugePagesOptions;

  constructor(state: BoardState, options: HugePagesOptions) {
    this.#state = state;
    this.#options = options;
  }

  async #work(): Promise<HugePagesWork> {
    const { HugePagesWork } = await import('./huge-pages-work.ts');
    return new HugePagesWork(this.#state, this.#options);
  }

  async plan(...asked: Parameters<HugePagesWork['plan']>): ReturnType<HugePagesWork['plan']> {
    return (await this.#work()).plan(...asked);
  }

  async reserve(...asked: Parameters<HugePagesWork['reserve']>): ReturnType<HugePagesWork['reserve']> {
    return (await this.#work()).reserve(...asked);
  }

  async undo(...asked: Parameters<HugePagesWork['undo']>): ReturnType<HugePagesWork['undo']> {
    return (await this.#work()).undo(...asked);
  }

  /** Tells the board what of earlier changes can be put back, where `isShown` still holds then. @throws as `readHugePages`, where it does. */
  async look(host: Host, isShown: () => boolean): Promise<void> {
    if (host.transport.kind === 'recorded' || (await this.#options.journal.isEmpty())) return;
    try {
      const reserved = await (await this.#work()).look(host);
      if (isShown()) this.#state.patch({ reserved });
    } catch (error) {
      if (isShown()) throw error;
    }
  }
}
