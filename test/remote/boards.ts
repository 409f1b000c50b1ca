// Owns a board with this machine, the real agent and pages that speak the real protocol, as the tests of boards use it.
import type { Board } from '../../src/model/board/board.ts';
import { patchedBoard } from '../../src/model/board/patch.ts';
import type { BoardPatch } from '../../src/model/board/patch.ts';
import type { Run } from '../../src/model/run/run.ts';
import { MESSAGES_VERSION } from '../../src/protocol/messages.ts';
import type { HostEvent, ToPage } from '../../src/protocol/messages.ts';
import { createClient } from '../../src/protocol/client.ts';
import type { Client } from '../../src/protocol/client.ts';
import { attachPage } from '../../src/remote/board/attach.ts';
import { BoardSession } from '../../src/remote/board/session.ts';
import type { BoardSessionOptions } from '../../src/remote/board/options.ts';
import { PinboardError } from '../../src/model/problem.ts';
import { RunStore } from '../../src/remote/store/run-store.ts';
import { temporaryFolder } from '../support/processes.ts';
import { localHost, nothingRuns, shortWork, twoCpus } from './measuring.ts';

export interface TestPage {
  readonly client: Client;
  readonly events: HostEvent[];
  /** As the page has it: what it opened with, and every patch since. */
  board(): Board;
  /** What its face knows of it. */
  show(shown: boolean): void;
  close(): void;
}

/** Messages pass as text, as they do on a socket. */
export async function openPage(session: BoardSession): Promise<TestPage> {
  const events: HostEvent[] = [];
  let board: Board | null = null;
  const client = createClient(
    (message) => queueMicrotask(() => attached.receive(JSON.parse(JSON.stringify(message)))),
    (event) => {
      events.push(event);
      if (event.event === 'board' && board) board = patchedBoard(board, event.patch as BoardPatch);
    },
  );
  const attached = attachPage(session, (message: ToPage) => client.receive(JSON.parse(JSON.stringify(message))));
  board = await client.request('open', { version: MESSAGES_VERSION });
  return {
    client,
    events,
    board: () => board as unknown as Board,
    show: (shown) => attached.show(shown),
    close: () => {
      attached.close();
      client.close();
    },
  };
}

/** Figures that the run that goes on has so far. */
export const points = (board: Board): number => board.running?.points.reduce((sum, own) => sum + own.length, 0) ?? 0;

/** Each in a folder of its own. */
class Remembering extends RunStore {
  constructor() {
    super(temporaryFolder('runs'));
  }

  override async write(run: Run): Promise<void> {
    await super.write(run);
    written.push(run);
  }
}

const sessions: BoardSession[] = [];
/** What the sessions of this test have stored, as often as they did. */
export const written: Run[] = [];

export function newSession(options: Partial<BoardSessionOptions> = {}): BoardSession {
  const session = new BoardSession({
    connector: () => Promise.reject(new PinboardError('unreachable', 'Nobody there.')),
    listHosts: () => ['alpha', 'beta'],
    exporter: (run) => Promise.resolve({ folder: `docs/numa/${run.id}`, files: ['report.md'] }),
    store: new Remembering(),
    samplingMs: 50,
    ...options,
  });
  sessions.push(session);
  return session;
}

/** Connected to this machine, producer and consumer placed. */
export async function placed(
  session = newSession(),
  host = localHost(),
): Promise<{ session: BoardSession; page: TestPage }> {
  await session.useHost(host);
  const page = await openPage(session);
  const [producer, consumer] = await twoCpus(host);
  await page.client.request('configure', shortWork);
  await page.client.request('place', { slot: 'producer', on: [producer] });
  await page.client.request('place', { slot: 'consumer', on: [consumer] });
  return { session, page };
}

/** To be called after each test. */
export async function endSessions(): Promise<void> {
  written.length = 0;
  await Promise.all(sessions.splice(0).map((session) => session.dispose()));
  await nothingRuns();
}
