/** What a matrix says of itself while it goes on: which pair is measured, and the figures of the last ones by what they share. */

import type { Running } from '../../model/board/board.ts';
import type { Pair } from '../../model/cases/matrix.ts';
import { NEAR_TO_FAR, relate } from '../../model/topology/relation.ts';
import type { Topology } from '../../model/topology/topology.ts';

/** Of each kind of pair so many figures are told; a batch takes hundreds a second, told so often. */
const KEPT = 40;
const TOLD_MS = 100;

interface Asked {
  readonly topology: Topology;
  readonly question: string;
  readonly metric: string;
}

interface Kind {
  readonly words: string;
  /** Nearer kinds first. */
  readonly rank: number;
  readonly values: number[];
}

export class MatrixProgress {
  readonly #tell: (running: Running) => void;
  readonly #asked: Asked;
  readonly #startedAt = new Date().toISOString();
  readonly #kinds = new Map<string, Kind>();
  #share = 0;
  #step = '';
  #at: Pair | null = null;
  #toldAt = -Infinity;

  constructor(tell: ((running: Running) => void) | undefined, asked: Asked) {
    this.#tell = tell ?? (() => undefined);
    this.#asked = asked;
  }

  tell(share: number, step: string): void {
    this.#share = Math.min(1, Math.max(0, share));
    this.#step = step;
    this.#send();
  }

  /** The agent is there, and begins with this pair. */
  begin(pair: Pair | null): void {
    this.#at = pair;
    this.#send();
  }

  /** @param next what is measured now. */
  land(pair: Pair, value: number | null, next: Pair | null): void {
    this.#at = next;
    if (value !== null) {
      const { values } = this.#kindOf(pair);
      values.push(value);
      if (values.length > KEPT) values.shift();
    }
    if (performance.now() - this.#toldAt >= TOLD_MS) this.#send();
  }

  #kindOf([a, b]: Pair): Kind {
    const { kind, distance, words } = relate(this.#asked.topology, a, b);
    const known = this.#kinds.get(words) ?? {
      words,
      rank: NEAR_TO_FAR.indexOf(kind) * 1000 + (distance ?? 0),
      values: [],
    };
    this.#kinds.set(words, known);
    return known;
  }

  #send(): void {
    this.#toldAt = performance.now();
    const kinds = [...this.#kinds.values()].sort((a, b) => a.rank - b.rank);
    this.#tell({
      startedAt: this.#startedAt,
      question: this.#asked.question,
      round: 0,
      rounds: 0,
      share: this.#share,
      labels: kinds.map(({ words }) => words),
      points: kinds.map(({ values }) => [...values]),
      metrics: kinds.map(() => this.#asked.metric),
      at: this.#at,
      step: this.#step,
    });
  }
}
