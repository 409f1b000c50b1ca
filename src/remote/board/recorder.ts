/** Owns the recording that a board takes of its host: begun and ended by a person, or ended by the loss of the host. */

import type { Mark } from '../../model/live/recording.ts';
import type { Sample } from '../../model/live/sample.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Host } from '../host.ts';
import { RecordingWriter } from '../recording/writer.ts';
import type { BoardState } from '../../model/board/state.ts';

/** Where to write; null: a person declined. @param host name of the host, for the name of the file. */
export type RecordTo = (host: string) => Promise<string | null>;

export interface Recorded {
  readonly path: string;
  readonly samples: number;
}

interface Going {
  readonly writer: RecordingWriter;
  readonly host: Host;
}

export interface RecorderEvents {
  /** The one that is connected. @throws PinboardError `not-connected`. */
  host(): Host;
  /** It begins, or has ended. */
  onChange(): void;
  onProblem(problem: PinboardError): void;
}

export class Recorder {
  readonly #state: BoardState;
  readonly #recordTo: RecordTo | undefined;
  readonly #events: RecorderEvents;
  #going: Going | null = null;
  /** A person is asked where to write. */
  #asking = false;

  constructor(state: BoardState, recordTo: RecordTo | undefined, events: RecorderEvents) {
    this.#state = state;
    this.#recordTo = recordTo;
    this.#events = events;
  }

  /** The host that is recorded. */
  get host(): Host | null {
    return this.#going?.host ?? null;
  }

  /** @returns the path; null: a person declined. @throws PinboardError also where nothing can be written. */
  async start(signal?: AbortSignal): Promise<string | null> {
    const host = this.#events.host();
    if (this.#going || this.#asking) throw new PinboardError('busy', 'A recording is being made.', 'Stop it first.');
    if (!this.#recordTo) throw new PinboardError('unsupported', 'Nothing is recorded from here.');
    this.#asking = true;
    try {
      const path = await this.#recordTo(host.transport.name);
      if (path === null) return null;
      const { topology, environment } = await host.discover(signal);
      const { samplingMs, marks } = this.#state.board;
      const head = { host: host.transport.name, topology, environment, intervalMs: samplingMs };
      const writer = await RecordingWriter.create(path, head, { onProblem: (problem) => this.#failed(problem) });
      for (const mark of marks) writer.mark(mark);
      this.#set({ writer, host });
      return path;
    } finally {
      this.#asking = false;
    }
  }

  take(sample: Sample): void {
    this.#going?.writer.append(sample);
  }

  mark(mark: Mark): void {
    this.#going?.writer.mark(mark);
  }

  /** Null where none is made. @param cutOff why it ends before anybody ended it. */
  async stop(cutOff: string | null = null): Promise<Recorded | null> {
    const writer = this.#going?.writer;
    if (!writer) return null;
    this.#set(null);
    const { path, samples } = writer;
    await writer.close(cutOff);
    return { path, samples };
  }

  #set(going: Going | null): void {
    this.#going = going;
    this.#state.patch({ recording: going && { path: going.writer.path, since: new Date().toISOString() } });
    this.#events.onChange();
  }

  #failed(problem: PinboardError): void {
    this.#set(null);
    this.#events.onProblem(problem);
  }
}
