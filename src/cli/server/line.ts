/**
 * One page's socket. What a page does not read piles up here, so beyond a bound it gets no news until it has caught up:
 * of each part of the board the newest is kept, and of the samples the last. Answers and notices are never left out;
 * instead nothing more is taken from a page that does not read.
 */

import type { WebSocket } from 'ws';
import { joinedPatches } from '../../model/board/patch.ts';
import type { BoardPatch } from '../../model/board/patch.ts';
import type { HostEvent, ToPage } from '../../protocol/messages.ts';

/** Unread bytes from which on news is held back: several boards of the largest machines. */
const HOLD_BYTES = 8 << 20;
/** It goes on when fewer are left. */
const RELEASE_BYTES = 1 << 20;
/** A page whose answers pile up to this is cut off; it comes again by itself and asks for the whole board. */
const MAX_BYTES = 64 << 20;

type SampleEvent = Extract<HostEvent, { event: 'sample' }>;

export interface Line {
  send(message: ToPage): void;
  /** Hands on what came from the page, one after the other, as fast as it reads what is answered. */
  take(message: unknown): void;
}

export interface LineOptions {
  readonly receive: (message: unknown) => void;
}

export function createLine(socket: WebSocket, { receive }: LineOptions): Line {
  let patch: BoardPatch = {};
  let sample: SampleEvent | null = null;
  let held = false;
  let handing = false;
  const taken: unknown[] = [];

  const write = (message: ToPage): void => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(message), () => {
      if (held && socket.bufferedAmount < RELEASE_BYTES) release();
    });
    if (socket.bufferedAmount > MAX_BYTES) socket.terminate();
    else if (socket.bufferedAmount > HOLD_BYTES) held = true;
  };

  const release = (): void => {
    held = false;
    const [missed, last] = [patch, sample];
    [patch, sample] = [{}, null];
    if (Object.keys(missed).length > 0) write({ type: 'event', event: 'board', patch: missed } as ToPage);
    // The page sees by its place that it missed some, and asks for them.
    if (last !== null) write(last);
    handOn();
  };

  // A turn of the event loop for each, so that its answer, if it is there at once, counts before the next is taken.
  const handOn = (): void => {
    if (handing || held) return;
    if (taken.length === 0 || socket.readyState !== socket.OPEN) {
      socket.resume();
      return;
    }
    // What is in one piece of the stream still comes, and then nothing.
    socket.pause();
    handing = true;
    receive(taken.shift());
    setImmediate(() => {
      handing = false;
      handOn();
    });
  };

  return {
    send(message) {
      if (!held || message.type !== 'event') write(message);
      else if (message.event === 'board') patch = joinedPatches(patch, message.patch as BoardPatch);
      else if (message.event === 'sample') sample = message;
      else write(message);
    },
    take(message) {
      taken.push(message);
      handOn();
    },
  };
}
