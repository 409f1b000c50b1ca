/** The page in a browser: three files and one socket, on 127.0.0.1 alone, behind the gate. */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { pageHtml } from '../../model/page-html.ts';
import { PinboardError } from '../../model/problem.ts';
import type { BoardSession } from '../../remote/board-session.ts';
import { createGate } from './gate.ts';

/** Requests of a page are short; a longer one is not ours. */
const MAX_MESSAGE_BYTES = 1 << 20;

const FILES: Readonly<Record<string, string>> = {
  '/board.js': 'text/javascript; charset=utf-8',
  '/board.css': 'text/css; charset=utf-8',
};

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export interface BoardServer {
  /** The address with its token, to be opened once. */
  readonly address: string;
  close(): Promise<void>;
}

const REFUSALS = { 403: 'Open the address that numa-pinboard printed.', 421: 'This server answers on 127.0.0.1 only.' };

/**
 * @param assets folder that holds board.js and board.css.
 * @param port 0 takes any free one.
 * @throws PinboardError `unsupported` when the port is taken.
 */
export async function startServer(session: BoardSession, assets: URL, port: number): Promise<BoardServer> {
  const gate = createGate();
  const http = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const listening = (): number => (http.address() as AddressInfo).port;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = gate.refuse(request, listening());
    if (refused !== null) {
      response.writeHead(refused, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' }).end(REFUSALS[refused]);
      return;
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const type = FILES[pathname];
    if (pathname === '/favicon.ico') {
      // Every browser asks for one; there is none, and that is no error.
      response.writeHead(204, HEADERS).end();
    } else if (request.method !== 'GET' || (pathname !== '/' && type === undefined)) {
      response.writeHead(404, HEADERS).end();
    } else if (type !== undefined) {
      const body = await readFile(new URL(`.${pathname}`, assets));
      response.writeHead(200, { ...HEADERS, 'Content-Type': type }).end(body);
    } else {
      const nonce = randomBytes(16).toString('base64url');
      const page = pageHtml({
        scriptUri: '/board.js',
        styleUri: '/board.css',
        nonce,
        cspSource: "'self'",
        connect: "'self'",
      });
      const cookie = gate.cookieFor(request, listening());
      response
        .writeHead(200, {
          ...HEADERS,
          'Content-Type': 'text/html; charset=utf-8',
          'X-Frame-Options': 'DENY',
          ...(cookie === null ? {} : { 'Set-Cookie': cookie }),
        })
        .end(page);
    }
  }

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  http.on('upgrade', (request: IncomingMessage, socket, head) => {
    const ours = new URL(request.url ?? '/', 'http://localhost').pathname === '/socket';
    // A browser always sends Origin with a socket; without one it is no browser of ours.
    if (!ours || request.headers.origin === undefined || gate.refuse(request, listening()) !== null) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (page) => {
      const attached = session.attach((message) => page.send(JSON.stringify(message)));
      page.on('message', (data) => {
        try {
          attached.receive(JSON.parse((data as Buffer).toString('utf8')));
        } catch {
          page.close(1007, 'not JSON');
        }
      });
      page.on('close', () => attached.close());
      page.on('error', () => page.terminate());
    });
  });

  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const words = taken
        ? `Port ${String(port)} is taken by another program.`
        : `The page cannot be served: ${error.message}.`;
      reject(new PinboardError('unsupported', words, 'Choose another with --port, or leave it out for any free one.'));
    });
    http.listen(port, '127.0.0.1', resolve);
  });

  return {
    address: `http://127.0.0.1:${String(listening())}/?token=${gate.token}`,
    async close() {
      for (const page of sockets.clients) page.terminate();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}
