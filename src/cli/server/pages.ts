/** The documents that the server writes itself: the board's, the one that a key opens, and the refusal. */

import { randomBytes } from 'node:crypto';
import { pageHtml } from '../../protocol/page-html.ts';

export const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const HTML = { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' };

/** Where a browser remembers its board's path. Storage knows ports, so no other server on 127.0.0.1 reads it. */
const STORED = 'numa-pinboard-path';

export interface Document {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const nonceOf = (): string => randomBytes(16).toString('base64url');

export function boardPage(): Document {
  const nonce = nonceOf();
  // Addresses relative to the board's path, the only one that the cookie is sent to.
  const body = pageHtml({
    scriptUri: 'board.js',
    styleUri: 'board.css',
    nonce,
    cspSource: "'self'",
    connect: "'self'",
  });
  return { status: 200, headers: HTML, body };
}

/**
 * A page that goes on by its own script. A redirect would not do: it counts as made by whoever linked here, and a
 * SameSite=Strict cookie is not sent with it. Replacing leaves no address with a key in the tab's history.
 */
function scripted(status: number, words: string, script: string, headers: Readonly<Record<string, string>>): Document {
  const nonce = nonceOf();
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>NUMA Pinboard</title>
</head>
<body>
<p>${words}</p>
<script nonce="${nonce}">${script}</script>
</body>
</html>
`;
  return { status, headers: { ...HTML, ...headers }, body };
}

export function openedPage(path: string, cookie: string): Document {
  const [key, to] = [JSON.stringify(STORED), JSON.stringify(path)];
  const script = `try { localStorage.setItem(${key}, ${to}); } catch {} location.replace(${to});`;
  return scripted(200, `<a href="${path}">The board</a>`, script, { 'Set-Cookie': cookie });
}

/** To who has no key, or a dead one: a browser that was let in before finds its board again. */
export function keylessPage(): Document {
  const words =
    'Each address that numa-pinboard prints opens the board once. Open the last one in the terminal; a new one is printed each time.';
  const script = `try { const path = localStorage.getItem(${JSON.stringify(STORED)}); if (/^\\/[\\w-]+\\/$/.test(path)) location.replace(path); } catch {}`;
  return scripted(403, words, script, {});
}

export function refusal(status: 400 | 401 | 403 | 404 | 405 | 421): Document {
  const words = {
    400: 'This server does not understand the request.',
    401: 'Send the token of the file that was given to --metrics.',
    403: 'Open the last address that numa-pinboard printed in its terminal.',
    404: 'Not found.',
    405: 'This server answers only GET requests.',
    421: 'This server answers only on 127.0.0.1.',
  }[status];
  return { status, headers: { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' }, body: words };
}
