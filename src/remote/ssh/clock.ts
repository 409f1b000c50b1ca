/** A deadline for one phase of connecting, which stands still while a person is asked. */

export class Clock {
  readonly #late: () => void;
  #timer: NodeJS.Timeout | undefined;
  #ms = 0;
  #asking = 0;

  constructor(late: () => void) {
    this.#late = late;
  }

  /** Begins a phase, or the same one anew. */
  start(ms: number): void {
    this.#ms = ms;
    clearTimeout(this.#timer);
    if (ms > 0 && this.#asking === 0) this.#timer = setTimeout(this.#late, ms);
  }

  stop(): void {
    this.start(0);
  }

  /** Time that `work` takes does not count. */
  async without<T>(work: () => Promise<T>): Promise<T> {
    this.#asking++;
    clearTimeout(this.#timer);
    try {
      return await work();
    } finally {
      this.#asking--;
      this.start(this.#ms);
    }
  }
}
