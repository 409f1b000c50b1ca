/**
 * What is known of a host as it lives: the last sample, which CPUs are busy; nothing of it while nobody looks. And what was sampled
 * of it lately, which stays: it says when it was.
 */

import { loadAfter, NO_LOAD } from '../../model/live/busy-cpus.ts';
import { marked } from '../../model/live/marks.ts';
import { chunkBefore } from '../../model/live/past/chunk.ts';
import { Past } from '../../model/live/past/past.ts';
import type { Place } from '../../model/live/past/past.ts';
import type { Mark } from '../../model/live/recording.ts';
import type { Sample } from '../../model/live/sample.ts';
import type { Returned } from '../../protocol/messages.ts';
import type { Host } from '../host.ts';
import type { BoardState } from './state.ts';

/** For pages that open later: an hour of 256 CPUs, once a second. */
const PAST_BYTES = 8 << 20;

/** A sample, and where it lies on the time axis. */
export interface PlacedSample extends Place {
  readonly sample: Sample;
}

export class Live {
  readonly #state: BoardState;
  readonly #past = new Past(PAST_BYTES);
  /** Whose past it is. */
  #host: string | null = null;
  #last: PlacedSample | null = null;
  #load = NO_LOAD;

  constructor(state: BoardState) {
    this.#state = state;
  }

  get last(): PlacedSample | null {
    return this.#last;
  }

  /** What follows is of this host; the past of another one is forgotten, that of one that was lost is not. */
  of(host: Host | null): void {
    if (!host) return;
    const name = `${host.transport.kind} ${host.transport.name}`;
    if (name !== this.#host) {
      this.#past.clear();
      this.#state.patch({ marks: [] });
    }
    this.#host = name;
  }

  take(sample: Sample): PlacedSample {
    const place = this.#past.placeOf(sample);
    this.#past.take(sample, place);
    this.#last = { sample, ...place };
    // What is measured keeps its own CPUs busy.
    if (!this.#state.board.running) {
      this.#load = loadAfter(this.#load, sample);
      this.#state.patch({ busy: this.#load.busy });
    }
    return this.#last;
  }

  /** Marks when something was found. */
  mark(mark: Mark): void {
    this.#state.patch({ marks: marked(this.#state.board.marks, mark) });
  }

  piece(before: number | null): Returned<'past'> {
    // The schema's types are the model's without `readonly`; what is sent is never changed on this side.
    return chunkBefore(this.#past, before) as unknown as Returned<'past'>;
  }

  /** The past stays: it says when it was. */
  forget(): void {
    this.#last = null;
    this.#load = NO_LOAD;
    this.#state.patch({ busy: [] });
  }
}
