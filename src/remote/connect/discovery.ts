/** Reading what a host is made of, in one round trip and without anything installed there. */

import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { parseProbe } from '../../model/formats/sysfs/probe.ts';
import type { ProbeFiles } from '../../model/formats/sysfs/probe.ts';
import { ANSWER_MS, within } from '../deadline.ts';
import { discoverScript } from '../scripts/discover.ts';
import { endedEarly, lastWords, newMark, silentShell } from '../scripts/talk.ts';
import type { Mark } from '../scripts/talk.ts';
import type { Channel, Transport } from '../transport.ts';

/** 2,048 CPUs and 32 nodes print 12 MB. */
const MAX_OUTPUT = 64 * 1024 * 1024;

const unzip = promisify(gunzip);

export interface Probe {
  readonly files: ProbeFiles;
  /** As `uname -m`. */
  readonly architecture: string;
}

/**
 * Everything the shell prints. Noise before the mark does not prolong the wait for it; behind it, silence ends the
 * reading, and a host that dribbles has ten times as long.
 */
async function readAll(
  channel: Channel,
  mark: Mark,
  { host, ms, signal }: { host: string; ms: number; signal: AbortSignal | undefined },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const input = (channel.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const last = performance.now() + 10 * ms;
  let due = performance.now() + ms;
  let tail = Buffer.alloc(0);
  let answered = false;
  let size = 0;
  const late = (): PinboardError =>
    answered
      ? new PinboardError('unreachable', `${host} stopped responding while its topology was being read.`, 'Try again.')
      : silentShell(host, ms);
  for (;;) {
    const next = await within(input.next(), { ms: Math.min(due, last) - performance.now(), signal, late });
    if (next.done === true) return Buffer.concat(chunks);
    chunks.push(next.value);
    size += next.value.length;
    if (size > MAX_OUTPUT) throw tooMuch(host, answered);
    if (!answered) {
      tail = Buffer.concat([tail, next.value]);
      answered = tail.includes(mark.word);
      tail = tail.subarray(-mark.word.length);
    }
    if (answered) due = performance.now() + ms;
  }
}

function tooMuch(host: string, answered: boolean): PinboardError {
  const mib = MAX_OUTPUT / 1024 / 1024;
  return answered
    ? new PinboardError('unsupported', `${host} sent more than ${mib} MiB about itself.`)
    : new PinboardError(
        'unsupported',
        `The login on ${host} printed more than ${mib} MiB and no response.`,
        `Check what its startup files print (~/.profile, ~/.bashrc …): ssh ${host} true should print nothing.`,
      );
}

/** Text between the marks. The packed bytes may hold anything, so they are never searched line by line. */
async function unpack(packing: string, body: Buffer): Promise<string> {
  if (packing === 'plain') return body.toString('utf8');
  try {
    return (await unzip(body, { maxOutputLength: MAX_OUTPUT })).toString('utf8');
  } catch (error) {
    throw new PinboardError(
      'unsupported',
      "The host's response could not be decompressed.",
      'Try again; if it happens again, check that `gzip` works on the host.',
      { cause: error },
    );
  }
}

/**
 * @param also globs (model/formats/sysfs/globs.ts) beyond those of every discovery.
 * @throws PinboardError `not-linux`, `connection-lost`, `unreachable`, `cancelled`, `unsupported`.
 */
export async function probeHost(
  transport: Transport,
  signal?: AbortSignal,
  also: readonly string[] = [],
): Promise<Probe> {
  const mark = newMark();
  const { name: host, answerMs: ms = ANSWER_MS } = transport;
  const channel = await transport.shell(signal);
  const words = lastWords(channel.stderr);
  try {
    channel.stdin.end(discoverScript(mark, transport.kind === 'ssh', also));
    const output = await readAll(channel, mark, { host, ms, signal });
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
    // Without uname, the line holds the packing alone.
    if (packing === '') {
      throw new PinboardError(
        'unsupported',
        `uname was not found on ${transport.name}, neither in the account's PATH nor in /usr/bin or /bin.`,
        "Install it (coreutils or busybox), or add its directory to the account's PATH.",
      );
    }
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
        'Check that both are mounted there and that `grep` is installed.',
      );
    }
    return { files, architecture: clean(architecture, 40) };
  } finally {
    channel.close();
  }
}
