/**
 * Writes a recording while it is taken. Whatever happens to the program, what was written a few seconds ago can be read again: gzip is
 * flushed that often. It never holds up who records: a disk that is slow costs samples, one that is full ends the recording.
 */

import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { WriteStream } from 'node:fs';
import { constants, createGzip } from 'node:zlib';
import type { Gzip } from 'node:zlib';
import { pack } from '../../model/live/packed.ts';
import { RECORDING_SCHEMA } from '../../model/live/recording.ts';
import type { Mark, RecordingHead } from '../../model/live/recording.ts';
import type { Sample } from '../../model/live/sample.ts';
import { PinboardError } from '../../model/problem.ts';
import { plural } from '../../model/text/format.ts';
import { visibleJson } from '../../model/text/visible.ts';
import { cannotWrite } from '../store/files.ts';
import { errorCode } from '../system-error.ts';
import { MAX_FILE_BYTES, MAX_LINES, MAX_MARKS, MAX_UNPACKED_BYTES } from '../../protocol/recording-limits.ts';

/** At most so much is lost to a crash. A flush costs about 100 bytes. */
const FLUSH_MS = 5000;
/** Waiting to be written; beyond it samples are left out. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

export interface WriterOptions {
  /** Told once, when nothing more can be recorded: what is in the file stays. */
  readonly onProblem: (problem: PinboardError) => void;
  readonly limits?: { readonly fileBytes: number; readonly waitingBytes: number };
}

const LIMITS = { fileBytes: MAX_FILE_BYTES, waitingBytes: MAX_WAITING_BYTES };

export class RecordingWriter {
  readonly path: string;
  readonly #gzip: Gzip;
  readonly #out: WriteStream;
  readonly #options: WriterOptions;
  readonly #limits: typeof LIMITS;
  #lines = 0;
  #marks = 0;
  #samples = 0;
  /** Samples left out since the last one that was taken. */
  #missing = 0;
  #lastTime: string;
  /** Time of the sample that was flushed last (ms). */
  #flushed = -Infinity;
  #ended: Promise<void> | null = null;

  private constructor(path: string, file: FileHandle, options: WriterOptions) {
    this.path = path;
    this.#options = options;
    this.#limits = options.limits ?? LIMITS;
    this.#lastTime = new Date().toISOString();
    this.#gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
    this.#out = file.createWriteStream({ flush: true });
    this.#out.on('error', (error) => this.#fail(error));
    this.#gzip.on('error', (error) => this.#fail(error));
    this.#gzip.pipe(this.#out);
  }

  /** Begins a new file. @throws PinboardError when it cannot be made, or is there. */
  static async create(path: string, head: RecordingHead, options: WriterOptions): Promise<RecordingWriter> {
    const file = await open(path, 'wx').catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw cannotWrite(path, error);
      throw new PinboardError('unsupported', `${path} exists already.`, 'Choose another name, or remove it.');
    });
    const writer = new RecordingWriter(path, file, options);
    const { host, topology, environment, intervalMs } = head;
    writer.#line({ schema: RECORDING_SCHEMA, host, topology, environment, intervalMs });
    return writer;
  }

  get samples(): number {
    return this.#samples;
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  /** In the file by now. */
  get bytes(): number {
    return this.#out.bytesWritten;
  }

  /** Nothing happens where it has ended. */
  append(sample: Sample): void {
    if (this.#ended) return;
    if (this.#gzip.writableLength > this.#limits.waitingBytes) {
      this.#missing++;
      return;
    }
    if (this.#missing > 0) {
      const words = `The disk was too slow: ${plural(this.#missing, 'sample')} could not be written.`;
      this.mark({ time: this.#lastTime, until: sample.time, kind: 'note', words });
      this.#missing = 0;
    }
    this.#lastTime = sample.time;
    this.#samples++;
    this.#line({ sample: pack(sample) });
    this.#flushNowAndThen(Date.parse(sample.time));
    this.#keepWithinLimits();
  }

  #flushNowAndThen(time: number): void {
    // Also where the clock was set back.
    if (time >= this.#flushed && time < this.#flushed + FLUSH_MS) return;
    this.#flushed = time;
    this.#gzip.flush(constants.Z_SYNC_FLUSH);
  }

  /** The same mark again, with its end, takes the place of the first. */
  mark(mark: Mark): void {
    if (this.#ended || ++this.#marks > MAX_MARKS) return;
    this.#line({ mark });
  }

  /**
   * Settles when the file is complete and on the disk; nothing is thrown, what fails is told to `onProblem`.
   * @param cutOff why it ends before anybody ended it.
   */
  close(cutOff: string | null = null): Promise<void> {
    return (this.#ended ??= this.#end(cutOff));
  }

  async #end(cutOff: string | null): Promise<void> {
    this.#line({ end: { time: this.#lastTime, cutOff } });
    this.#gzip.end();
    try {
      await once(this.#out, 'close');
    } catch (error) {
      this.#tell(error);
    }
  }

  #line(value: unknown): void {
    this.#lines++;
    this.#gzip.write(`${visibleJson(value)}\n`);
  }

  #keepWithinLimits(): void {
    const { fileBytes } = this.#limits;
    const reached =
      this.#out.bytesWritten > fileBytes
        ? `${fileBytes >> 20} MB`
        : this.#gzip.bytesWritten > MAX_UNPACKED_BYTES - MAX_WAITING_BYTES
          ? `${MAX_UNPACKED_BYTES >> 20} MB unpacked`
          : this.#lines > MAX_LINES - 2 * MAX_MARKS
            ? plural(this.#samples, 'sample')
            : null;
    if (reached === null) return;
    const words = `It reached the size that can be opened again (${reached}).`;
    void this.close(words);
    this.#options.onProblem(new PinboardError('unsupported', `${this.path}: ${words}`, 'Begin another recording.'));
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#tell(error);
    this.#gzip.destroy();
    this.#ended = Promise.resolve();
  }

  #tell(error: unknown): void {
    const { message } = cannotWrite(this.path, error);
    const hint = `What was recorded before opens: ${plural(this.#samples, 'sample')} at most.`;
    this.#options.onProblem(new PinboardError('unsupported', message, hint, { cause: error }));
  }
}
