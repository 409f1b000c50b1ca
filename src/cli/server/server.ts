/**
 * The page in a browser: three files and one socket, on 127.0.0.1 alone, behind the gate. Whatever is sent to the port
 * ends its own connection at most, never the server, which would end the run with it; and no connection waits for ever.
 */

import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { PinboardError } from '../../model/problem.ts';
import { attachPage } from '../../remote/board/attach.ts';
import type { BoardSession } from '../../remote/board/session.ts';
import { answerTo, belowBoard } from './answers.ts';
import { createAccess } from './access.ts';
import type { Key } from './access.ts';
import { createLine } from './line.ts';
import type { Scraper } from './scraper.ts';
import { targetOf } from './target.ts';

/** Requests of a page are short; a longer one is not ours. */
const MAX_MESSAGE_BYTES = 1 << 20;
/** Pages of one board at a time. */
const MAX_PAGES = 64;
/** Connections at a time, with those that only began a request. */
const MAX_CONNECTIONS = 512;
/** How long a request may take to arrive, and a connection to stay without one. */
const REQUEST_MS = 10_000;
const IDLE_MS = 5000;

export interface BoardServer {
  /** An address that opens the page once. @param onUsed called when it did. */
  issue(onUsed: () => void): Address;
  readonly metricsUrl: string;
  close(): Promise<void>;
}

export interface Address extends Pick<Key, 'revoke'> {
  readonly url: string;
}

/** What a page shows: the board, or (at `?run=ID`) one run on a picture of its own. */
export interface Shown {
  readonly board: BoardSession;
  /** @throws PinboardError for a run that is not there. */
  readonly apart: (run: string) => Promise<BoardSession>;
  /** Who may read /metrics; null: nobody. */
  readonly scraper: Scraper | null;
}

/**
 * @param assets folder that holds the page's files.
 * @param port 0 takes any free one.
 * @throws PinboardError `unsupported` when the port is taken.
 */
export async function startServer({ board, apart, scraper }: Shown, assets: URL, port: number): Promise<BoardServer> {
  const gate = createAccess();
  const http = createServer(
    {
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => void answer(request, response),
  );
  http.maxConnections = MAX_CONNECTIONS;
  let listening = port;
  const isKept = (run: string): Promise<boolean> =>
    board.kept.find(run).then(
      () => true,
      () => false,
    );

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A peer that goes away in the middle.
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    try {
      const { status, headers, body } = await answerTo(request, { gate, port: listening, assets, isKept, scraper });
      // What came with a refused request is not read to its end.
      response.writeHead(status, status < 400 ? headers : { ...headers, Connection: 'close' }).end(body);
    } catch {
      response.destroy();
    }
  }

  http.on('clientError', (_error, socket) => refuse(socket, '400 Bad Request'));

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, clientTracking: true });
  sockets.on('wsClientError', (_error, socket) => refuse(socket, '400 Bad Request'));

  /** A picture of its own goes with its page. */
  async function show(run: string | null, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      const session = run === null ? board : await apart(run);
      sockets.handleUpgrade(request, socket, head, (page) => {
        attach(session, page);
        if (session !== board) page.on('close', () => void session.dispose());
      });
    } catch {
      refuse(socket, '404 Not Found');
    }
  }

  http.on('upgrade', (request: IncomingMessage, socket, head) => {
    // Before anything else: without a listener a reset would end the process.
    socket.on('error', () => socket.destroy());
    try {
      const target = targetOf(request);
      const ours = target !== null && belowBoard(target.pathname, gate) === '/socket';
      // A browser always sends Origin with a socket; without one it is no browser of ours.
      const known = request.headers.origin !== undefined && gate.knows(request, listening);
      if (!ours || !known || gate.refuse(request, listening) !== null) refuse(socket, '403 Forbidden');
      else if (sockets.clients.size >= MAX_PAGES) refuse(socket, '503 Service Unavailable');
      else void show(target.query.get('run'), request, socket, head);
    } catch {
      socket.destroy();
    }
  });

  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const words = taken ? `Port ${String(port)} is already in use.` : `The page cannot be served: ${error.message}.`;
      reject(
        new PinboardError(
          'unsupported',
          words,
          'Choose another port with --port, or leave it out to use any free one.',
        ),
      );
    });
    http.listen(port, '127.0.0.1', resolve);
  });
  listening = (http.address() as AddressInfo).port;
  // Such as no file descriptor left for a further connection: those that stand go on.
  http.on('error', () => undefined);

  return {
    metricsUrl: `http://127.0.0.1:${String(listening)}/metrics`,
    issue(onUsed) {
      const { value, revoke } = gate.issue(onUsed);
      return { url: `http://127.0.0.1:${String(listening)}/?token=${value}`, revoke };
    },
    async close() {
      for (const page of sockets.clients) page.terminate();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

function attach(session: BoardSession, page: WebSocket): void {
  // ws closes a page that breaks the protocol and says so here.
  page.on('error', () => page.terminate());
  const line = createLine(page, {
    receive: (message) => {
      try {
        attached.receive(message);
      } catch {
        page.close(1011, 'not understood');
      }
    },
  });
  const attached = attachPage(session, (message) => line.send(message));
  page.on('close', () => attached.close());
  page.on('message', (data: RawData, binary: boolean) => {
    if (binary) {
      page.close(1003, 'text only');
      return;
    }
    let message: unknown;
    try {
      message = JSON.parse((data as Buffer).toString('utf8'));
    } catch {
      page.close(1007, 'not JSON');
      return;
    }
    line.take(message);
  });
}

/** Answers and hangs up, however the peer takes it. */
function refuse(socket: Duplex & { destroySoon?: () => void }, status: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
