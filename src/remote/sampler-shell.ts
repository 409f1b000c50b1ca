/** Raw readings by plain /bin/sh: one long-lived shell, a line on its stdin for each reading. */

import { setTimeout as sleep } from 'node:timers/promises';
import { PinboardError } from '../model/problem.ts';
import type { RawReading } from '../model/rates.ts';
import { END, parseReading, READY, SAMPLER_SCRIPT } from './sampler-script.ts';
import type { Channel, Transport } from './transport.ts';

/** 2,048 CPUs and 32 nodes print half a megabyte a reading. */
const MAX_READING = 16 * 1024 * 1024;

export interface ShellReadings {
  readonly intervalMs: number;
  readonly pids: readonly number[];
  /** Ends the shell; the readings then end without an error. */
  readonly signal: AbortSignal;
}

/** @throws PinboardError `connection-lost` when the shell ends by itself, `unsupported` when it answers nonsense. */
export async function* shellReadings(transport: Transport, options: ShellReadings): AsyncGenerator<RawReading> {
  const { signal } = options;
  const channel = await transport.shell();
  const close = (): void => channel.close();
  signal.addEventListener('abort', close);
  // What a write to a gone shell says is said by its end, too.
  channel.stdin.on('error', () => undefined);
  const noise = keepTail(channel);
  try {
    const answers = readAnswers(channel);
    channel.stdin.write(SAMPLER_SCRIPT);
    if ((await answers.next()).done === true) throw ended(noise());
    const request = `${options.pids.join(' ')}\n`;
    for (let due = performance.now(); !isAborted(signal); due += options.intervalMs) {
      channel.stdin.write(request);
      const answer = await answers.next();
      if (isAborted(signal)) return;
      if (answer.done === true) throw ended(noise());
      const reading = parseReading(answer.value);
      if (!reading)
        throw new PinboardError('unsupported', 'The shell of this host answered something else than its files.');
      yield reading;
      // Moments that were missed are skipped, not made up for.
      due = Math.max(due, performance.now() - options.intervalMs);
      await sleep(Math.max(0, due + options.intervalMs - performance.now()), undefined, { signal }).catch(
        () => undefined,
      );
    }
  } finally {
    signal.removeEventListener('abort', close);
    channel.close();
  }
}

// A function, because the compiler takes a flag that it saw unset for unset for ever.
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

function ended(words: string): PinboardError {
  return new PinboardError(
    'connection-lost',
    `The host's shell ended while it was sampled${words === '' ? '.' : `: ${words}`}`,
  );
}

/** Blocks of lines, each up to READY or END, that last line left out. */
async function* readAnswers(channel: Channel): AsyncGenerator<string[]> {
  let rest = '';
  let lines: string[] = [];
  let size = 0;
  channel.stdout.setEncoding('utf8');
  for await (const chunk of channel.stdout as AsyncIterable<string>) {
    size += chunk.length;
    if (size > MAX_READING)
      throw new PinboardError('unsupported', 'The host answers more than a machine can have to say.');
    const pieces = (rest + chunk).split('\n');
    rest = pieces.pop() ?? '';
    for (const line of pieces) {
      if (line !== READY && line !== END) {
        lines.push(line);
        continue;
      }
      yield lines;
      lines = [];
      size = 0;
    }
  }
}

function keepTail(channel: Channel): () => string {
  let tail = '';
  channel.stderr.setEncoding('utf8');
  channel.stderr.on('data', (text: string) => (tail = (tail + text).slice(-500)));
  channel.stderr.on('error', () => undefined);
  return () => tail.trim();
}
