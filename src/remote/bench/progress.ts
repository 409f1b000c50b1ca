/** What a run says about itself while it goes on. */

import type { Running } from '../../model/board/board.ts';
import type { Repetition } from '../../protocol/agent.ts';

export class Progress {
  readonly #tell: (running: Running) => void;
  #running: Running;
  /** Repetitions that came, also those without a figure. */
  #taken = 0;

  /** @param labels one a case, in the order they are measured. */
  constructor(
    { labels, ...asked }: Pick<Running, 'question' | 'labels' | 'rounds' | 'metrics'>,
    tell?: (running: Running) => void,
  ) {
    this.#tell = tell ?? (() => undefined);
    this.#running = {
      ...asked,
      startedAt: new Date().toISOString(),
      round: 0,
      share: 0,
      labels,
      points: labels.map(() => []),
      at: 'placed',
      step: 'Starting the agent',
    };
  }

  start(): void {
    this.#tell(this.#running);
  }

  /** The agent is there and begins. */
  ready(): void {
    this.#set({ round: 1, step: this.#measuring(0) });
  }

  /** Rounds are the outer loop, cases the inner one: what comes next follows from what came. */
  add(repetition: Repetition): void {
    const { labels, rounds } = this.#running;
    const last = repetition.case === labels.length - 1;
    const round = Math.min(rounds, repetition.round + (last ? 2 : 1));
    const finished = last && repetition.round === rounds - 1;
    const { value } = repetition;
    const points = this.#running.points.map((own, index) =>
      index === repetition.case && value !== null ? [...own, value] : own,
    );
    this.#taken++;
    this.#set({
      round,
      points,
      share: Math.min(1, this.#taken / Math.max(1, rounds * labels.length)),
      step: finished ? 'Preparing the results' : this.#measuring(last ? 0 : repetition.case + 1),
    });
  }

  #measuring(index: number): string {
    return `Measuring ${this.#running.labels[index] ?? ''}`.trimEnd();
  }

  #set(change: Partial<Running>): void {
    this.#running = { ...this.#running, ...change };
    this.#tell(this.#running);
  }
}
