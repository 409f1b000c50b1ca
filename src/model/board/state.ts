/** The one truth about a board, and who is told when it changes. */

import { NOTHING_HELD } from '../live/live-group.ts';
import type { Board } from './board.ts';
import { offerOf } from '../bench/index.ts';
import { EMPTY_PLACEMENT } from '../placement/slots.ts';
import type { Slot } from '../placement/slots.ts';

/** Whole values of what changed. */
export type BoardChange = Partial<Board>;
type Listener = (change: BoardChange, before: Board) => void;

/** Also two lists of the very same things. */
function isSame(one: unknown, two: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(two)) return one === two;
  return one.length === two.length && one.every((entry, at) => entry === two[at]);
}

export class BoardState {
  #board: Board;
  readonly #listeners = new Set<Listener>();

  /** @param since when it began (ISO). */
  constructor(samplingMs: number, since: string) {
    this.#board = {
      host: null,
      hosts: [],
      hostsFrom: '~/.ssh/config',
      connection: { state: 'none', step: null, problem: null, next: null, since },
      topology: null,
      measuring: null,
      placement: EMPTY_PLACEMENT,
      workload: offerOf({ kind: 'spsc' }).workload,
      baseline: null,
      runs: [],
      kept: null,
      costs: [],
      running: null,
      marks: [],
      recording: null,
      samplingMs,
      following: null,
      held: NOTHING_HELD,
      asked: null,
      question: null,
      busy: [],
      reserved: null,
      checkup: null,
      program: null,
      plan: null,
      beside: null,
    };
  }

  /** What the chosen benchmark places. */
  get slots(): readonly Slot[] {
    return offerOf(this.#board.workload).bench.slots;
  }

  /** Never changed in place: a board once read stays as it was. */
  get board(): Board {
    return this.#board;
  }

  /** What is the same already is told to nobody. */
  patch(change: BoardChange): void {
    const keys = Object.keys(change) as (keyof Board)[];
    const news = keys.filter((key) => !isSame(change[key], this.#board[key]));
    if (news.length === 0) return;
    const told = Object.fromEntries(news.map((key) => [key, change[key]])) as BoardChange;
    const before = this.#board;
    this.#board = { ...before, ...told };
    for (const listener of [...this.#listeners]) listener(told, before);
  }

  /** @returns what stops it. */
  onPatch(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
