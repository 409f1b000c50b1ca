/** The time that a measurement may take. A host that stalls does not get longer, and what was measured until then is kept. */

export class Budget {
  readonly #ms: number;
  /** Aborted once the time is used up, or by whoever asked for the work. */
  readonly signal: AbortSignal;
  readonly #over = new AbortController();
  readonly #outer: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #start: number | null = null;

  /** @param ms null: no limit. @param signal ends the work earlier, as whoever asked for it wishes. */
  constructor(ms: number | null, signal?: AbortSignal) {
    this.#ms = ms ?? Infinity;
    this.#outer = signal;
    this.signal = signal ? AbortSignal.any([signal, this.#over.signal]) : this.#over.signal;
  }

  /** The time counts from the first call. */
  start(): this {
    if (this.#start !== null) return this;
    this.#start = performance.now();
    if (Number.isFinite(this.#ms)) this.#timer = setTimeout(() => this.#over.abort(), this.#ms);
    return this;
  }

  /** ms since the start; 0 before it. */
  get spentMs(): number {
    return this.#start === null ? 0 : performance.now() - this.#start;
  }

  get leftMs(): number {
    return this.#ms - this.spentMs;
  }

  /** Whether the time, and nobody before it, ended the work. */
  get usedUp(): boolean {
    return this.#over.signal.aborted && this.#outer?.aborted !== true;
  }

  /** Stops the clock. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
