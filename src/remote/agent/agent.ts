/** One running agent: started after its checksum held, kept alive by heartbeats, read line by line. */

import { PinboardError } from '../../model/problem.ts';
import { AGENT_VERSION, AgentProtocolError, parseAgentLine } from '../../protocol/agent.ts';
import type { AgentLine } from '../../protocol/agent.ts';
import { ANSWER_MS, atMost, within } from '../deadline.ts';
import type { AgentProcess } from '../host.ts';
import { startScript } from '../scripts/start.ts';
import { ended, endedEarly, lastWords, newMark, nextMarked, readLines } from '../scripts/talk.ts';
import type { Channel, Transport } from '../transport.ts';
import type { DeployedAgent, Start } from './watch.ts';

const BEAT_MS = 5000;
/**
 * Long enough for a client that is busy or a link that stalls. A measurement outlives a dead link by this, the second that the
 * inner guard waits longer, and the time it takes to end everything: by less than the 20 s that are promised.
 */
const DEADLINE_MS = 18_000;
/** The files of a sample of 2,048 CPUs are below 1 MiB. */
const MAX_LINE = 8 * 1024 * 1024;
/** The agent gives up on processes that cannot be killed after 10 s. */
const STOP_MS = 12_000;

/** Arguments as the agent takes them on stdin: their count, then each with its length in bytes. */
function encodeArgs(args: readonly string[]): Buffer {
  const encoded = args.flatMap((arg) => {
    const bytes = Buffer.from(arg);
    return [Buffer.from(`${bytes.length}\n`), bytes, Buffer.from('\n')];
  });
  return Buffer.concat([Buffer.from(`${args.length}\n`), ...encoded]);
}

type Lines = AsyncGenerator<string, void, undefined>;

async function handshake(
  transport: Transport,
  channel: Channel,
  agent: { readonly file: string; readonly sha256: string; readonly start: Start },
  lines: Lines,
  words: () => string,
  signal: AbortSignal | undefined,
): Promise<'go' | 'gone'> {
  const mark = newMark();
  const waiting = { host: transport.name, ms: transport.answerMs ?? ANSWER_MS, signal };
  channel.stdin.write(startScript(mark));
  if ((await nextMarked(lines, mark, waiting)) !== 'ready') throw await endedEarly(transport, channel, words);
  channel.stdin.write([agent.file, agent.sha256, agent.start.seal, agent.start.group, ''].join('\n'));
  const answer = await nextMarked(lines, mark, waiting);
  if (answer === null) throw await endedEarly(transport, channel, words);
  if (answer === 'go' || answer === 'gone') return answer;
  throw new PinboardError(
    'no-agent',
    `The agent on ${transport.name} has changed since it was verified; it was not started.`,
    answer === 'changed'
      ? 'sha256sum is missing on the host: sudo apt install coreutils'
      : 'Someone or something modified it. Connect again to upload a fresh one.',
  );
}

class RunningAgent implements AgentProcess {
  readonly lines: AsyncIterable<AgentLine>;
  readonly #channel: Channel;
  readonly #clear: () => void;
  readonly #beat: NodeJS.Timeout;
  #stopped = false;
  #ending: Promise<void> | null = null;

  constructor(transport: Transport, channel: Channel, lines: Lines, words: () => string, clear: () => void) {
    this.#channel = channel;
    this.#clear = clear;
    this.#beat = setInterval(() => channel.stdin.write('\n'), BEAT_MS);
    this.#beat.unref();
    void channel.exited.then(() => clearInterval(this.#beat));
    this.lines = this.#read(transport, lines, words);
  }

  ask(line: string): void {
    this.#channel.stdin.write(`${line}\n`);
  }

  async *#read(transport: Transport, lines: Lines, words: () => string): AsyncGenerator<AgentLine> {
    try {
      for await (const text of lines) {
        const line = parseAgentLine(text);
        if (line.type === 'error') throw new PinboardError(line.code, line.message, line.hint);
        if (line.type === 'done') {
          // Left to end by itself: what a program of the user's left behind is cleared away before the status comes.
          await this.#ended();
          return;
        }
        yield line;
      }
      if (!this.#stopped) throw await died(transport, this.#channel, words);
    } catch (error) {
      if (!this.#stopped) throw asProblem(error);
    } finally {
      await this.stop();
    }
  }

  #ended(): Promise<Awaited<Channel['exited']> | null> {
    return atMost(STOP_MS, this.#channel.exited);
  }

  stop(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#beat);
    this.#channel.stdin.end();
    // Nobody reads any more, and a full pipe must not keep it from ending.
    this.#channel.stdout.resume();
    const status = await this.#ended();
    // A guard that was killed, or that cannot end what it started, may leave something behind.
    if (typeof status?.code !== 'number') this.#clear();
    this.#channel.close();
  }
}

function asProblem(error: unknown): unknown {
  if (!(error instanceof AgentProtocolError)) return error;
  return new PinboardError('agent-died', error.message, 'Run it again. What was measured so far is kept.');
}

async function died(transport: Transport, channel: Channel, words: () => string): Promise<PinboardError> {
  const { code, signal } = await ended(channel);
  if (code === null && signal === null) return endedEarly(transport, channel, words);
  const said = words();
  return new PinboardError(
    'agent-died',
    `The agent on ${transport.name} exited early (${signal ?? `status ${code}`})${said === '' ? '.' : `: ${said}`}`,
    "What was measured so far is kept. Run it again; if it fails again, check the host's kernel log (dmesg).",
  );
}

/** Starts it; null when its file is gone. @throws PinboardError `no-agent`, `version`, `connection-lost`, `cancelled`, or its own. */
export async function startAgent(
  transport: Transport,
  deployed: DeployedAgent,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<AgentProcess | null> {
  const channel = await transport.shell(signal);
  const words = lastWords(channel.stderr);
  const lines = readLines(channel.stdout, MAX_LINE);
  const start = deployed.start();
  try {
    const agent = { file: deployed.file, sha256: deployed.sha256, start };
    if ((await handshake(transport, channel, agent, lines, words, signal)) === 'gone') {
      channel.close();
      return null;
    }
    channel.stdin.write(encodeArgs(['--heartbeat-ms', String(DEADLINE_MS), ...args]));
    const ms = transport.answerMs ?? ANSWER_MS;
    const first = await within(lines.next(), { ms, signal, late: () => lateHello(transport.name, ms) });
    if (first.done === true) throw await notStarted(transport, channel, words);
    const hello = parseAgentLine(first.value);
    if (hello.type !== 'hello' || hello.version !== AGENT_VERSION) {
      throw new PinboardError(
        'version',
        'The agent uses a different version of the protocol.',
        'Rebuild it: npm run build',
      );
    }
  } catch (error) {
    channel.close();
    start.clear();
    throw asProblem(error);
  }
  return new RunningAgent(transport, channel, lines, words, start.clear);
}

function lateHello(host: string, ms: number): PinboardError {
  return new PinboardError(
    'agent-died',
    `The agent was started on ${host} but did not respond within ${ms / 1000} s.`,
    'Check whether the host is overloaded, then try again.',
  );
}

async function notStarted(transport: Transport, channel: Channel, words: () => string): Promise<PinboardError> {
  const { code, signal } = await ended(channel);
  if (code === null && signal === null) return endedEarly(transport, channel, words);
  return new PinboardError(
    'no-agent',
    `The agent failed to start on ${transport.name} (${signal ?? `status ${code}`}): ${words()}`,
    'The host may not let programs run from that directory (noexec, SELinux), or it may have a different architecture.',
  );
}
