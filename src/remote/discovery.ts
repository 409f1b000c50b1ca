/** Reading what a host is made of, in one round trip and without anything installed there. */

import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PinboardError } from '../model/problem.ts';
import { clean } from '../model/read/clean.ts';
import { parseProbe } from '../model/read/probe.ts';
import type { ProbeFiles } from '../model/read/probe.ts';
import { discoverScript } from './scripts/discover.ts';
import { endedEarly, lastWords, newMark } from './scripts/talk.ts';
import type { Channel, Transport } from './transport.ts';

/** 2,048 CPUs and 32 nodes print 12 MB. */
const MAX_OUTPUT = 64 * 1024 * 1024;

const unzip = promisify(gunzip);

export interface Probe {
  readonly files: ProbeFiles;
  /** As `uname -m`. */
  readonly architecture: string;
}

async function readAll(channel: Channel): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of channel.stdout as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_OUTPUT) {
      throw new PinboardError('unsupported', `The host sent more than ${MAX_OUTPUT} bytes about itself.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `work`, or the end as soon as it is cancelled: a host that hangs would not end it. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  work.catch(() => undefined);
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new PinboardError('cancelled', 'Reading the machine was cancelled.'));
  });
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Text between the marks. The packed bytes may hold anything, so they are never searched line by line. */
async function unpack(packing: string, body: Buffer): Promise<string> {
  if (packing === 'plain') return body.toString('utf8');
  try {
    return (await unzip(body, { maxOutputLength: MAX_OUTPUT })).toString('utf8');
  } catch (error) {
    throw new PinboardError(
      'unsupported',
      "The host's answer cannot be unpacked.",
      'Try again; if it stays so, look whether `gzip` works on the host.',
      { cause: error },
    );
  }
}

/** @throws PinboardError `not-linux`, `connection-lost`, `cancelled`, `unsupported`. */
export async function probeHost(transport: Transport, signal?: AbortSignal): Promise<Probe> {
  const mark = newMark();
  const channel = await transport.shell();
  const words = lastWords(channel.stderr);
  try {
    channel.stdin.end(discoverScript(mark, transport.kind === 'ssh'));
    const output = await unlessAborted(readAll(channel), signal);
    const start = output.indexOf(mark.word);
    const newline = start === -1 ? -1 : output.indexOf(10, start);
    const end = output.lastIndexOf(`\n${mark.word} end`);
    if (newline === -1 || end < newline) {
      // Accounts without a shell say so on stdout.
      const said = start === -1 ? clean(output.subarray(-500).toString('utf8'), 500) : '';
      throw await endedEarly(transport, channel, () => words() || said);
    }
    const [system = '', architecture = '', packing = ''] = output
      .toString('utf8', start + mark.word.length, newline)
      .trim()
      .split(' ');
    if (system !== 'Linux') {
      throw new PinboardError(
        'not-linux',
        `${transport.name} runs ${clean(system, 40)}, not Linux.`,
        'NUMA Pinboard reads /sys and /proc, which only Linux has. Choose a Linux host.',
      );
    }
    const files = parseProbe(await unpack(packing, output.subarray(newline + 1, end)));
    if (!files.has('proc/self/status') && !files.has('sys/devices/system/cpu/online')) {
      throw new PinboardError(
        'unsupported',
        `${transport.name} shows neither /sys nor /proc.`,
        'Look whether both are mounted there and `grep` is installed.',
      );
    }
    return { files, architecture: clean(architecture, 40) };
  } finally {
    channel.close();
  }
}
