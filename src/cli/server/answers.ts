/** What the server answers to plain requests: who gets in, and with what. */

import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { PinboardError } from '../../model/problem.ts';
import type { Access } from './access.ts';
import { boardPage, HEADERS, keylessPage, openedPage, refusal } from './pages.ts';
import type { Document } from './pages.ts';
import type { Scraper } from './scraper.ts';
import { targetOf } from './target.ts';

/** The page's script, the files beside it that it loads later, and its style. */
const FILE = /^\/board(?:-[\w-]+)?\.(js|css)$/;
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

export type Answer = Omit<Document, 'body'> & { readonly body: string | Buffer };

export interface Answering {
  readonly gate: Access;
  readonly port: number;
  readonly assets: URL;
  readonly isKept: (run: string) => Promise<boolean>;
  /** Who may read /metrics; null: nobody. */
  readonly scraper: Scraper | null;
}

/** A path below the board's own as one below "/". */
export function belowBoard(pathname: string, gate: Access): string {
  return pathname.startsWith(gate.path) ? pathname.slice(gate.path.length - 1) : pathname;
}

/** @param assets folder that holds the page's files. @param isKept whether there is such a run to show. */
export async function answerTo(request: IncomingMessage, answering: Answering): Promise<Answer> {
  const { gate, port, assets, isKept, scraper } = answering;
  const target = targetOf(request);
  if (!target) return refusal(400);
  const refused = gate.refuse(request, port);
  if (refused !== null) return refusal(refused);
  // Every browser asks for one, without the cookie; there is none, and that is no error.
  if (target.pathname === '/favicon.ico') return { status: 204, headers: HEADERS, body: '' };
  // HEAD and the like must not use a key up.
  if (request.method !== 'GET') return refusal(405);
  if (scraper && target.pathname === '/metrics') return metrics(request, scraper);
  const key = target.pathname === '/' ? target.query.get('token') : null;
  const cookie = key === null ? null : gate.exchange(key, port);
  if (cookie !== null) return openedPage(gate.path, cookie);
  const path = belowBoard(target.pathname, gate);
  if (!gate.knows(request, port)) return target.pathname === '/' ? keylessPage() : refusal(403);
  if (path === '/') {
    const run = target.query.get('run');
    return run === null || (await isKept(run)) ? boardPage() : refusal(404);
  }
  const type = TYPES[FILE.exec(path)?.[1] ?? ''];
  const body = type === undefined ? null : await readFile(new URL(`.${path}`, assets)).catch(() => null);
  if (type === undefined || body === null) return refusal(404);
  return { status: 200, headers: { ...HEADERS, 'Content-Type': type }, body };
}

/** The version of Prometheus' text format that every scraper reads. */
const METRICS = { ...HEADERS, 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' };

async function metrics(request: IncomingMessage, scraper: Scraper): Promise<Answer> {
  if (!scraper.knows(request)) {
    const refused = refusal(401);
    return { ...refused, headers: { ...refused.headers, 'WWW-Authenticate': 'Bearer' } };
  }
  try {
    return { status: 200, headers: METRICS, body: await scraper.text() };
  } catch (error) {
    // The scraper's own words for it are "down"; whoever looks there finds the reason.
    if (!(error instanceof PinboardError)) throw error;
    return {
      status: 503,
      headers: { ...METRICS, 'Content-Type': 'text/plain; charset=utf-8' },
      body: `${error.message}\n`,
    };
  }
}
