/** The agent on a host: brought there or compiled there, in a private directory that does not outlive the connection. */

import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { findBinary, readBinary, readSources, sha256 } from './bundle.ts';
import { atMost } from '../deadline.ts';
import { deployScript } from '../scripts/deploy.ts';
import { ended } from '../scripts/talk.ts';
import type { Transport } from '../transport.ts';
import { Talk, Watch, beating, groupIn } from './watch.ts';
import type { DeployedAgent } from './watch.ts';

/** What it takes to send it over a slow line, or to compile it on a slow host, in times of a first answer: 5 minutes. */
const ARRIVE = 5;

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
    `There is no prebuilt agent for ${clean(architecture, 40)}, and ${host} has no C compiler to build one.`,
    'Install one on the host: sudo apt install gcc libc6-dev, or sudo dnf install gcc.',
  );
}

function refused(host: string, answer: string, words: string): PinboardError {
  switch (answer.split(' ')[0]) {
    case 'nowhere':
      return new PinboardError(
        'no-agent',
        `No directory you can write to on ${host} has room for the agent and lets programs run${words === '' ? '.' : `: ${words}`}`,
        'Free some space in one of these, or put ~/.cache on a file system that is not mounted noexec.',
      );
    case 'damaged':
      return answer === 'damaged'
        ? new PinboardError(
            'no-agent',
            `${host} has no tool to verify the agent's checksum before it starts.`,
            'Install sha256sum on the host: sudo apt install coreutils',
          )
        : new PinboardError(
            'no-agent',
            `The agent was truncated during upload to ${host}.`,
            'Check whether its disk is full.',
          );
    case 'uncompiled':
      return new PinboardError(
        'no-agent',
        `The agent failed to compile on ${host}: ${words}`,
        'Install a C compiler with its headers: sudo apt install gcc libc6-dev, or sudo dnf install gcc.',
      );
    default:
      return new PinboardError(
        'no-agent',
        `The agent on ${host} does not match the one that was uploaded.`,
        'Connect again.',
      );
  }
}

function lateArrival(host: string, compiler: string | null, ms: number): PinboardError {
  return compiler === null
    ? new PinboardError(
        'unreachable',
        `Uploading the agent to ${host} did not finish within ${ms / 1000} s.`,
        'The connection may be too slow, or the host overloaded. Try again.',
      )
    : new PinboardError(
        'no-agent',
        `The compiler on ${host} (${clean(compiler, 40)}) did not finish building the agent within ${ms / 1000} s.`,
        'Check whether the host is overloaded and whether its compiler works.',
      );
}

/** @throws PinboardError `no-agent`, `connection-lost`, `unreachable`, `unsupported`, `cancelled`. */
export async function deployAgent(
  transport: Transport,
  agentDir: string,
  signal?: AbortSignal,
): Promise<DeployedAgent> {
  const { talk, seal } = await Talk.begin(transport, deployScript, signal);
  const { channel, words, answerMs } = talk;
  let beat: NodeJS.Timeout | undefined;
  try {
    const ready = await talk.answer();
    const [, architecture, compiler] = /^ready (\S+) (\S+)$/.exec(ready) ?? [];
    if (architecture === undefined || compiler === undefined) throw refused(transport.name, ready, words());
    const { kind, data } = await choosePayload(agentDir, transport.name, architecture, compiler);
    channel.stdin.write(`${kind} ${data.length} ${sha256(data)}\n`);
    channel.stdin.write(data);
    // While it compiles, its watch listens already.
    if (kind === 'sources') beat = beating(channel);
    const ms = ARRIVE * answerMs;
    const answer = await talk.answer(ms, () => lateArrival(transport.name, kind === 'sources' ? compiler : null, ms));
    const [, sum, group, dir] = /^deployed ([0-9a-f]{64}) (-|\/\S*) (\/.*)$/.exec(answer) ?? [];
    if (sum === undefined || dir === undefined || (kind === 'binary' && sum !== sha256(data))) {
      // The script ends when it is told to, and then its words are complete.
      channel.stdin.end();
      await atMost(answerMs, ended(channel));
      throw refused(transport.name, answer, words());
    }
    return new Watch(channel, { file: `${dir}/numa-agent`, sha256: sum, seal, group: groupIn(group) });
  } catch (error) {
    channel.close();
    throw error;
  } finally {
    clearInterval(beat);
  }
}
