/** The user's ssh-agent: what it holds, of every kind (the library hides those that it cannot use), and its signatures. */

import { connect } from 'node:net';
import ssh2 from 'ssh2';
import type { ParsedKey, SigningRequestOptions } from 'ssh2';

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const MAX_ANSWER = 1024 * 1024;
/** An agent behind a forwarded socket may be slow; one that does not answer is as good as none. */
const ANSWER_MS = 5000;

export interface AgentKey {
  readonly blob: Buffer;
  readonly comment: string;
}

function request(socket: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let answer = Buffer.alloc(0);
    const end = (error: Error | null): void => {
      connection.destroy();
      if (error) reject(error);
      else resolve(answer.subarray(4));
    };
    connection.setTimeout(ANSWER_MS, () => end(new Error('it does not answer')));
    connection.on('error', end);
    connection.on('close', () => end(new Error('it hung up')));
    connection.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      const length = answer.length >= 4 ? answer.readUInt32BE(0) : 0;
      if (length > MAX_ANSWER) end(new Error('it sent too much'));
      else if (answer.length >= 4 && answer.length >= 4 + length) end(null);
    });
    connection.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES]));
  });
}

/** @throws Error in the words of what is wrong with it. */
export async function agentKeys(socket: string): Promise<AgentKey[]> {
  const answer = await request(socket);
  if (answer[0] !== IDENTITIES_ANSWER || answer.length < 5) throw new Error('it refused');
  const count = answer.readUInt32BE(1);
  let at = 5;
  const next = (): Buffer => {
    const start = at + 4;
    if (start > answer.length) throw new Error('its answer is cut short');
    at = start + answer.readUInt32BE(at);
    return answer.subarray(start, at);
  };
  return Array.from({ length: Math.min(count, 1000) }, () => ({ blob: next(), comment: next().toString('utf8') }));
}

export function signByAgent(
  socket: string,
  key: ParsedKey,
  data: Buffer,
  options: SigningRequestOptions,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    ssh2.createAgent(socket).sign(key, data, options, (error, signature) => {
      if (signature) resolve(signature);
      else reject(error ?? new Error('The ssh-agent did not sign.'));
    });
  });
}
