/**
 * The text of a recording, as far as it can be read: one that was cut off by a crash, or torn by a broken disk, is what stands before the tear.
 * Bounds hold against a file made to exhaust memory or time; of a long recording only every second, fourth … sample is held.
 */

import { messageOf, PinboardError } from '../model/problem.ts';
import type { Mark, Recording, RecordingHead } from '../model/live/recording.ts';
import type { Sample } from '../model/live/sample.ts';
import { clean } from '../model/text/clean.ts';
import { isSampleLine, parseHead, parseLine, RecordingError } from './recording.ts';
import { MAX_FILE_BYTES, MAX_LINE_BYTES, MAX_LINES, MAX_MARKS, MAX_UNPACKED_BYTES } from './recording-limits.ts';

/** Values in samples that are held, and characters: an hour of 256 CPUs has two million values, which take about 80 MB. */
const MAX_VALUES = 3_000_000;
const MAX_HELD = 32 * 1024 * 1024;
const MAX_WORDS = 300;
export const RECORDING_HINT = 'Provide a recording (*.numarec), as written by watch --record or by the board.';

/** Ends the reading where it stands; what was read before counts. */
class Tear extends Error {}

/** Room that a sample takes as objects, in values; a long text counts for several. */
function sizeOf(line: string): number {
  let commas = 0;
  for (let at = line.indexOf(','); at >= 0; at = line.indexOf(',', at + 1)) commas++;
  return Math.max(commas, (line.length * MAX_VALUES) / MAX_HELD);
}

class Lines {
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

/** Takes what the file unpacks to, piece by piece, and tells at the end what it was. */
export class RecordingText {
  readonly #name: string;
  readonly #lines = new Lines();
  #rest = '';
  #unpacked = 0;

  /** @param name of the file, for the words. */
  constructor(name: string) {
    this.#name = name;
  }

  /** @param bytes that the text was. @throws Error where reading ends: the recording is what was taken until then. */
  take(text: string, bytes: number): void {
    this.#unpacked += bytes;
    if (this.#unpacked > MAX_UNPACKED_BYTES) throw new Tear(`it unpacks to more than ${MAX_UNPACKED_BYTES >> 20} MB`);
    const whole = (this.#rest + text).split('\n');
    // Only complete lines count.
    this.#rest = whole.pop() ?? '';
    if (this.#rest.length > MAX_LINE_BYTES) throw new Tear(`a line is longer than ${MAX_LINE_BYTES >> 20} MB`);
    for (const line of whole) this.#lines.take(line);
  }

  /** @param failed why it could not be read further; undefined: it could. @throws PinboardError `bad-file` for what is none, or has no head. */
  end(failed?: unknown): Recording {
    const bad = (words: string): PinboardError =>
      new PinboardError('bad-file', `${this.#name}: ${words}`, RECORDING_HINT, { cause: failed });
    if (failed instanceof RecordingError) throw bad(failed.message);
    const torn = failed === undefined ? null : `It cannot be read further: ${messageOf(failed)}.`;
    const { head } = this.#lines;
    if (!head) throw bad(torn ?? 'The file ends before its first line does: nothing was recorded.');
    return this.#lines.recording(head, torn);
  }
}

/** @throws PinboardError `bad-file` for a file larger than any recording. */
export function checkRecordingSize(name: string, bytes: number): void {
  if (bytes <= MAX_FILE_BYTES) return;
  const words = `${name} is larger than a recording can be (${MAX_FILE_BYTES >> 20} MB).`;
  throw new PinboardError('bad-file', words, RECORDING_HINT);
}
