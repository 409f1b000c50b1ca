/** Shells over one SSH connection: asked for again when the server frees one late, and no wait without an end. */

import type { ClientChannel } from 'ssh2';
import { messageOf, PinboardError } from '../../model/problem.ts';
import { pause, within } from '../deadline.ts';
import type { Channel } from '../transport.ts';
import type { Hop } from './hop.ts';

/** The login shell may be fish, tcsh or anything else: this is all it ever reads. */
const REMOTE_COMMAND = 'exec /bin/sh';
/** Waits before a refused channel is asked for again. sshd counts an ended session until its processes are gone. */
const RETRY_MS = [50, 100, 200, 400, 800];
const OPEN_CONNECT_FAILED = 2;

export interface Opening {
  readonly host: string;
  /** How long the server may take to open a shell. */
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'reason' in error && error.reason === OPEN_CONNECT_FAILED;
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
      // It counts as closed only once everything that came was taken. A reader that stopped half-way (an iterator that nobody asks
      // any more) still listens, and while one does, nothing flows. That it is gone is noticed a tick later, and a `resume` from
      // before is forgotten then: only a listener for data makes what comes after that flow.
      stream.removeAllListeners('readable');
      stream.on('data', () => undefined);
      stream.resume();
      stream.stderr.resume();
    },
  };
}

export class Connection {
  readonly hop: Hop;
  /** Shells that are open or being opened. */
  #taken = 0;
  /** As many as the server was seen to allow at once. */
  #most = Infinity;

  constructor(hop: Hop) {
    this.hop = hop;
  }

  hasRoom(): boolean {
    return this.#taken < this.#most;
  }

  /** Null when the server allows no more of them. @throws PinboardError `connection-lost`, `cancelled`. */
  async shell(opening: Opening, onClose: (channel: Channel) => void): Promise<Channel | null> {
    this.#taken++;
    let opened = false;
    try {
      const stream = await this.#open(opening);
      if (stream === null) return null;
      opened = true;
      const channel = asChannel(stream, this.hop.closed);
      stream.once('close', () => {
        this.#taken--;
        onClose(channel);
      });
      return channel;
    } finally {
      if (!opened) this.#taken--;
    }
  }

  async #open({ host, ms, signal }: Opening): Promise<ClientChannel | null> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#execute({ host, ms, signal });
      } catch (error) {
        if (error instanceof PinboardError) throw error;
        const wait = RETRY_MS[attempt];
        if (isRefusal(error) && wait === undefined) {
          this.#most = Math.max(1, this.#taken - 1);
          return null;
        }
        if (!isRefusal(error) || wait === undefined) {
          const words = messageOf(error);
          throw new PinboardError('connection-lost', `${host} did not open a shell: ${words}.`, 'Connect again.', {
            cause: error,
          });
        }
        await pause(wait, signal);
      }
    }
  }

  async #execute({ host, ms, signal }: Opening): Promise<ClientChannel> {
    const opening = new Promise<ClientChannel>((resolve, reject) => {
      this.hop.client.exec(REMOTE_COMMAND, (error, stream) => {
        if (error) reject(error);
        else resolve(stream);
      });
    });
    const late = (): PinboardError =>
      new PinboardError(
        'unreachable',
        `${host} accepted the login but did not open a shell within ${ms / 1000} s.`,
        `Check whether this returns: ssh ${host} true`,
      );
    try {
      return await within(opening, { ms, signal, late });
    } catch (error) {
      // One that comes after all has nobody who wants it.
      opening.then(
        (stream) => stream.close(),
        () => undefined,
      );
      throw error;
    }
  }
}
