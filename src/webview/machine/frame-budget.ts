/** Owns work on many things that may take several frames: a share of it a frame, from the next one on. */

export class FrameBudget<T> {
  readonly #size: number;
  readonly #work: (item: T) => number;
  #left: readonly T[] = [];
  #frame = 0;

  /** @param work returns what it took, of which a frame has room for `size`. */
  constructor(size: number, work: (item: T) => number) {
    this.#size = size;
    this.#work = work;
  }

  /** What an earlier call left undone comes first: a stream of calls leaves nothing waiting for ever. */
  add(items: readonly T[]): void {
    const waiting = new Set(this.#left);
    this.#left = waiting.size === 0 ? items : [...this.#left, ...items.filter((item) => !waiting.has(item))];
    if (this.#frame === 0) this.#wait();
  }

  /** Leaves what is waiting undone. */
  clear(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#left = [];
  }

  #next(): void {
    this.#frame = 0;
    let [done, taken] = [0, 0];
    for (const item of this.#left) {
      if (taken >= this.#size) break;
      taken += this.#work(item);
      done++;
    }
    this.#left = this.#left.slice(done);
    if (this.#left.length > 0) this.#wait();
  }

  #wait(): void {
    this.#frame = requestAnimationFrame(() => this.#next());
  }
}
