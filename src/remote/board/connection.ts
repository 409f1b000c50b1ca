/** Which host a board shows, and how it stands with it: connecting, connected, lost, failed. */

import type { Board, Connection } from '../../model/board.ts';
import { fitPlacement } from '../../model/placement.ts';
import { PinboardError, toProblem } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import { clean } from '../../model/read/clean.ts';
import { follow } from '../follow.ts';
import type { Host } from '../host.ts';
import type { Prompter } from '../transport.ts';
import type { BoardState } from './state.ts';

/** Reaches a host that was named on the page; steps are words for people. */
export type Connector = (
  target: string,
  prompter: Prompter,
  onStep: (words: string) => void,
  signal: AbortSignal,
) => Promise<Host>;

export interface HostConnectionOptions {
  readonly connector: Connector;
  /** Asks a person; withdraws its questions when the signal aborts. */
  readonly prompterFor: (signal: AbortSignal) => Prompter;
  /** The host is another one, or none any more. */
  readonly onHost: (host: Host | null) => Promise<void> | void;
}

export class HostConnection {
  readonly #state: BoardState;
  readonly #options: HostConnectionOptions;
  #host: Host | null = null;
  #attempt: AbortController | null = null;

  constructor(state: BoardState, options: HostConnectionOptions) {
    this.#state = state;
    this.#options = options;
  }

  /** The connected host, or null. */
  get host(): Host | null {
    return this.#host;
  }

  /** A second attempt cancels the first. @throws PinboardError why there is no connection, or `cancelled`. */
  async connect(target: string, signal?: AbortSignal): Promise<void> {
    const { connector, prompterFor } = this.#options;
    await this.#attach({ name: target, transport: 'ssh' }, signal, (attempt) =>
      connector(target, prompterFor(attempt), (words) => this.#step(words, attempt), attempt),
    );
  }

  /** Takes a host that is open already, and closes it when the board is done with it. */
  async use(host: Host, signal?: AbortSignal): Promise<void> {
    const { name, kind } = host.transport;
    await this.#attach({ name, transport: kind }, signal, () => Promise.resolve(host));
  }

  /** Ends an attempt or a connection. The board forgets the machine. */
  async disconnect(): Promise<void> {
    this.#attempt?.abort();
    this.#attempt = null;
    this.#state.patch({ host: null, topology: null, measuring: null, history: [], connection: connectionOf('none') });
    await this.#drop();
  }

  async #attach(
    named: NonNullable<Board['host']>,
    signal: AbortSignal | undefined,
    open: (attempt: AbortSignal) => Promise<Host>,
  ): Promise<void> {
    this.#attempt?.abort();
    const attempt = new AbortController();
    this.#attempt = attempt;
    const cancel = (): void => attempt.abort();
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel);
    // Coming back to the same host, its last picture stays while it is connected to.
    const same = this.#state.board.host?.name === named.name;
    const connection = connectionOf('connecting', { step: `Connecting to ${clean(named.name, 100)}` });
    this.#state.patch({ host: named, connection, ...(same ? {} : { topology: null, measuring: null, history: [] }) });
    let host: Host | null = null;
    try {
      await this.#drop();
      host = await open(attempt.signal);
      await this.#adopt(host, attempt.signal);
    } catch (error) {
      await host?.close().catch(() => undefined);
      throw this.#failed(error, attempt);
    } finally {
      signal?.removeEventListener('abort', cancel);
      if (this.#attempt === attempt) this.#attempt = null;
    }
  }

  async #adopt(host: Host, attempt: AbortSignal): Promise<void> {
    stopIfAborted(attempt);
    // The agent first: where it runs, reading the machine asks it whether software plays the CPU.
    this.#step('Starting the agent', attempt);
    const problem = await follow(host, ['identify'], { onLine: () => undefined, signal: attempt });
    stopIfAborted(attempt);
    // Without an agent the board still shows the machine; without a connection it shows nothing.
    if (problem?.code === 'connection-lost') throw problem;
    this.#step('Reading the machine', attempt);
    const { topology } = await host.discover(attempt);
    stopIfAborted(attempt);
    this.#host = host;
    const { name, kind } = host.transport;
    this.#state.patch({
      host: { name, transport: kind },
      topology,
      measuring: problem ? toProblem(problem) : null,
      placement: fitPlacement(topology, this.#state.board.placement),
      connection: connectionOf('connected'),
    });
    void host.transport.lost.then((lost) => this.#lost(host, lost));
    await this.#options.onHost(host);
  }

  /** The last picture is kept: it is what the person was looking at. */
  #lost(host: Host, problem: PinboardError): void {
    if (this.#host !== host) return;
    this.#host = null;
    this.#state.patch({ connection: connectionOf('lost', { problem: toProblem(problem) }) });
    void this.#options.onHost(null);
    void host.close().catch(() => undefined);
  }

  async #drop(): Promise<void> {
    const host = this.#host;
    if (!host) return;
    this.#host = null;
    // At once, not in turn: what still runs on a host that has fallen silent ends only with its connection.
    await Promise.all([this.#options.onHost(null), host.close().catch(() => undefined)]);
  }

  #step(words: string, attempt: AbortSignal): void {
    if (attempt.aborted) return;
    const { connection } = this.#state.board;
    this.#state.patch({ connection: { ...connection, step: clean(words, 200) } });
  }

  #failed(error: unknown, attempt: AbortController): PinboardError {
    const cancelled = attempt.signal.aborted;
    const problem = cancelled
      ? { code: 'cancelled' as const, message: 'Connecting was cancelled.', hint: null }
      : toProblem(error);
    // A newer attempt, or a disconnect, has the say already.
    if (this.#attempt === attempt) {
      const connection = cancelled ? connectionOf('none') : connectionOf('failed', { problem });
      const nothing = cancelled && this.#state.board.topology === null;
      this.#state.patch({ connection, ...(nothing ? { host: null } : {}) });
    }
    return new PinboardError(problem.code, problem.message, problem.hint, { cause: error });
  }
}

function connectionOf(state: Connection['state'], more: { step?: string; problem?: Problem } = {}): Connection {
  return { state, step: more.step ?? null, problem: more.problem ?? null, since: new Date().toISOString() };
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new PinboardError('cancelled', 'Connecting was cancelled.');
}
