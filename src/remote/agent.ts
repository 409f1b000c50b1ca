/** One running agent: started after its checksum held, kept alive by heartbeats, read line by line. */

import { PinboardError } from '../model/problem.ts';
import { AGENT_VERSION, AgentProtocolError, parseAgentLine } from '../protocol/agent.ts';
import type { AgentLine } from '../protocol/agent.ts';
import { ANSWER_MS, within } from './deadline.ts';
import type { AgentProcess } from './host.ts';
import { startScript } from './scripts/start.ts';
import { ended, endedEarly, lastWords, newMark, nextMarked, readLines, silentShell } from './scripts/talk.ts';
import type { Channel, Transport } from './transport.ts';

const BEAT_MS = 5000;
/** Long enough for a client that is busy or a link that stalls; it is how long a measurement outlives a dead link. */
const DEADLINE_MS = 20_000;
/** The files of a sample of 2,048 CPUs are below 1 MiB. */
const MAX_LINE = 8 * 1024 * 1024;
/** The agent gives up on processes that cannot be killed after 10 s. */
const STOP_MS = 12_000;

/** Arguments as the agent takes them on stdin: their count, then each with its length in bytes. */
export function encodeArgs(args: readonly string[]): Buffer {
  const encoded = args.flatMap((arg) => {
    const bytes = Buffer.from(arg);
    return [Buffer.from(`${bytes.length}\n`), bytes, Buffer.from('\n')];
  });
  return Buffer.concat([Buffer.from(`${args.length}\n`), ...encoded]);
}

async function handshake(
  transport: Transport,
  channel: Channel,
  agent: { file: string; sha256: string },
  lines: AsyncGenerator<string, void, undefined>,
  words: () => string,
  signal: AbortSignal | undefined,
): Promise<'go' | 'gone'> {
  const mark = newMark();
  const waiting = { host: transport.name, ms: transport.answerMs ?? ANSWER_MS, signal };
  channel.stdin.write(startScript(mark));
  if ((await nextMarked(lines, mark, waiting)) !== 'ready') throw await endedEarly(transport, channel, words);
  channel.stdin.write(`${agent.file}\n${agent.sha256}\n`);
  const answer = await nextMarked(lines, mark, waiting);
  if (answer === null) throw await endedEarly(transport, channel, words);
  if (answer === 'go' || answer === 'gone') return answer;
  throw new PinboardError(
    'no-agent',
    `The agent on ${transport.name} is not the one that was checked before; it was not started.`,
    answer === 'changed'
      ? 'sha256sum is missing on the host: sudo apt install coreutils'
      : 'Somebody or something changed it. Connect again to bring a new one.',
  );
}

class RunningAgent implements AgentProcess {
  readonly lines: AsyncIterable<AgentLine>;
  readonly #channel: Channel;
  readonly #beat: NodeJS.Timeout;
  #stopped = false;

  constructor(
    transport: Transport,
    channel: Channel,
    lines: AsyncGenerator<string, void, undefined>,
    words: () => string,
  ) {
    this.#channel = channel;
    this.#beat = setInterval(() => channel.stdin.write('\n'), BEAT_MS);
    this.#beat.unref();
    void channel.exited.then(() => clearInterval(this.#beat));
    this.lines = this.#read(transport, lines, words);
  }

  ask(line: string): void {
    this.#channel.stdin.write(`${line}\n`);
  }

  async *#read(
    transport: Transport,
    lines: AsyncGenerator<string, void, undefined>,
    words: () => string,
  ): AsyncGenerator<AgentLine> {
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

  async #ended(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, STOP_MS)));
    await Promise.race([this.#channel.exited, late]);
    clearTimeout(timer);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#beat);
    this.#channel.stdin.end();
    // Nobody reads any more, and a full pipe must not keep it from ending.
    this.#channel.stdout.resume();
    await this.#ended();
    this.#channel.close();
  }
}

function asProblem(error: unknown): unknown {
  if (!(error instanceof AgentProtocolError)) return error;
  return new PinboardError('agent-died', error.message, 'Connect again; the agent that runs is not of this version.');
}

async function died(transport: Transport, channel: Channel, words: () => string): Promise<PinboardError> {
  const { code, signal } = await ended(channel);
  if (code === null && signal === null) return endedEarly(transport, channel, words);
  const said = words();
  return new PinboardError(
    'agent-died',
    `The agent on ${transport.name} ended before it was done (${signal ?? `status ${code}`})${said === '' ? '.' : `: ${said}`}`,
    "What was measured until then is kept. Start it again; if it ends again, the host's log (dmesg) may say why.",
  );
}

/** Starts it; null when its file is gone. @throws PinboardError `no-agent`, `version`, `connection-lost`, or its own. */
export async function startAgent(
  transport: Transport,
  agent: { readonly file: string; readonly sha256: string },
  args: readonly string[],
  signal?: AbortSignal,
): Promise<AgentProcess | null> {
  const channel = await transport.shell(signal);
  const words = lastWords(channel.stderr);
  const lines = readLines(channel.stdout, MAX_LINE);
  try {
    if ((await handshake(transport, channel, agent, lines, words, signal)) === 'gone') {
      channel.close();
      return null;
    }
    channel.stdin.write(encodeArgs(['--heartbeat-ms', String(DEADLINE_MS), ...args]));
    const ms = transport.answerMs ?? ANSWER_MS;
    const first = await within(lines.next(), { ms, signal, late: () => silentShell(transport.name, ms) });
    if (first.done === true) throw await notStarted(transport, channel, words);
    const hello = parseAgentLine(first.value);
    if (hello.type !== 'hello' || hello.version !== AGENT_VERSION) {
      throw new PinboardError(
        'version',
        'The agent speaks another version of the protocol.',
        'Build it again: npm run agent',
      );
    }
  } catch (error) {
    channel.close();
    throw asProblem(error);
  }
  return new RunningAgent(transport, channel, lines, words);
}

async function notStarted(transport: Transport, channel: Channel, words: () => string): Promise<PinboardError> {
  const { code, signal } = await ended(channel);
  if (code === null && signal === null) return endedEarly(transport, channel, words);
  return new PinboardError(
    'no-agent',
    `The agent does not start on ${transport.name} (${signal ?? `status ${code}`}): ${words()}`,
    'The host may forbid programs in that directory (noexec, SELinux), or be of another architecture.',
  );
}
