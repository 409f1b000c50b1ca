/**
 * Who may talk to the loopback server: only somebody who holds the token, through this very address.
 *
 * The token is in the address that is printed; the first page sets it as a cookie (HttpOnly, SameSite=Strict), which
 * the scripts and the socket then carry. Host is checked against DNS rebinding, Origin against other sites.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Gate {
  readonly token: string;
  /** Why a request is refused, as an HTTP status; null lets it pass. */
  refuse(request: IncomingMessage, port: number): 403 | 421 | null;
  /** Value of Set-Cookie when the address held the right token, else null. */
  cookieFor(request: IncomingMessage, port: number): string | null;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

export function createGate(): Gate {
  const token = randomBytes(24).toString('base64url');
  // Cookies do not know ports: the name keeps two servers on one machine apart.
  const cookieName = (port: number): string => `numa-pinboard-${String(port)}`;

  const tokenInAddress = (request: IncomingMessage): boolean => {
    const given = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token');
    return given !== null && same(given, token);
  };
  const tokenInCookie = (request: IncomingMessage, port: number): boolean =>
    (request.headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim().split('='))
      .some(([name, value]) => name === cookieName(port) && value !== undefined && same(value, token));

  return {
    token,
    refuse(request, port) {
      const hosts = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`];
      if (!hosts.includes(request.headers.host ?? '')) return 421;
      const { origin } = request.headers;
      if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return 403;
      return tokenInAddress(request) || tokenInCookie(request, port) ? null : 403;
    },
    cookieFor(request, port) {
      return tokenInAddress(request) ? `${cookieName(port)}=${token}; HttpOnly; SameSite=Strict; Path=/` : null;
    },
  };
}
