/** The user's ssh-agent: what it holds, of every kind (the library hides those that it cannot use), and its signatures. */

import { connect } from 'node:net';
import type { SigningRequestOptions } from 'ssh2';

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_ANSWER = 14;
const RSA_SHA2_256 = 2;
const RSA_SHA2_512 = 4;
const MAX_ANSWER = 1024 * 1024;
/** An agent behind a forwarded socket may be slow; one that does not answer is as good as none. */
const ANSWER_MS = 5000;
/** A person may have to touch the key or to agree. */
const SIGN_MS = 30_000;

export interface AgentKey {
  readonly blob: Buffer;
  readonly comment: string;
}

function asString(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** One question on a connection of its own, which ends with the answer, the time or the signal. */
function request(socket: string, message: Buffer, ms: number, signal?: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let answer = Buffer.alloc(0);
    const abort = (): void => end(new Error('it was cancelled'));
    const end = (error: Error | null): void => {
      signal?.removeEventListener('abort', abort);
      connection.destroy();
      if (error) reject(error);
      else resolve(answer.subarray(4));
    };
    connection.setTimeout(ms, () => end(new Error('it did not respond')));
    signal?.addEventListener('abort', abort, { once: true });
    connection.on('error', end);
    connection.on('close', () => end(new Error('it closed the connection')));
    connection.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      const length = answer.length >= 4 ? answer.readUInt32BE(0) : 0;
      if (length > MAX_ANSWER) end(new Error('it sent too much'));
      else if (answer.length >= 4 && answer.length >= 4 + length) end(null);
    });
    connection.write(asString(message));
    if (signal?.aborted === true) abort();
  });
}

/** @throws Error in the words of what is wrong with it. */
export async function agentKeys(socket: string, signal?: AbortSignal): Promise<AgentKey[]> {
  const answer = await request(socket, Buffer.from([REQUEST_IDENTITIES]), ANSWER_MS, signal);
  if (answer[0] !== IDENTITIES_ANSWER || answer.length < 5) throw new Error('it refused');
  const count = answer.readUInt32BE(1);
  let at = 5;
  const next = (): Buffer => {
    const start = at + 4;
    if (start > answer.length) throw new Error('its response is truncated');
    at = start + answer.readUInt32BE(at);
    return answer.subarray(start, at);
  };
  return Array.from({ length: Math.min(count, 1000) }, () => ({ blob: next(), comment: next().toString('utf8') }));
}

/** The signature without the name of its algorithm, as the library wants it. @throws Error. */
export async function signByAgent(
  socket: string,
  blob: Buffer,
  data: Buffer,
  { hash }: SigningRequestOptions,
  signal?: AbortSignal,
): Promise<Buffer> {
  const flags = Buffer.from([0, 0, 0, hash === 'sha256' ? RSA_SHA2_256 : hash === 'sha512' ? RSA_SHA2_512 : 0]);
  const message = Buffer.concat([Buffer.from([SIGN_REQUEST]), asString(blob), asString(data), flags]);
  const answer = await request(socket, message, SIGN_MS, signal);
  if (answer[0] !== SIGN_ANSWER || answer.length < 9) throw new Error('The ssh-agent did not sign.');
  // string signature = string algorithm + string bytes
  const bytes = 13 + answer.readUInt32BE(5);
  if (bytes > answer.length) throw new Error('The signature from the ssh-agent is truncated.');
  return answer.subarray(bytes);
}
