/** The agent on a host: brought there or compiled there, in a private directory that does not outlive the connection. */

import { randomBytes } from 'node:crypto';
import { PinboardError } from '../model/problem.ts';
import { clean } from '../model/read/clean.ts';
import { findBinary, readBinary, readSources, sha256 } from './agent-bundle.ts';
import { deployScript, GUARD_BEAT_MS } from './scripts/deploy.ts';
import { ended, endedEarly, lastWords, newMark, nextMarked, readLines } from './scripts/talk.ts';
import type { Channel, Transport } from './transport.ts';

/** The directory is gone well within this after its guard was told, unless the host hangs. */
const REMOVE_MS = 5000;

/** Noise of a login may have no end of line. */
const MAX_LINE = 8 * 1024 * 1024;
/** What it takes to send it over a slow line, or to compile it on a slow host. */
const ARRIVE_MS = 300_000;

export interface DeployedAgent {
  readonly file: string;
  readonly sha256: string;
  /** False once its directory is gone. */
  readonly alive: () => boolean;
  readonly remove: () => Promise<void>;
}

interface Payload {
  readonly kind: 'binary' | 'sources';
  readonly data: Buffer;
}

async function choosePayload(dir: string, host: string, architecture: string, compiler: string): Promise<Payload> {
  const binary = await findBinary(dir, architecture);
  if (binary) return { kind: 'binary', data: await readBinary(binary) };
  if (compiler !== 'none') return { kind: 'sources', data: await readSources(dir) };
  throw new PinboardError(
    'no-agent',
    `There is no agent built for ${clean(architecture, 40)}, and ${host} has no C compiler to build one.`,
    'Install one on the host: sudo apt install gcc libc6-dev, or sudo dnf install gcc.',
  );
}

function refused(host: string, answer: string, words: string): PinboardError {
  switch (answer.split(' ')[0]) {
    case 'nowhere':
      return new PinboardError(
        'no-agent',
        `${host} has no directory of yours that programs may run from.`,
        'Make ~/.cache on the host, on a file system that is not mounted noexec.',
      );
    case 'damaged':
      return answer === 'damaged'
        ? new PinboardError(
            'no-agent',
            `${host} has no tool to check the agent with before it starts.`,
            'Install sha256sum on the host: sudo apt install coreutils',
          )
        : new PinboardError('no-agent', `The agent did not arrive whole on ${host}.`, 'Look whether its disk is full.');
    case 'uncompiled':
      return new PinboardError(
        'no-agent',
        `The agent does not compile on ${host}: ${words}`,
        'Install a C compiler with its headers: sudo apt install gcc libc6-dev, or sudo dnf install gcc.',
      );
    default:
      return new PinboardError('no-agent', `The agent on ${host} is not the one that was sent.`, 'Connect again.');
  }
}

function guard(channel: Channel, file: string, sum: string): DeployedAgent {
  let alive = true;
  const beat = setInterval(() => channel.stdin.write('.'), GUARD_BEAT_MS);
  beat.unref();
  void channel.exited.then(() => {
    alive = false;
    clearInterval(beat);
  });
  return {
    file,
    sha256: sum,
    alive: () => alive,
    async remove() {
      clearInterval(beat);
      channel.stdin.end();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, REMOVE_MS)));
      await Promise.race([channel.exited, late]);
      clearTimeout(timer);
      channel.close();
    },
  };
}

/** @throws PinboardError `no-agent`, `connection-lost`, `unsupported`. */
export async function deployAgent(
  transport: Transport,
  agentDir: string,
  signal?: AbortSignal,
): Promise<DeployedAgent> {
  const mark = newMark();
  const { name: host, answerMs: ms } = transport;
  const channel = await transport.shell(signal);
  const words = lastWords(channel.stderr);
  try {
    const lines = readLines(channel.stdout, MAX_LINE);
    channel.stdin.write(deployScript(mark, randomBytes(12).toString('hex')));
    const ready = await nextMarked(lines, mark, { host, signal, ...(ms === undefined ? {} : { ms }) });
    if (ready === null) throw await endedEarly(transport, channel, words);
    const [, architecture, compiler, dir] = /^ready (\S+) (\S+) (\/.*)$/.exec(ready) ?? [];
    if (architecture === undefined || compiler === undefined || dir === undefined) {
      throw refused(transport.name, ready, words());
    }
    const { kind, data } = await choosePayload(agentDir, transport.name, architecture, compiler);
    channel.stdin.write(`${kind} ${data.length} ${sha256(data)}\n`);
    channel.stdin.write(data);
    const answer = await nextMarked(lines, mark, { host, signal, ms: ms === undefined ? ARRIVE_MS : 5 * ms });
    if (answer === null) throw await endedEarly(transport, channel, words);
    const sum = /^deployed ([0-9a-f]{64})$/.exec(answer)?.[1];
    // The script ends when it has failed, and then its words are complete.
    if (sum === undefined) await ended(channel);
    if (sum === undefined || (kind === 'binary' && sum !== sha256(data))) {
      throw refused(transport.name, answer, words());
    }
    return guard(channel, `${dir}/numa-agent`, sum);
  } catch (error) {
    channel.close();
    throw error;
  }
}
