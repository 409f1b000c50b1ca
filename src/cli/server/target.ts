/** What a request asks for. Its first line comes from anybody: nothing in it may throw. */

import type { IncomingMessage } from 'node:http';

export interface Target {
  readonly pathname: string;
  readonly query: URLSearchParams;
}

/** Null for what is no path on this server: "http://[", "//", "*", another host's address. */
export function targetOf({ url }: Pick<IncomingMessage, 'url'>): Target | null {
  // "//host/x" would be read as another host's address, and "/\host" as well.
  if (url === undefined || !/^\/(?![/\\])/.test(url)) return null;
  try {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    return { pathname, query: searchParams };
  } catch {
    return null;
  }
}
