/** An SSH host as a transport: its configuration, the hosts to jump through, the connection, and how it ends. */

import type { Duplex } from 'node:stream';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { ANSWER_MS, cancelled, within } from '../deadline.ts';
import type { Prompter, Transport } from '../transport.ts';
import { Channels } from './channels.ts';
import { resolveHost } from './config.ts';
import { place } from './failure.ts';
import { connectHop } from './hop.ts';
import type { Hop } from './hop.ts';
import type { HostSettings } from './settings.ts';
import { parseTarget } from './target.ts';

const MAX_JUMPS = 8;

/** What the ssh configuration does not say, in milliseconds. */
export interface Deadlines {
  /** Each answer of the server during the login. */
  readonly login: number;
  /** A shell, from asking for it until it is there. */
  readonly channel: number;
  /** A shell's first answer. */
  readonly answer: number;
}

const DEADLINES: Deadlines = { login: 30_000, channel: 30_000, answer: ANSWER_MS };

export interface SshOptions {
  /** An alias of the ssh config, `user@host`, `user@host:port`, `[v6]:port`. */
  readonly target: string;
  /** Another configuration than the user's own. */
  readonly sshConfig?: string;
  readonly prompter: Prompter;
  readonly signal?: AbortSignal;
  /** What is being done, for a progress line. */
  readonly onStep?: (words: string) => void;
  /** What is wrong and stops nothing, such as a list of known hosts that cannot be written. */
  readonly onWarning?: (words: string) => void;
  readonly deadlines?: Partial<Deadlines>;
}

interface Reached {
  readonly settings: HostSettings;
  readonly hop: Hop;
  /** The host before it. */
  readonly before: Reached | null;
}

function tunnel({ hop, settings: from }: Reached, to: HostSettings, signal?: AbortSignal): Promise<Duplex> {
  const hint = `Check that ${from.alias} allows it (AllowTcpForwarding) and can reach the host itself.`;
  const opening = new Promise<Duplex>((resolve, reject) => {
    hop.client.forwardOut('127.0.0.1', 0, to.hostName, to.port, (error, stream) => {
      if (!error) {
        resolve(stream);
        return;
      }
      const words = `${place(to)} cannot be reached through ${from.alias}: ${clean(error.message, 200)}.`;
      reject(new PinboardError('unreachable', words, hint));
    });
  });
  const ms = to.connectTimeoutMs;
  const late = (): PinboardError =>
    new PinboardError('unreachable', `${from.alias} did not reach ${place(to)} within ${ms / 1000} s.`, hint);
  return within(opening, { ms, signal, late });
}

/** Whether a jump is the host itself: then it is reached directly, as with a ProxyJump that `Host *` gives to all. */
function isItself(jump: string, name: string, { hostName }: HostSettings): boolean {
  const { host } = parseTarget(jump);
  return [parseTarget(name).host, hostName].some((own) => own.toLowerCase() === host.toLowerCase());
}

class Chain {
  /** The farthest first: each is carried by the next. */
  readonly #hops: Hop[] = [];
  readonly #options: SshOptions;
  /** Passphrases and passwords that were given, for a further login. */
  readonly #answers = new Map<string, string>();

  constructor(options: SshOptions) {
    this.#options = options;
  }

  /** Connects to `name`; `jumps` in place of what its own configuration says, where they are given. */
  async connect(name: string, jumps: readonly string[] | null, depth = 0): Promise<Reached> {
    const { sshConfig, signal } = this.#options;
    if (signal?.aborted === true) throw cancelled('Connecting was cancelled.');
    const settings = await resolveHost(name, sshConfig, signal);
    if (settings.proxyCommand !== null && settings.jumps.length === 0) {
      throw new PinboardError(
        'unsupported',
        `${name} is reached through a ProxyCommand (${clean(settings.proxyCommand, 100)}), which is not supported yet.`,
        'If the command is ssh -W, use ProxyJump instead.',
      );
    }
    const through = jumps ?? settings.jumps.filter((jump) => !isItself(jump, name, settings));
    const last = through.at(-1);
    if (last === undefined) return this.#reach(settings, null, signal);
    if (depth >= MAX_JUMPS) {
      throw new PinboardError('bad-file', `${name} is more than ${MAX_JUMPS} jumps away: the ssh configuration loops.`);
    }
    // As OpenSSH: the hop before takes the jumps that are left, and the first its own.
    const before = await this.connect(last, through.length > 1 ? through.slice(0, -1) : null, depth + 1);
    return this.#reach(settings, before, signal);
  }

  /** A further connection to a host that was reached, by the same way. */
  async again({ settings, before, hop }: Reached, signal: AbortSignal | undefined): Promise<Hop> {
    return (await this.#reach(settings, before, signal, hop.hostKey)).hop;
  }

  async #reach(
    settings: HostSettings,
    before: Reached | null,
    signal: AbortSignal | undefined,
    knownKey: Buffer | null = null,
  ): Promise<Reached> {
    const { prompter, onStep = () => undefined, onWarning: warn = () => undefined } = this.#options;
    const loginMs = this.#options.deadlines?.login ?? DEADLINES.login;
    const via = before === null ? null : await tunnel(before, settings, signal);
    const answers = this.#answers;
    const hop = await connectHop({ settings, prompter, signal, onStep, warn, via, loginMs, knownKey, answers });
    this.#hops.unshift(hop);
    return { settings, hop, before };
  }

  async end(): Promise<void> {
    this.#answers.clear();
    const patient = this.#options.signal?.aborted !== true;
    for (const hop of this.#hops) await hop.end(patient);
  }
}

function watch(
  { client, closed, silentMs }: Hop,
  settings: HostSettings,
  isClosing: () => boolean,
): Promise<PinboardError> {
  let last = '';
  client.on('error', (error) => (last = clean(error.message, 200)));
  return new Promise((resolve) => {
    void closed.then(() => {
      if (isClosing()) return;
      const silence = `it did not respond for ${Math.round(silentMs() / 1000)} s`;
      const why = last === 'Keepalive timeout' ? silence : last || 'the host closed it';
      resolve(
        new PinboardError(
          'connection-lost',
          `The connection to ${settings.alias} was lost: ${why}.`,
          'On the host, what is running will be stopped within 20 s and what was uploaded removed within 2 minutes. Check the network, then connect again.',
        ),
      );
    });
  });
}

/** @throws PinboardError: usage, bad-file, unreachable, host-key-*, login-refused, prompt-needed, unsupported, cancelled. */
export async function openSsh(options: SshOptions): Promise<Transport> {
  const chain = new Chain(options);
  const { answer, channel } = { ...DEADLINES, ...options.deadlines };
  let reached: Reached;
  try {
    reached = await chain.connect(options.target, null);
  } catch (error) {
    await chain.end();
    throw error;
  }
  let closing: Promise<void> | null = null;
  const channels = new Channels(reached.hop, {
    host: options.target,
    openMs: channel,
    another: (signal) => chain.again(reached, signal),
  });
  const lost = watch(reached.hop, reached.settings, () => closing !== null);
  let gone: PinboardError | null = null;
  void lost.then((problem) => (gone = problem));
  return {
    kind: 'ssh',
    name: options.target,
    answerMs: answer,
    lost,
    async shell(signal) {
      if (gone) throw gone;
      if (closing) throw new PinboardError('connection-lost', `The connection to ${options.target} was closed.`);
      return channels.shell(signal);
    },
    close() {
      channels.closeAll();
      closing ??= chain.end();
      return closing;
    },
  };
}
