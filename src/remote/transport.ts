/** How a host is reached, behind one interface: this machine, or SSH. */

import type { Readable, Writable } from 'node:stream';
import type { PinboardError } from '../model/problem.ts';

/** One `/bin/sh` on the host with its three streams. */
export interface Channel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How the shell ended; both null when the connection was lost first. Never rejects. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Ends stdin and drops the channel; guards on the host see that and end what runs there. */
  close(): void;
}

export interface Transport {
  /** `recorded`: a machine on paper, on which nothing runs. */
  readonly kind: 'local' | 'ssh' | 'recorded';
  /** The host as the person named it. */
  readonly name: string;
  /** @throws PinboardError `connection-lost`, `unreachable`, `cancelled`. */
  shell(signal?: AbortSignal): Promise<Channel>;
  /** How long a shell may take until it first answers; ANSWER_MS unless it is said. */
  readonly answerMs?: number;
  /** Settles when the connection is gone without having been closed; pending forever for this machine. */
  readonly lost: Promise<PinboardError>;
  /** Ends every channel, then the connection. */
  close(): Promise<void>;
}

/** What only a person can decide. `null` declines; after the signal nobody waits for the answer. `--no-prompt` gives one that throws `prompt-needed`. */
export interface Prompter {
  /** True to go on and remember the key. */
  confirmHostKey(
    question: { host: string; keyType: string; fingerprint: string },
    signal?: AbortSignal,
  ): Promise<boolean>;
  secret(question: { title: string; detail: string }, signal?: AbortSignal): Promise<string | null>;
}
