/** What a person names a host by: an alias of the ssh config, `user@host`, `user@host:port`, `[v6]:port`. */

import { isIPv6 } from 'node:net';
import { PinboardError } from '../../model/problem.ts';

export interface Target {
  readonly host: string;
  readonly user: string | null;
  readonly port: number | null;
}

// Whatever could mean something to a shell stays out: `Match exec` and ProxyCommand put %h and %r into one.
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.+-]*$/u;
const USER = /^[\p{L}\p{N}_][\p{L}\p{N}_.+@-]*$/u;

function refuse(text: string): PinboardError {
  const shown = JSON.stringify(text.slice(0, 80));
  return new PinboardError(
    'usage',
    `${shown} is not a valid host name.`,
    'Use an alias from your ssh config, user@host, user@host:port or user@[2001:db8::1]:port.',
  );
}

export function isHostName(text: string): boolean {
  const address = text.replace(/%[A-Za-z0-9_.-]+$/, '');
  return text.length <= 255 && (NAME.test(text) || isIPv6(address));
}

/** @throws PinboardError `usage` for what is none of these, above all for options and shell characters. */
export function parseTarget(text: string): Target {
  const at = text.lastIndexOf('@');
  const user = at === -1 ? null : text.slice(0, at);
  const rest = text.slice(at + 1);
  if (user !== null && !USER.test(user)) throw refuse(text);
  const bracketed = /^\[([^[\]]+)\](?::(\d{1,5}))?$/.exec(rest);
  const plain = /^([^:]+)(?::(\d{1,5}))?$/.exec(rest);
  const [, host = rest, digits] = bracketed ?? plain ?? [];
  const port = digits === undefined ? null : Number(digits);
  if (!isHostName(host) || port === 0 || (port !== null && port > 65_535)) throw refuse(text);
  return { host, user, port };
}
