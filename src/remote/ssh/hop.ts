/** One SSH connection, up to the point where it is logged in: reach, check the host's key, authenticate. */

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { AnyAuthMethod, Client, ServerHostKeyAlgorithm } from 'ssh2';
import { PinboardError } from '../../model/problem.ts';
import { cancelled } from '../deadline.ts';
import type { Prompter } from '../transport.ts';
import { Clock } from './clock.ts';
import { connectProblem, lateProblem, place } from './failure.ts';
import { HostKeyCheck } from './host-key.ts';
import { Login } from './login.ts';
import type { Warn } from './known-files.ts';
import { KEX, MACS, Offers } from './offers.ts';
import type { HostSettings } from './settings.ts';

/** How long a server may take to say goodbye. */
const GOODBYE_MS = 2000;

export interface HopOptions {
  readonly settings: HostSettings;
  readonly prompter: Prompter;
  readonly signal: AbortSignal | undefined;
  readonly onStep: (words: string) => void;
  readonly warn: Warn;
  /** A channel through the host before it; null connects directly. */
  readonly via: Duplex | null;
  /** Each answer of the server during the login starts it anew. */
  readonly loginMs: number;
  /** The key by which this very host was trusted a moment ago. */
  readonly knownKey: Buffer | null;
  /** Passphrases and passwords that were given for this connection; what is asked for anew is added. */
  readonly answers: Map<string, string>;
}

/** A connection that is logged in. */
export interface Hop {
  readonly client: Client;
  readonly closed: Promise<void>;
  readonly hostKey: Buffer | null;
  /** Milliseconds since the last byte came from there. */
  silentMs(): number;
  /** Says goodbye, and hangs up when the host does not answer that; at once where nobody has patience. */
  end(patient: boolean): Promise<void>;
}

const stopped = (): PinboardError => cancelled('Connecting was cancelled.');

function reach(settings: HostSettings, signal: AbortSignal | undefined): Promise<Socket> {
  const { hostName, port, family, connectTimeoutMs } = settings;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostName, port, ...(family === 0 ? {} : { family }) });
    const settle = (problem: PinboardError | null): void => {
      clock.stop();
      signal?.removeEventListener('abort', abort);
      socket.off('error', fail);
      if (problem === null) {
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined);
      socket.destroy();
      reject(problem);
    };
    const fail = (error: Error): void => settle(connectProblem(settings, error));
    const abort = (): void => settle(stopped());
    const clock = new Clock(() => settle(lateProblem(settings, 'connect', connectTimeoutMs)));
    clock.start(connectTimeoutMs);
    socket.once('error', fail);
    socket.once('connect', () => settle(null));
    signal?.addEventListener('abort', abort, { once: true });
  });
}

function asHop(client: Client, socket: Duplex, hostKey: Buffer | null): Hop {
  const closed = new Promise<void>((resolve) => client.once('close', resolve));
  let heard = performance.now();
  socket.on('data', () => (heard = performance.now()));
  return {
    client,
    closed,
    hostKey,
    silentMs: () => performance.now() - heard,
    async end(patient) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patient ? GOODBYE_MS : 0)));
      client.end();
      await Promise.race([closed, late]);
      clearTimeout(timer);
      // The library's own destroy() does nothing once it has said goodbye.
      socket.destroy();
    },
  };
}

/** @throws PinboardError: unreachable, one of the host-key codes, login-refused, prompt-needed, cancelled. */
export async function connectHop(options: HopOptions): Promise<Hop> {
  const { settings, prompter, signal, onStep, warn, via, loginMs, knownKey, answers } = options;
  const check = await HostKeyCheck.of(settings, { warn, signal });
  onStep(`Connecting to ${place(settings)}`);
  if (signal?.aborted === true) throw stopped();
  const socket: Duplex | Socket = via ?? (await reach(settings, signal));
  const client = new ssh2.Client();
  let phase: 'greet' | 'exchange' | 'login' = 'greet';
  let trusted = knownKey;
  const offers = new Offers();

  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (problem: PinboardError | null): void => {
      if (settled) return;
      settled = true;
      clock.stop();
      signal?.removeEventListener('abort', abort);
      if (problem === null) {
        resolve(asHop(client, socket, trusted));
        return;
      }
      client.end();
      socket.destroy();
      reject(problem);
    };
    const abort = (): void => settle(stopped());
    const clock = new Clock(() => {
      settle(lateProblem(settings, phase, phase === 'login' ? loginMs : settings.connectTimeoutMs));
    });
    const login = new Login(settings, {
      warn,
      answers,
      signal,
      secret: (question) => clock.without(async () => prompter.secret(question, signal)),
    });

    const listen = (chunk: Buffer): void => {
      if (phase === 'greet') phase = 'exchange';
      if (phase === 'login' || settled) socket.off('data', listen);
      else offers.take(chunk);
    };
    const verify = (key: Buffer, answer: (trusted: boolean) => void): void => {
      // A connection that lives long exchanges keys again, with the same host key.
      if (trusted) {
        answer(trusted.equals(key));
        return;
      }
      check
        .check(key, {
          confirm: (question) => clock.without(async () => prompter.confirmHostKey(question, signal)),
          address: 'remoteAddress' in socket ? (socket.remoteAddress ?? null) : null,
        })
        .then(
          () => {
            trusted = key;
            if (!settled) answer(true);
          },
          (error: unknown) => {
            settle(error instanceof PinboardError ? error : connectProblem(settings, error as Error));
            answer(false);
          },
        );
    };

    client.on('handshake', () => {
      if (settled) return;
      phase = 'login';
      onStep(`Logging in to ${settings.alias}`);
      clock.start(loginMs);
    });
    client.on('ready', () => {
      client.setNoDelay(true);
      settle(null);
    });
    client.on('error', (error: Error & { level?: string }) => {
      // One key that could not sign: the next one is tried.
      if (error.level === 'agent') return;
      const mismatch = offers.explain(error.message, check.algorithms());
      settle(error.level === 'client-authentication' ? login.problem() : connectProblem(settings, error, mismatch));
    });
    client.on('close', () => {
      settle(
        phase === 'login' ? login.problem() : connectProblem(settings, new Error('the host closed the connection')),
      );
    });
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    clock.start(settings.connectTimeoutMs);
    client.connect({
      sock: socket,
      host: settings.hostName,
      port: settings.port,
      username: settings.user,
      readyTimeout: 0,
      keepaliveInterval: settings.keepaliveMs,
      keepaliveCountMax: settings.keepaliveCount,
      hostVerifier: verify,
      authHandler: (left, _partial, next) => {
        clock.start(loginMs);
        // Neither null nor false stands in the library's types, and both are part of what it does.
        login.next(left, next as (method: AnyAuthMethod | false) => void);
      },
      algorithms: {
        serverHostKey: check.algorithms() as ServerHostKeyAlgorithm[],
        kex: [...KEX],
        // The library still offers those of SHA-1 by default.
        hmac: [...MACS],
      },
    });
    // The library listens, too: nothing is taken away from it.
    socket.on('data', listen);
  });
}
