/** Owns work on many things that may take several frames: a share of it at once, the rest a share a frame. */

export class Slices<T> {
  readonly #size: number;
  readonly #work: (item: T) => void;
  #left: readonly T[] = [];
  #frame = 0;

  /** @param size items a frame. */
  constructor(size: number, work: (item: T) => void) {
    this.#size = size;
    this.#work = work;
  }

  /** What an earlier call left undone comes first: a stream of calls leaves nothing waiting for ever. */
  add(items: readonly T[]): void {
    const waiting = new Set(this.#left);
    this.#left = waiting.size === 0 ? items : [...this.#left, ...items.filter((item) => !waiting.has(item))];
    if (this.#frame === 0) this.#next();
  }

  /** Leaves what is waiting undone. */
  clear(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#left = [];
  }

  #next(): void {
    this.#frame = 0;
    const now = this.#left.slice(0, this.#size);
    this.#left = this.#left.slice(this.#size);
    for (const item of now) this.#work(item);
    if (this.#left.length > 0) this.#frame = requestAnimationFrame(() => this.#next());
  }
}
