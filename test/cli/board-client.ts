// Owns a page without a browser: opens the printed address as one does, then speaks the page's protocol over the socket.
import { WebSocket } from 'ws';
import { MESSAGES_VERSION } from '../../src/protocol/messages.ts';
import { waitFor } from '../support/processes.ts';
import type { Started } from './cli.ts';

const PATIENT = { timeoutMs: 120_000 };

export interface Message {
  readonly type: string;
  readonly event?: string;
  readonly id?: number;
  readonly outcome?: string;
  readonly result?: unknown;
  readonly problem?: { readonly code: string; readonly message: string };
  readonly patch?: { readonly running?: { readonly points: readonly (readonly number[])[] } | null };
}

/** The printed addresses so far; each opens once. */
export const addresses = (of: Started): string[] => of.stdout().match(/http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/g) ?? [];

export async function nextAddress(of: Started, at: number): Promise<URL> {
  const found = await waitFor(() => addresses(of)[at], {
    what: () => `address number ${String(at + 1)}:\n${of.output()}`,
    ...PATIENT,
  });
  return new URL(found);
}

/** What a browser holds after it opened an address. */
export interface Entry {
  readonly port: number;
  /** "name=value". */
  readonly cookie: string;
  /** The board's own path. */
  readonly path: string;
}

export async function enter(address: URL): Promise<Entry> {
  const opened = await fetch(address);
  const set = opened.headers.get('set-cookie') ?? '';
  const [cookie = ''] = set.split(';');
  return { port: Number(address.port), cookie, path: /Path=([^;]+)/.exec(set)?.[1] ?? '' };
}

export interface BoardClient {
  readonly socket: WebSocket;
  readonly messages: readonly Message[];
  send(id: number, method: string, params?: object): void;
  cancel(id: number): void;
  answerTo(id: number): Promise<Message>;
  /** How many figures the run that goes on has shown so far. */
  figures(): number;
}

/** @param search "?run=ID" for the page of one run. */
export async function boardClient({ port, cookie, path }: Entry, search = ''): Promise<BoardClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}${path}socket${search}`, {
    origin: `http://127.0.0.1:${String(port)}`,
    headers: { cookie },
  });
  const messages: Message[] = [];
  socket.on('message', (data) => messages.push(JSON.parse((data as Buffer).toString('utf8')) as Message));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    messages,
    send: (id, method, params = {}) => socket.send(JSON.stringify({ type: 'request', id, method, params })),
    cancel: (id) => socket.send(JSON.stringify({ type: 'cancel', id })),
    answerTo: (id) =>
      waitFor(() => messages.find((message) => message.type === 'response' && message.id === id), {
        what: `the answer to ${String(id)}`,
        ...PATIENT,
      }),
    figures: () => messages.reduce((most, { patch }) => Math.max(most, patch?.running?.points[0]?.length ?? 0), 0),
  };
}

const WORKLOAD = { kind: 'spsc', padding: 128, capacity: 1024, batch: 1, pages: '4k', durationMs: 100, latency: false };

/** Starts a run that goes on until it is cancelled, as request `id`; settles with its first figure. */
export async function longRun(board: BoardClient, id: number, rounds = 500): Promise<void> {
  board.send(id + 1, 'open', { version: MESSAGES_VERSION });
  board.send(id + 2, 'configure', { ...WORKLOAD, rounds });
  board.send(id + 3, 'place', { slot: 'producer', on: [0] });
  board.send(id + 4, 'place', { slot: 'consumer', on: [1] });
  board.send(id, 'run');
  await waitFor(() => board.figures() > 0, { what: 'a first figure', ...PATIENT });
}
