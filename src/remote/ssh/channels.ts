/** Shells on one host: no more at once than servers allow, and over a further connection where one carries too few. */

import { PinboardError, toProblem } from '../../model/problem.ts';
import { unlessAborted } from '../deadline.ts';
import type { Channel } from '../transport.ts';
import { Connection } from './connection.ts';
import type { Hop } from './hop.ts';

/** sshd's MaxSessions is 10 by default, and others may share the account's connection settings. */
const AT_ONCE = 6;

export interface ChannelsOptions {
  readonly host: string;
  /** How long the server may take to open a shell. */
  readonly openMs: number;
  /** Logs in once more: MaxSessions counts the sessions of one connection. */
  readonly another: (signal: AbortSignal | undefined) => Promise<Hop>;
}

export class Channels {
  readonly #options: ChannelsOptions;
  readonly #first: Connection;
  #connections: Connection[];
  readonly #open = new Set<Channel>();
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(hop: Hop, options: ChannelsOptions) {
    this.#options = options;
    this.#first = new Connection(hop);
    this.#connections = [this.#first];
    // Who still waits must not wait for shells whose output nobody reads: each finds out for itself.
    void hop.closed.then(() => {
      for (const next of this.#waiting.splice(0)) next();
    });
  }

  async shell(signal?: AbortSignal): Promise<Channel> {
    await this.#place(signal);
    try {
      const channel = await this.#openSomewhere(signal);
      this.#open.add(channel);
      return channel;
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async #place(signal: AbortSignal | undefined): Promise<void> {
    if (this.#taken < AT_ONCE) {
      this.#taken++;
      return;
    }
    let mine = (): void => undefined;
    const turn = new Promise<void>((resolve) => (mine = resolve));
    this.#waiting.push(mine);
    try {
      await unlessAborted(turn, signal);
    } catch (error) {
      const at = this.#waiting.indexOf(mine);
      if (at !== -1) this.#waiting.splice(at, 1);
      else this.#release();
      throw error;
    }
  }

  async #openSomewhere(signal: AbortSignal | undefined): Promise<Channel> {
    const { host, openMs } = this.#options;
    const opening = { host, ms: openMs, signal };
    const closed = (channel: Channel): void => {
      this.#open.delete(channel);
      this.#release();
    };
    for (const connection of this.#connections) {
      if (!connection.hasRoom()) continue;
      const channel = await connection.shell(opening, closed);
      if (channel) return channel;
    }
    const further = await this.#connect(signal);
    const channel = await further.shell(opening, closed);
    if (channel) return channel;
    throw tooFew(host, 'a new connection did not get one either');
  }

  async #connect(signal: AbortSignal | undefined): Promise<Connection> {
    try {
      const further = new Connection(await this.#options.another(signal));
      this.#connections.push(further);
      void further.hop.closed.then(() => {
        this.#connections = this.#connections.filter((connection) => connection !== further);
      });
      return further;
    } catch (error) {
      const { code, message } = toProblem(error);
      if (code === 'cancelled') throw error;
      throw tooFew(this.#options.host, `logging in again failed: ${message}`);
    }
  }

  /** The place goes to the next who waits, or is free. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken--;
  }

  closeAll(): void {
    for (const channel of this.#open) channel.close();
  }
}

function tooFew(host: string, why: string): PinboardError {
  return new PinboardError(
    'connection-lost',
    `${host} refused another session on this connection, and ${why}.`,
    "Two are needed at the same time: set MaxSessions 10 in the host's /etc/ssh/sshd_config and reload sshd, or close other connections.",
  );
}
