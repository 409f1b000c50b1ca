/** A run stored while it goes on: always the newest state, one write at a time, and never so often that it disturbs the run. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../model/run/run.ts';

/** Building and writing take at most one part in so many of the time: they may share the machine that is measured. */
const SHARE = 20;
const LONGEST_REST_MS = 5000;

export class Checkpoints {
  readonly #write: ((run: Run) => Promise<void>) | null;
  #next: (() => Run) | null = null;
  #last: Run | null = null;
  #writing: Promise<void> | null = null;
  readonly #over = new AbortController();

  /** @param write stores one, and says itself where it could not; null: nothing is stored. */
  constructor(write: ((run: Run) => Promise<void>) | null) {
    this.#write = write;
  }

  /** @param build called only where what it builds is written. */
  offer(build: () => Run): void {
    if (!this.#write || this.#over.signal.aborted) return;
    this.#next = build;
    this.#writing ??= this.#work(this.#write).finally(() => (this.#writing = null));
  }

  /** Nothing is written any more. @returns what was written last. */
  async end(): Promise<Run | null> {
    this.#over.abort();
    await this.#writing;
    return this.#last;
  }

  async #work(write: (run: Run) => Promise<void>): Promise<void> {
    const { signal } = this.#over;
    while (this.#next && !signal.aborted) {
      const begun = performance.now();
      const build = this.#next;
      this.#next = null;
      try {
        const run = build();
        await write(run);
        this.#last = run;
      } catch {
        // The run itself goes on, and is stored when it ends.
      }
      const rest = Math.min(LONGEST_REST_MS, (performance.now() - begun) * (SHARE - 1));
      await sleep(rest, undefined, { signal }).catch(() => undefined);
    }
  }
}
