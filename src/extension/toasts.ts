/** Problems as toasts: one at a time, each with the next step on it. What came meanwhile waits, and only the newest of it. */

export interface Step {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

export interface Toast {
  readonly words: string;
  readonly steps: readonly Step[];
}

/** Settles with the title that was chosen, or undefined when the toast was closed. */
export type ShowToast = (words: string, titles: readonly string[]) => PromiseLike<string | undefined>;

export class Toasts {
  readonly #show: ShowToast;
  readonly #act: (step: Step) => void;
  #open: Toast | null = null;
  #waiting: Toast | null = null;

  constructor(show: ShowToast, act: (step: Step) => void) {
    this.#show = show;
    this.#act = act;
  }

  offer(toast: Toast): void {
    if (this.#open) {
      this.#waiting = toast.words === this.#open.words ? null : toast;
      return;
    }
    this.#open = toast;
    const close = (title?: string): void => {
      this.#open = null;
      const step = toast.steps.find((one) => one.title === title);
      const next = this.#waiting;
      this.#waiting = null;
      if (step) this.#act(step);
      if (next) this.offer(next);
    };
    const titles = toast.steps.map(({ title }) => title);
    this.#show(toast.words, titles).then(close, () => close());
  }

  /** What waits is seen elsewhere by now, or does not hold any more. */
  forget(): void {
    this.#waiting = null;
  }
}
