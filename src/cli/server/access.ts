/**
 * Who may talk to the loopback server: only a browser that came with a key, through this very address.
 *
 * A key opens once: it is exchanged for a cookie (HttpOnly, SameSite=Strict) and dead from then on, so that what stays in
 * a terminal, a history or a file is worth nothing. Page, scripts and socket want the cookie. Host is checked against
 * DNS rebinding, Origin against other sites.
 *
 * Browsers send cookies of 127.0.0.1 to every port of it, also to another user's server. The cookie is therefore bound to
 * a path that nobody can guess, the board's own; its name tells two boards of one user apart.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Browsers that one board keeps logged in; a further one puts the oldest out. */
const MAX_SESSIONS = 64;

export interface Key {
  readonly value: string;
  /** From now on it opens nothing. */
  revoke(): void;
}

export interface Access {
  /** Where the board stands: "/…/". */
  readonly path: string;
  /** A new key. @param onUsed called when it was exchanged. */
  issue(onUsed: () => void): Key;
  /** Whether a request came through this address and from no other site; else the HTTP status to refuse it with. */
  refuse(request: IncomingMessage, port: number): 403 | 421 | null;
  /** Whether the request carries the cookie of a browser that was let in. */
  knows(request: IncomingMessage, port: number): boolean;
  /** Exchanges a key: the value of Set-Cookie, or null for a key that is unknown or dead. */
  exchange(key: string, port: number): string | null;
}

const secret = (): string => randomBytes(24).toString('base64url');
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export function createAccess(): Access {
  const path = `/${secret()}/`;
  const cookieName = (port: number): string => `numa-pinboard-${String(port)}`;
  const keys = new Set<{ readonly digest: Buffer; readonly onUsed: () => void }>();
  let sessions: Buffer[] = [];

  return {
    path,
    issue(onUsed) {
      const value = secret();
      const key = { digest: digest(value), onUsed };
      keys.add(key);
      return { value, revoke: () => void keys.delete(key) };
    },
    refuse(request, port) {
      const hosts = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`];
      if (!hosts.includes(request.headers.host ?? '')) return 421;
      const { origin } = request.headers;
      return origin !== undefined && !hosts.some((host) => origin === `http://${host}`) ? 403 : null;
    },
    knows(request, port) {
      return (request.headers.cookie ?? '')
        .split(';')
        .map((pair) => pair.trim().split('='))
        .filter(([name, value]) => name === cookieName(port) && value !== undefined)
        .map(([, value = '']) => digest(value))
        .some((given) => sessions.some((session) => timingSafeEqual(given, session)));
    },
    exchange(value, port) {
      const given = digest(value);
      const key = [...keys].find((known) => timingSafeEqual(known.digest, given));
      if (!key) return null;
      keys.delete(key);
      const session = secret();
      sessions = [...sessions, digest(session)].slice(-MAX_SESSIONS);
      key.onUsed();
      return `${cookieName(port)}=${session}; HttpOnly; SameSite=Strict; Path=${path}`;
    },
  };
}
