/** The watch over a connection on its host: what ends there with it (scripts/watch.ts), and the talk that sets it up. */

import { randomBytes } from 'node:crypto';
import type { PinboardError } from '../../model/problem.ts';
import { ANSWER_MS, atMost, within } from '../deadline.ts';
import { watchScript } from '../scripts/deploy.ts';
import { endedEarly, lastWords, newMark, nextMarked, readLines } from '../scripts/talk.ts';
import type { Mark } from '../scripts/talk.ts';
import { WATCH_BEAT_MS } from '../scripts/watch.ts';
import type { Channel, Transport } from '../transport.ts';

/** What the watch may take to end stubborn processes whose guards were killed; mostly it has none to end. */
const REMOVE_MS = 10_000;
/** Noise of a login may have no end of line. */
const MAX_LINE = 8 * 1024 * 1024;

/** One start of the agent. */
export interface Start {
  /** The agent and all it starts carry it in their environment. */
  readonly seal: string;
  /** A control group to enter, or ''. */
  readonly group: string;
  /** Ends what this agent left behind: for one that did not end as it should. */
  readonly clear: () => void;
}

export interface DeployedAgent {
  readonly file: string;
  readonly sha256: string;
  /** False once nobody watches over it any more; its directory goes then. */
  readonly alive: boolean;
  readonly start: () => Start;
  readonly remove: () => Promise<void>;
}

/** Keeps the watch of a connection up, and says when it ended. */
export class Watch implements DeployedAgent {
  readonly file: string;
  readonly sha256: string;
  readonly #channel: Channel;
  readonly #seal: string;
  readonly #group: string;
  readonly #beat: NodeJS.Timeout;
  #started = 0;
  #alive = true;

  constructor(channel: Channel, agent: { file: string; sha256: string; seal: string; group: string }) {
    this.file = agent.file;
    this.sha256 = agent.sha256;
    this.#seal = agent.seal;
    this.#group = agent.group;
    this.#channel = channel;
    this.#beat = beating(channel);
    void channel.exited.then(() => {
      this.#alive = false;
      channel.close();
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  start(): Start {
    const number = ++this.#started;
    return {
      seal: `${this.#seal}-${number}-`,
      group: this.#group,
      clear: () => void this.#channel.stdin.write(`e${number}\n`),
    };
  }

  async remove(): Promise<void> {
    clearInterval(this.#beat);
    this.#channel.stdin.end();
    await atMost(REMOVE_MS, this.#channel.exited);
    this.#channel.close();
  }
}

export function beating(channel: Channel): NodeJS.Timeout {
  const beat = setInterval(() => channel.stdin.write('.'), WATCH_BEAT_MS);
  beat.unref();
  void channel.exited.then(() => clearInterval(beat));
  return beat;
}

/** A talk with one of the scripts of a watch. */
export class Talk {
  readonly channel: Channel;
  readonly words: () => string;
  /** How long a first answer may take. */
  readonly answerMs: number;
  readonly #transport: Transport;
  readonly #lines: AsyncGenerator<string, void, undefined>;
  readonly #mark: Mark;
  readonly #signal: AbortSignal | undefined;

  private constructor(transport: Transport, channel: Channel, mark: Mark, signal: AbortSignal | undefined) {
    this.channel = channel;
    this.words = lastWords(channel.stderr);
    this.answerMs = transport.answerMs ?? ANSWER_MS;
    this.#transport = transport;
    this.#lines = readLines(channel.stdout, MAX_LINE);
    this.#mark = mark;
    this.#signal = signal;
  }

  static async begin(
    transport: Transport,
    script: (mark: Mark, seal: string) => string,
    signal: AbortSignal | undefined,
  ): Promise<{ talk: Talk; seal: string }> {
    const mark = newMark();
    const seal = randomBytes(12).toString('hex');
    const talk = new Talk(transport, await transport.shell(signal), mark, signal);
    talk.channel.stdin.write(script(mark, seal));
    return { talk, seal };
  }

  /** `late`: what it says when the time has passed, where that is not that the shell is silent. */
  async answer(ms = this.answerMs, late?: () => PinboardError): Promise<string> {
    const { name: host } = this.#transport;
    const waiting = nextMarked(this.#lines, this.#mark, { host, signal: this.#signal, ms: late ? Infinity : ms });
    const answer = await (late ? within(waiting, { ms, late }) : waiting);
    if (answer === null) throw await endedEarly(this.#transport, this.channel, this.words);
    return answer;
  }
}

/** The control group, where there is one, in the scripts' words. */
export const groupIn = (word: string | undefined): string => (word === undefined || word === '-' ? '' : word);

/** For an agent that runs where it lies: the watch alone. @throws PinboardError `unreachable`, `unsupported`, `cancelled`. */
export async function watchAgent(
  transport: Transport,
  agent: { readonly file: string; readonly sha256: string },
  signal?: AbortSignal,
): Promise<DeployedAgent> {
  const { talk, seal } = await Talk.begin(transport, (mark, seal) => watchScript(mark, seal), signal);
  try {
    const group = /^watching (\/\S*)$/.exec(await talk.answer())?.[1];
    return new Watch(talk.channel, { ...agent, seal, group: groupIn(group) });
  } catch (error) {
    talk.channel.close();
    throw error;
  }
}
