/**
 * Reads a recording, as far as it can be read: one that was cut off by a crash, or torn by a broken disk, is what stands before the tear.
 * Bounds hold against a file made to exhaust memory or time; of a long recording only every second, fourth … sample is held.
 */

import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { StringDecoder } from 'node:string_decoder';
import { messageOf, PinboardError } from '../../model/problem.ts';
import type { Mark, Recording, RecordingHead } from '../../model/live/recording.ts';
import type { Sample } from '../../model/live/sample.ts';
import { clean } from '../../model/text/clean.ts';
import { isSampleLine, parseHead, parseLine, RECORDING_BEGINS, RecordingError } from '../../protocol/recording.ts';
import { withRegularFile } from '../store/files.ts';
import { MAX_FILE_BYTES, MAX_LINE_BYTES, MAX_LINES, MAX_MARKS, MAX_UNPACKED_BYTES } from './limits.ts';

/** Values in samples that are held, and characters: an hour of 256 CPUs has two million values, which take about 80 MB. */
const MAX_VALUES = 3_000_000;
const MAX_HELD = 32 * 1024 * 1024;
const MAX_WORDS = 300;
/** Large, for a long line is put together from its chunks. */
const CHUNK_BYTES = 256 * 1024;
/** Small, for what comes out of a piece is lost with the piece that is broken. */
const PIECE_BYTES = 4096;
const HINT = 'Provide a recording (*.numarec), as written by watch --record or by the board.';

/** Ends the reading where it stands; what was read before counts. */
class Tear extends Error {}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Enough for the beginning of the first line, and unpacked at most four million. */
const START_BYTES = 4096;

/** By the first bytes of a file. */
export function looksRecorded(start: Uint8Array): boolean {
  if (!isGzip(start)) return false;
  try {
    const bounds = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_LINE_BYTES };
    return (
      gunzipSync(start.subarray(0, START_BYTES), bounds).toString('latin1', 0, RECORDING_BEGINS.length) ===
      RECORDING_BEGINS
    );
  } catch {
    return false;
  }
}

/** Room that a sample takes as objects, in values; a long text counts for several. */
function sizeOf(line: string): number {
  let commas = 0;
  for (let at = line.indexOf(','); at >= 0; at = line.indexOf(',', at + 1)) commas++;
  return Math.max(commas, (line.length * MAX_VALUES) / MAX_HELD);
}

/** Takes line after line. */
class Reading {
  head: RecordingHead | null = null;
  /** Undefined: nothing has said so yet. */
  cutOff: string | null | undefined = undefined;
  #samples: { readonly sample: Sample; readonly size: number }[] = [];
  readonly #marks = new Map<string, Mark>();
  #every = 1;
  #held = 0;
  #lines = 0;
  #seen = 0;

  take(line: string): void {
    // What follows an end was appended by something else.
    if (this.cutOff !== undefined) return;
    if (++this.#lines > MAX_LINES) throw new Tear(`it has more than ${MAX_LINES} lines, which is the limit`);
    if (!this.head) this.head = parseHead(line);
    else if (isSampleLine(line) && this.#seen++ % this.#every !== 0) return;
    else this.#take(line);
  }

  #take(line: string): void {
    let read: ReturnType<typeof parseLine>;
    try {
      read = parseLine(line);
    } catch (error) {
      throw new Tear(`line ${this.#lines} cannot be read: ${messageOf(error)}`);
    }
    if (read.kind === 'sample') this.#hold(read.sample, sizeOf(line));
    else if (read.kind === 'end') this.cutOff = read.cutOff;
    else if (read.kind === 'mark') {
      const { time, kind, words } = read.mark;
      this.#marks.set(`${kind} ${time} ${words}`, read.mark);
      if (this.#marks.size > MAX_MARKS) throw new Tear(`it has more than ${MAX_MARKS} marks, which is the limit`);
    }
  }

  #hold(sample: Sample, size: number): void {
    this.#samples.push({ sample, size });
    this.#held += size;
    if (this.#held <= MAX_VALUES || this.#samples.length < 2) return;
    this.#every *= 2;
    this.#samples = this.#samples.filter((_, at) => at % 2 === 0);
    this.#held = this.#samples.reduce((sum, own) => sum + own.size, 0);
  }

  /** @param torn why it ends here, where reading came to no end. */
  recording(head: RecordingHead, torn: string | null): Recording {
    // A clock that was set back while it was recorded makes no sample older than it is in the order of times.
    const samples = this.#samples.map(({ sample }) => sample).sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
    const marks = [...this.#marks.values()].sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
    const cutOff = torn ?? (this.cutOff === undefined ? 'It was not ended: the file just stops.' : this.cutOff);
    return { ...head, samples, every: this.#every, marks, cutOff: cutOff === null ? null : clean(cutOff, MAX_WORDS) };
  }
}

/** Lines out of unpacked bytes, the last one only where it is complete. */
function lines(take: (line: string) => void): Writable {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let unpacked = 0;
  return new Writable({
    write(chunk: Buffer, _, done) {
      try {
        unpacked += chunk.length;
        if (unpacked > MAX_UNPACKED_BYTES) throw new Tear(`it unpacks to more than ${MAX_UNPACKED_BYTES >> 20} MB`);
        const whole = (rest + decoder.write(chunk)).split('\n');
        rest = whole.pop() ?? '';
        if (rest.length > MAX_LINE_BYTES) throw new Tear(`a line is longer than ${MAX_LINE_BYTES >> 20} MB`);
        whole.forEach(take);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

async function* pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source)
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/** @param name for the words. @throws PinboardError `bad-file` for what is none, or has no head. */
export async function readRecording(name: string, source: Readable): Promise<Recording> {
  const reading = new Reading();
  const bad = (words: string, cause?: unknown): PinboardError =>
    new PinboardError('bad-file', `${name}: ${words}`, HINT, { cause });
  let torn: string | null = null;
  try {
    await pipeline(
      source,
      pieces,
      createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES }),
      lines((line) => reading.take(line)),
    );
  } catch (error) {
    if (error instanceof RecordingError) throw bad(error.message, error);
    torn = `It cannot be read further: ${messageOf(error)}.`;
  }
  if (!reading.head) throw bad(torn ?? 'The file ends before its first line does: nothing was recorded.');
  return reading.recording(reading.head, torn);
}

export const readRecordingBytes = (name: string, bytes: Uint8Array): Promise<Recording> =>
  readRecording(name, Readable.from([bytes]));

export function readRecordingFile(path: string): Promise<Recording> {
  return withRegularFile(
    path,
    (file, size) => {
      // Of what says that it is empty and has no end, as files of /proc may, no more is read either.
      if (size <= MAX_FILE_BYTES)
        return readRecording(path, file.createReadStream({ autoClose: false, end: MAX_FILE_BYTES }));
      const words = `${path} is larger than a recording can be (${MAX_FILE_BYTES >> 20} MB).`;
      throw new PinboardError('bad-file', words, HINT);
    },
    HINT,
  );
}
