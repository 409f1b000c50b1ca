/**
 * Talking with a script on a host's `/bin/sh`: lines that carry a random mark are the script's, everything before them
 * is noise of the login (greetings, start-up files).
 *
 * A shell may read its script in blocks and so swallow what follows. Therefore a script is one compound command that
 * ends with the text's last newline, and nothing more is sent before it has answered with its mark.
 */

import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { ANSWER_MS, within } from '../deadline.ts';
import type { Channel, Transport } from '../transport.ts';

/** Greetings and start-up files that trace themselves. */
const MAX_NOISE = 4 * 1024 * 1024;
const MAX_STDERR = 4096;
/** A grandchild may hold stderr open for ever. */
const LAST_WORDS_MS = 300;
/** From the end of what a shell says to its own end. */
const END_MS = 10_000;

export interface Mark {
  /** Unguessable, so that no noise and no file's content can pass for it. */
  readonly word: string;
  /** How a script writes it: in two halves, so that a shell that echoes its input does not print the word itself. */
  readonly shell: string;
}

export function newMark(): Mark {
  const word = randomBytes(16).toString('hex');
  return { word, shell: `'${word.slice(0, 16)}''${word.slice(16)}'` };
}

/** The last of what a stream printed, as one safe line. Keeps it flowing. */
export function lastWords(stream: Readable): () => string {
  let tail = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-MAX_STDERR);
  });
  stream.on('error', () => undefined);
  return () => clean(tail.toString('utf8'), 500);
}

async function orAfter<T>(work: Promise<T>, ms: number, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(resolve, ms, otherwise)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until everything the shell said has come: its exit may be told before its words. One that does not end is lost. */
export async function ended(channel: Channel): Promise<Awaited<Channel['exited']>> {
  const status = await orAfter(channel.exited, END_MS, { code: null, signal: null });
  if (!channel.stderr.readableEnded) {
    const end = new Promise<void>((resolve) => channel.stderr.once('end', resolve));
    await orAfter(end, LAST_WORDS_MS, undefined);
  }
  return status;
}

/** The connection was lost, or the shell ended: which, as a problem. */
export async function endedEarly(transport: Transport, channel: Channel, words: () => string): Promise<PinboardError> {
  const { code, signal } = await ended(channel);
  if (code === null && signal === null) {
    // Channels end a moment before the connection is known to be lost.
    const lost = await orAfter<PinboardError | null>(transport.lost, 1000, null);
    return lost ?? new PinboardError('connection-lost', `The connection to ${transport.name} ended.`);
  }
  const how = signal === null ? `with status ${code}` : `by ${signal}`;
  const said = words();
  return new PinboardError(
    'unsupported',
    `The shell on ${transport.name} exited ${how} before it responded${said === '' ? '.' : `: ${said}`}`,
    'The account must be able to run commands with /bin/sh.',
  );
}

/** Complete lines of a stream as text. @throws PinboardError `unsupported` for a line longer than `maxLine` bytes. */
export async function* readLines(stream: Readable, maxLine: number): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      start = end + 1;
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      size = 0;
      yield line;
    }
    parts.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > maxLine) throw new PinboardError('unsupported', `The host sent a line longer than ${maxLine} bytes.`);
  }
}

export interface Waiting {
  /** Whose answer it is. */
  readonly host?: string;
  readonly ms?: number;
  readonly signal?: AbortSignal | undefined;
}

export function silentShell(host: string, ms: number): PinboardError {
  return new PinboardError(
    'unreachable',
    `${host} accepted the login, but its shell did not respond within ${ms / 1000} s.`,
    `Check what its startup files wait for (~/.profile, ~/.bashrc …): ssh ${host} true must return.`,
  );
}

function tooLoud(host: string): PinboardError {
  return new PinboardError(
    'unsupported',
    `The login on ${host} printed more than ${MAX_NOISE / 1024 / 1024} MiB and no response.`,
    `Check what its startup files print (~/.profile, ~/.bashrc …): ssh ${host} true should print nothing.`,
  );
}

/**
 * What stands behind the mark in the next line that has it; null when the stream ends first. Noise does not prolong it.
 * @throws PinboardError `unreachable` when it is late, `unsupported` when there is too much noise, `cancelled`.
 */
export async function nextMarked(
  lines: AsyncGenerator<string, void, undefined>,
  mark: Mark,
  { host = 'The host', ms = ANSWER_MS, signal }: Waiting = {},
): Promise<string | null> {
  const end = performance.now() + ms;
  let noise = 0;
  for (;;) {
    const left = end - performance.now();
    const next = await within(lines.next(), { ms: left, signal, late: () => silentShell(host, ms) });
    if (next.done === true) return null;
    // Noise without a newline may stand before the mark in its line.
    const at = next.value.indexOf(mark.word);
    if (at !== -1) return next.value.slice(at + mark.word.length).trim();
    noise += next.value.length + 1;
    if (noise > MAX_NOISE) throw tooLoud(host);
    if (performance.now() > end) throw silentShell(host, ms);
  }
}
