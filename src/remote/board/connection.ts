/** Which host a board shows, and the attempts at another one: the one owner of the connection. */

import type { Board } from '../../model/board/board.ts';
import { fitPlacement } from '../../model/placement/placement.ts';
import { PinboardError, toProblem } from '../../model/problem.ts';
import type { Problem, ProblemCode } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { runAgent } from '../agent/run-agent.ts';
import type { Host } from '../host.ts';
import type { Prompter } from '../transport.ts';
import {
  advance,
  answers,
  begin,
  connectionOf,
  giveUp,
  lose,
  NOWHERE,
  shownHost,
  showsHeld,
  stand,
} from './standing.ts';
import type { Named, Standing } from './standing.ts';
import type { BoardState } from '../../model/board/state.ts';

/** Reaches a host that was named, or (null) this machine; steps are words for people. */
export type Connector = (
  target: string | null,
  prompter: Prompter,
  onStep: (words: string) => void,
  signal: AbortSignal,
) => Promise<Host>;

export interface HostConnectionOptions {
  readonly connector: Connector;
  /** Asks a person; withdraws its questions when the signal aborts. */
  readonly prompterFor: (signal: AbortSignal) => Prompter;
  /** @throws PinboardError why the host that answers cannot be left now. */
  readonly stopLeaving: () => void;
  /** The host is another one, or none any more. */
  readonly onHost: (host: Host | null) => Promise<void> | void;
}

interface Attempt {
  readonly id: number;
  readonly control: AbortController;
  /** Withdraws its questions. */
  readonly over: AbortController;
  /** Whether a person answered the last question with no. */
  declined: boolean;
}

interface Picture {
  readonly topology: Topology | null;
  readonly measuring: Problem | null;
}

const NO_PICTURE: Picture = { topology: null, measuring: null };

/** What a login ends with when a person said no to one of its questions. */
const AFTER_NO: readonly ProblemCode[] = ['login-refused', 'host-key-unknown', 'cancelled'];

export class HostConnection {
  readonly #state: BoardState;
  readonly #options: HostConnectionOptions;
  #standing: Standing = NOWHERE;
  #host: Host | null = null;
  #attempt: Attempt | null = null;
  /** What the attempt comes to. */
  #coming: Promise<void> = Promise.resolve();
  /** Of the held host, while the board shows another one. */
  #hidden: Picture | null = null;
  #lastId = 0;

  constructor(state: BoardState, options: HostConnectionOptions) {
    this.#state = state;
    this.#options = options;
  }

  /** The host that answers, or null. */
  get host(): Host | null {
    return this.#host;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /**
   * The host that answers is left when the new one stands, and not before; asked for once more, it is stayed at. A second attempt
   * cancels the first, unless both are at the same host. @throws PinboardError why there is no such connection, or `cancelled`.
   */
  async connect(target: string | null, signal?: AbortSignal): Promise<void> {
    const { held, attempt } = this.#standing;
    if (answers(this.#standing) && held?.at.target === target) {
      this.stay();
      return;
    }
    if (attempt?.to.target === target) return this.#coming;
    if (this.#host) this.#options.stopLeaving();
    const { connector, prompterFor } = this.#options;
    const to: Named =
      target === null
        ? { target, name: 'this machine', transport: 'local' }
        : { target, name: target, transport: 'ssh' };
    await this.#begin(to, signal, (own) => {
      const onStep = (words: string): void => this.#step(words, own);
      return connector(target, watchful(prompterFor(own.over.signal), own), onStep, own.control.signal);
    });
  }

  /** Takes a host that is open already, and closes it when the board is done with it. */
  async use(host: Host, signal?: AbortSignal): Promise<void> {
    try {
      if (this.#host) this.#options.stopLeaving();
    } catch (error) {
      await host.close();
      throw error;
    }
    await this.#begin(nameOf(host), signal, () => Promise.resolve(host));
  }

  /** Gives up an attempt at a host; one that answers stays. */
  stay(): void {
    this.#attempt?.control.abort();
  }

  /** Ends an attempt and a connection. The board forgets the machine. */
  async disconnect(): Promise<void> {
    const [attempt, host] = [this.#attempt, this.#host];
    this.#attempt = null;
    this.#host = null;
    this.#hidden = null;
    this.#apply(NOWHERE, { ...NO_PICTURE });
    attempt?.control.abort();
    if (!host) return;
    // At once, not in turn: what still runs on a host that has fallen silent ends only with its connection.
    await Promise.all([this.#options.onHost(null), host.close().catch(() => undefined)]);
  }

  #begin(to: Named, signal: AbortSignal | undefined, open: (attempt: Attempt) => Promise<Host>): Promise<void> {
    const attempt: Attempt = {
      id: ++this.#lastId,
      control: new AbortController(),
      over: new AbortController(),
      declined: false,
    };
    this.#coming = this.#try(attempt, to, signal, open);
    return this.#coming;
  }

  async #try(
    attempt: Attempt,
    to: Named,
    signal: AbortSignal | undefined,
    open: (attempt: Attempt) => Promise<Host>,
  ): Promise<void> {
    const { control, over } = attempt;
    const cancel = (): void => control.abort();
    let host: Host | null = null;
    try {
      const before = this.#attempt;
      this.#attempt = attempt;
      this.#apply(begin(this.#standing, attempt.id, to, `Connecting to ${clean(to.name, 100)}`));
      before?.control.abort();
      // At once: what it waits for may take its time to see that nobody wants it any more.
      control.signal.addEventListener('abort', () => {
        over.abort();
        this.#apply(giveUp(this.#standing, attempt.id, null));
      });
      if (signal?.aborted === true) cancel();
      signal?.addEventListener('abort', cancel);
      stopIfAborted(control.signal);
      host = await open(attempt);
      const seen = await this.#look(host, attempt);
      // A run may have begun while this took its time.
      if (this.#host) this.#options.stopLeaving();
      await this.#take(host, { ...nameOf(host), target: to.target }, seen, attempt);
    } catch (error) {
      const problem = asProblem(error, attempt);
      this.#apply(giveUp(this.#standing, attempt.id, problem.code === 'cancelled' ? null : problem));
      await host?.close().catch(() => undefined);
      throw new PinboardError(problem.code, problem.message, problem.hint, { cause: error });
    } finally {
      over.abort();
      signal?.removeEventListener('abort', cancel);
      if (this.#attempt === attempt) this.#attempt = null;
    }
  }

  async #look(host: Host, attempt: Attempt): Promise<Picture> {
    const { signal } = attempt.control;
    stopIfAborted(signal);
    // The agent first: where it runs, reading the machine asks it whether software plays the CPU.
    this.#step('Starting the agent', attempt);
    const problem = await runAgent(host, ['identify'], { onLine: () => undefined, signal });
    stopIfAborted(signal);
    // Without an agent the board still shows the machine; without a connection it shows nothing.
    if (problem?.code === 'connection-lost') throw problem;
    this.#step('Reading the machine', attempt);
    const { topology } = await host.discover(signal);
    stopIfAborted(signal);
    return { topology, measuring: problem ? toProblem(problem) : null };
  }

  /** From here on the new host is the board's, whatever becomes of closing the one before. */
  async #take(host: Host, at: Named, seen: Picture, attempt: Attempt): Promise<void> {
    const before = this.#host;
    this.#host = host;
    this.#attempt = null;
    this.#hidden = null;
    const { topology } = seen;
    const { placement } = this.#state.board;
    this.#apply(stand(this.#standing, attempt.id, at), {
      ...seen,
      ...(topology ? { placement: fitPlacement(topology, this.#state.slots, placement) } : {}),
    });
    void host.transport.lost.then((lost) => this.#lost(host, lost));
    await Promise.all([this.#options.onHost(host), before?.close().catch(() => undefined)]);
  }

  #lost(host: Host, problem: PinboardError): void {
    if (this.#host !== host) return;
    this.#host = null;
    this.#apply(lose(this.#standing, toProblem(problem)));
    void this.#options.onHost(null);
    void host.close().catch(() => undefined);
  }

  #step(words: string, { id }: Attempt): void {
    this.#apply(advance(this.#standing, id, clean(words, 200)));
  }

  /** The one place where what the board says of its host comes from. */
  #apply(standing: Standing, picture?: Partial<Board>): void {
    if (standing === this.#standing) return;
    const before = showsHeld(this.#standing);
    this.#standing = standing;
    const { board } = this.#state;
    const now = shownHost(standing);
    const host = now && { name: now.name, transport: now.transport };
    const same = host?.name === board.host?.name && host?.transport === board.host?.transport;
    this.#state.patch({
      host: same ? board.host : host,
      connection: { ...connectionOf(standing), since: new Date().toISOString() },
      ...(picture ?? this.#pictureAfter(before)),
    });
  }

  #pictureAfter(before: boolean): Partial<Picture> {
    const { topology, measuring } = this.#state.board;
    if (before && !showsHeld(this.#standing)) {
      this.#hidden = { topology, measuring };
      return NO_PICTURE;
    }
    if (before || !showsHeld(this.#standing)) return {};
    const hidden = this.#hidden;
    this.#hidden = null;
    return hidden ?? {};
  }
}

function nameOf({ transport: { kind, name } }: Host): Named {
  return { target: kind === 'local' ? null : name, name, transport: kind };
}

/** Remembers whether the last question was declined: what then fails is no failure. */
function watchful(prompter: Prompter, attempt: Attempt): Prompter {
  const note = <T>(answer: T, declined: boolean): T => {
    attempt.declined = declined && !attempt.over.signal.aborted;
    return answer;
  };
  return {
    confirmHostKey: async (question) => {
      const agreed = await prompter.confirmHostKey(question);
      return note(agreed, !agreed);
    },
    secret: async (question) => {
      const secret = await prompter.secret(question);
      return note(secret, secret === null);
    },
  };
}

function asProblem(error: unknown, { control, declined }: Attempt): Problem {
  const problem = toProblem(error);
  if (control.signal.aborted || (declined && AFTER_NO.includes(problem.code)))
    return { code: 'cancelled', message: 'Connecting was cancelled.', hint: null };
  return problem;
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new PinboardError('cancelled', 'Connecting was cancelled.');
}
