/** Carries attacks out against the port of a served board, some at a time, and tells what came back. */

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from '../cli/board-client.ts';
import { randomOf } from './random.ts';
import { attackOf } from './requests.ts';
import type { Attack } from './requests.ts';

/** So many others have asked and been answered before a peer that waits gives up on an answer that may never come, as to half a request. */
const LATER = 2;
const AT_ONCE = 24;

export interface Outcome {
  readonly index: number;
  readonly kind: string;
  /** "HTTP 403", "closed", "reset", "silent", or "refused": nobody listened. */
  readonly answer: string;
}

/** Until the server has answered others who ask from now on: by then it has met all that was sent before, however busy it is. */
async function othersAnswered(port: number): Promise<void> {
  for (let asked = 0; asked < LATER; asked++)
    await new Promise<void>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () =>
        socket.write('GET / HTTP/1.1\r\nConnection: close\r\n\r\n'),
      );
      socket.on('error', () => undefined).on('close', () => resolve());
      socket.resume();
    });
}

function carryOut({ pieces, leaves }: Attack, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let answer = '';
    let trouble = '';
    socket.on('data', (chunk: Buffer) => {
      if (answer.length < 100) answer += chunk.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => (trouble = error.code ?? error.message));
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
      if (trouble === 'ECONNREFUSED') resolve('refused');
      else resolve(status === undefined ? (trouble === '' ? 'closed' : 'reset') : `HTTP ${status}`);
    });
    socket.on('connect', () => void act());
    const act = async (): Promise<void> => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        // So that pieces arrive apart.
        await sleep(0);
      }
      if (leaves === 'resets') {
        socket.resetAndDestroy();
        return;
      }
      if (leaves === 'ends') socket.end();
      await othersAnswered(port);
      // One that stays is left open beyond this attack, for the server to end.
      if (leaves === 'stays') resolve('silent');
      else socket.destroy();
    };
  });
}

/** Attacks number `first` up to, without, `beyond`. Stops at the first that finds nobody listening. */
export async function attack(
  entry: Entry,
  { seed, first, beyond }: { readonly seed: number; readonly first: number; readonly beyond: number },
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  let [next, over] = [first, false];
  const one = async (): Promise<void> => {
    while (next < beyond && !over) {
      const index = next++;
      const made = attackOf(randomOf(seed, index), index, entry);
      const answer = await carryOut(made, entry.port);
      if (answer === 'refused') over = true;
      onOutcome({ index, kind: made.kind, answer });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}
