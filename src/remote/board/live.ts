/**
 * What is known of a host as it lives: the last sample, which CPUs are busy; nothing of it while nobody looks. And what was sampled
 * of it lately, which stays: it says when it was.
 */

import { loadAfter, NO_LOAD } from '../../model/live/busy-cpus.ts';
import { marked } from '../../model/live/marks.ts';
import { Past } from '../../model/live/past/past.ts';
import type { PlacedSample } from '../../model/live/past/past.ts';
import { marksOf, pastOf } from '../../model/live/past/recorded.ts';
import type { Mark } from '../../model/live/recording.ts';
import type { Sample } from '../../model/live/sample.ts';
import type { Run } from '../../model/run/run.ts';
import { pieceBefore } from '../../protocol/past.ts';
import type { Piece } from '../../protocol/past.ts';
import type { Host } from '../host.ts';
import type { Recorder } from './recorder.ts';
import type { BoardState } from '../../model/board/state.ts';

/** For pages that open later: an hour of 256 CPUs, once a second. */
const PAST_BYTES = 8 << 20;

export class Live {
  readonly #state: BoardState;
  readonly #recorder: Recorder;
  #past = new Past(PAST_BYTES);
  /** Whose past it is. */
  #host: string | null = null;
  #last: PlacedSample | null = null;
  #load = NO_LOAD;

  constructor(state: BoardState, recorder: Recorder) {
    this.#state = state;
    this.#recorder = recorder;
  }

  get last(): PlacedSample | null {
    return this.#last;
  }

  /** What follows is of this host; the past of another one is forgotten, that of one that was lost is not. */
  of(host: Host | null): void {
    if (this.#recorder.host !== host) void this.#recorder.stop('The connection to the host ended.');
    if (!host) return;
    const name = `${host.transport.kind} ${host.transport.name}`;
    const { recording } = host;
    if (name !== this.#host || recording) {
      this.#past = recording ? pastOf(recording) : new Past(PAST_BYTES);
      this.#state.patch({ marks: recording ? marksOf(recording) : [] });
    }
    this.#host = name;
  }

  take(sample: Sample): PlacedSample {
    this.#recorder.take(sample);
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

  /** A run stands on every page's time axis by itself; in a recording it is marked. */
  ran({ time, seconds, verdict }: Run): void {
    const until = new Date(Date.parse(time) + seconds * 1000).toISOString();
    this.#recorder.mark({ time, until, kind: 'run', words: verdict?.sentence ?? 'Run' });
  }

  /** Marks when something was found. */
  mark(mark: Mark): void {
    this.#recorder.mark(mark);
    this.#state.patch({ marks: marked(this.#state.board.marks, mark) });
  }

  piece(before: number | null): Piece {
    return pieceBefore(this.#past, before);
  }

  /** The past stays: it says when it was. */
  forget(): void {
    this.#last = null;
    this.#load = NO_LOAD;
    this.#state.patch({ busy: [] });
  }
}
