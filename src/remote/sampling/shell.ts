/** Raw readings by plain /bin/sh: one long-lived shell, a line on its stdin for each reading. */

import { setTimeout as sleep } from 'node:timers/promises';
import { PinboardError } from '../../model/problem.ts';
import type { RawReading } from '../../model/live/rates.ts';
import type { SampledFiles } from '../../model/live/sampled-files.ts';
import { ANSWER_MS, isAborted, within } from '../deadline.ts';
import { END, parseReading, READY, samplerScript } from '../scripts/sample.ts';
import { endedEarly, lastWords, readLines, silentShell } from '../scripts/talk.ts';
import type { Channel, Transport } from '../transport.ts';

/** A line of /proc has a few hundred characters; 2,048 CPUs and 32 nodes print half a megabyte a reading. */
const MAX_LINE = 64 * 1024;
const MAX_READING = 16 * 1024 * 1024;

/** For each ms that the host needed for an answer, so many pass until it is asked again: what reads texts by a shell is dear. */
const REST = 10;

/** So many empty answers in a row are no accident. */
const MAX_EMPTY = 5;

export interface ShellReadings {
  readonly intervalMs: number;
  readonly pids: readonly number[];
  readonly files: readonly SampledFiles[];
  /** Ends the shell; the readings then end without an error. */
  readonly signal: AbortSignal;
}

/** @throws PinboardError `connection-lost`, or `unsupported` when the shell ends by itself or answers nonsense. */
export async function* shellReadings(transport: Transport, options: ShellReadings): AsyncGenerator<RawReading> {
  const { signal } = options;
  const { name, answerMs: ms = ANSWER_MS } = transport;
  const channel = await transport.shell(signal);
  const close = (): void => channel.close();
  signal.addEventListener('abort', close);
  // What a write to a gone shell says is said by its end, too.
  channel.stdin.on('error', () => undefined);
  const words = lastWords(channel.stderr);
  try {
    const answers = readAnswers(channel);
    channel.stdin.write(samplerScript(options.files));
    const limits = { ms, signal, late: () => silentShell(name, ms) };
    if ((await within(answers.next(), limits)).done === true) throw await endedEarly(transport, channel, words);
    let empty = 0;
    const request = `${options.pids.join(' ')}\n`;
    for (let due = performance.now(); !isAborted(signal); due += options.intervalMs) {
      const asked = performance.now();
      channel.stdin.write(request);
      const answer = await within(answers.next(), limits);
      if (isAborted(signal)) return;
      if (answer.done === true) throw await endedEarly(transport, channel, words);
      const reading = parseReading(answer.value, options.files);
      if (!reading)
        throw new PinboardError(
          'unsupported',
          'The shell on this host returned something other than the files asked for.',
        );
      // A grep that was killed answers nothing: no reading, which is not the same as a machine without CPUs.
      empty = reading.files.has('proc/stat') ? 0 : empty + 1;
      if (empty >= MAX_EMPTY) throw unreadable(transport, words());
      if (empty === 0) yield reading;
      // Moments that were missed are skipped, not made up for.
      const rested = asked + REST * (performance.now() - asked) - options.intervalMs;
      due = Math.max(due, rested, performance.now() - options.intervalMs);
      await sleep(Math.max(0, due + options.intervalMs - performance.now()), undefined, { signal }).catch(
        () => undefined,
      );
    }
  } catch (error) {
    if (!isAborted(signal)) throw error;
  } finally {
    signal.removeEventListener('abort', close);
    channel.close();
  }
}

function unreadable(transport: Transport, words: string): PinboardError {
  return new PinboardError(
    'unsupported',
    `/proc/stat cannot be read on ${transport.name}${words === '' ? '.' : `: ${words}`}`,
    'Check that /proc is mounted there and that `grep` is installed.',
  );
}

/** Blocks of lines, each up to READY or END, that last line left out. */
async function* readAnswers(channel: Channel): AsyncGenerator<string[]> {
  let lines: string[] = [];
  let size = 0;
  for await (const line of readLines(channel.stdout, MAX_LINE)) {
    if (line === READY || line === END) {
      yield lines;
      lines = [];
      size = 0;
      continue;
    }
    lines.push(line);
    size += line.length;
    if (size > MAX_READING)
      throw new PinboardError('unsupported', 'The host sent more than any machine could have to report.');
  }
}
