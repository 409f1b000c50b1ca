/** Shells over one SSH connection: no more at once than a server allows, and tried again when it frees one late. */

import type { Client, ClientChannel } from 'ssh2';
import { PinboardError } from '../../model/problem.ts';
import type { Channel } from '../transport.ts';
import type { Hop } from './hop.ts';

/** The login shell may be fish, tcsh or anything else: this is all it ever reads. */
const REMOTE_COMMAND = 'exec /bin/sh';
/** sshd's MaxSessions is 10 by default, and others may share the account's connection settings. */
const AT_ONCE = 6;
/** Waits before a refused channel is asked for again. sshd counts an ended session until its processes are gone. */
const RETRY_MS = [50, 100, 200, 400, 800, 1600];
const OPEN_CONNECT_FAILED = 2;

function execute(client: Client): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(REMOTE_COMMAND, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}

async function openStream(client: Client, host: string): Promise<ClientChannel> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await execute(client);
    } catch (error) {
      const wait = RETRY_MS[attempt];
      const refused = error instanceof Error && 'reason' in error && error.reason === OPEN_CONNECT_FAILED;
      if (!refused || wait === undefined) {
        const words = error instanceof Error ? error.message : String(error);
        throw new PinboardError(
          'connection-lost',
          `${host} opens no shell: ${words}.`,
          refused ? 'Other connections may use up its MaxSessions; close some, then try again.' : 'Connect again.',
          { cause: error },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function asChannel(stream: ClientChannel, connectionClosed: Promise<void>): Channel {
  stream.on('error', () => undefined);
  stream.stderr.on('error', () => undefined);
  return {
    stdin: stream,
    stdout: stream,
    stderr: stream.stderr,
    exited: new Promise((resolve) => {
      stream.once('exit', (code: number | null, signal?: string) => resolve({ code, signal: signal ?? null }));
      stream.once('close', () => resolve({ code: null, signal: null }));
      // The stream itself closes only once all that came was read, and perhaps nobody reads.
      void connectionClosed.then(() => resolve({ code: null, signal: null }));
    }),
    close() {
      stream.end();
      stream.close();
      // It counts as closed only once everything that came was taken.
      stream.resume();
      stream.stderr.resume();
    },
  };
}

export class Channels {
  readonly #client: Client;
  readonly #closed: Promise<void>;
  readonly #host: string;
  readonly #open = new Set<Channel>();
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor({ client, closed }: Hop, host: string) {
    this.#client = client;
    this.#closed = closed;
    this.#host = host;
    // Who still waits must not wait for shells whose output nobody reads: each finds out for itself.
    void closed.then(() => {
      for (const next of this.#waiting.splice(0)) next();
    });
  }

  async shell(): Promise<Channel> {
    if (this.#taken >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken++;
    try {
      const stream = await openStream(this.#client, this.#host);
      const channel = asChannel(stream, this.#closed);
      this.#open.add(channel);
      stream.once('close', () => {
        this.#open.delete(channel);
        this.#release();
      });
      return channel;
    } catch (error) {
      this.#release();
      throw error;
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
