/**
 * What is kept, as the view of runs shows it: read when somebody looks, and again when it changed. A run that goes on is stored all the
 * time, on the very machine it measures, perhaps: nothing is read until it has ended.
 */

import type { RunStore } from '../../remote/store/run-store.ts';
import type { Shelved } from './run-rows.ts';

export interface ShelfOf {
  readonly store: Pick<RunStore, 'all' | 'usage' | 'onChange'>;
  readonly recordings: () => Promise<Shelved['recordings']>;
  readonly isRunning: () => boolean;
  readonly onRead: (shelved: Shelved, bytes: number) => void;
  readonly onProblem: (error: unknown) => void;
}

export class Shelf {
  readonly #of: ShelfOf;
  readonly #stop: () => void;
  #reading: Promise<void> | null = null;
  /** Whether it changed since it was read, or while it is. */
  #stale = true;
  /** Whether somebody has looked. */
  #wanted = false;

  constructor(of: ShelfOf) {
    this.#of = of;
    this.#stop = of.store.onChange(() => this.changed());
  }

  /** Somebody looks: from now on it is kept as it is. */
  open(): void {
    this.#wanted = true;
    void this.settle();
  }

  changed(): void {
    this.#stale = true;
    void this.settle();
  }

  /** Reads what changed, where that is allowed now. Settles when nothing is to be read. */
  settle(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  dispose(): void {
    this.#wanted = false;
    this.#stop();
  }

  async #read(): Promise<void> {
    const { store, recordings, isRunning, onRead, onProblem } = this.#of;
    // Several changes of one act are read once.
    await Promise.resolve();
    while (this.#wanted && this.#stale && !isRunning()) {
      this.#stale = false;
      try {
        const [{ runs, unread, more }, made, { bytes }] = await Promise.all([store.all(), recordings(), store.usage()]);
        onRead({ runs, unread, more, recordings: made }, bytes);
      } catch (error) {
        onProblem(error);
      }
    }
  }
}
