/**
 * known_hosts files (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): plain and hashed names, [host]:port, patterns with
 * negation, @revoked and @cert-authority. Pure: text in, verdicts out.
 */

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface HostKey {
  /** As in the key itself: ssh-ed25519, ecdsa-sha2-nistp256, ssh-rsa … */
  readonly type: string;
  readonly base64: string;
}

export interface Where {
  readonly file: string;
  readonly line: number;
}

export interface KnownHost extends HostKey {
  readonly marker: 'revoked' | 'cert-authority' | null;
  readonly where: Where;
  /** `name`: a host name in lower case, or `[name]:port`. */
  matches(name: string): boolean;
}

export type Verdict =
  | { readonly kind: 'known' }
  /** `authority`: a certificate authority stands for this host, which this program cannot ask. */
  | { readonly kind: 'unknown'; readonly authority: boolean }
  | { readonly kind: 'changed' | 'revoked'; readonly where: Where };

/** Types of keys that the transport can negotiate; an entry of another type says nothing about what the host shows. */
export const KEY_TYPES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
] as const;

/** What known_hosts calls a host: the plain name on port 22 or by its alias, else `[name]:port`. */
export function knownName(hostName: string, port: number): string {
  const name = hostName.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

export function hostKeyFrom(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  return { type: blob.toString('latin1', 4, 4 + Math.min(length, 64)), base64: blob.toString('base64') };
}

/** `SHA256:…` as ssh shows it. */
export function fingerprint(key: HostKey): string {
  const digest = createHash('sha256').update(Buffer.from(key.base64, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

function hashName(name: string, salt: Buffer): Buffer {
  return createHmac('sha1', salt).update(name).digest();
}

/** OpenSSH's patterns know * and ? alone; brackets are letters. */
function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}

function matcher(names: string): (name: string) => boolean {
  const hashed = /^\|1\|([A-Za-z0-9+/]+=*)\|([A-Za-z0-9+/]+=*)$/.exec(names);
  if (hashed) {
    const salt = Buffer.from(hashed[1] ?? '', 'base64');
    const digest = Buffer.from(hashed[2] ?? '', 'base64');
    return (name) => digest.length === 20 && timingSafeEqual(hashName(name, salt), digest);
  }
  const patterns = names
    .toLowerCase()
    .split(',')
    .filter((pattern) => pattern !== '')
    .map((pattern) => ({ negated: pattern.startsWith('!'), test: wildcard(pattern.replace(/^!/, '')) }));
  return (name) => {
    const hits = patterns.filter(({ test }) => test.test(name));
    return hits.length > 0 && !hits.some(({ negated }) => negated);
  };
}

/** Lines that are none of these forms are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((content, at): KnownHost[] => {
    const match = /^\s*(?:@(revoked|cert-authority)\s+)?([^#@\s]\S*)\s+(\S+)\s+([A-Za-z0-9+/]+=*)(?:\s|$)/.exec(
      content,
    );
    const [, marker, names = '', type = '', encoded = ''] = match ?? [];
    if (!match) return [];
    const key = hostKeyFrom(Buffer.from(encoded, 'base64'));
    if (key.type !== type) return [];
    const where = { file, line: at + 1 };
    const known = marker === 'revoked' || marker === 'cert-authority' ? marker : null;
    return [{ ...key, marker: known, where, matches: matcher(names) }];
  });
}

/** `name` by `knownName`; `plainName` is the name without its port, under which an entry may hold, too. */
export function judge(hosts: readonly KnownHost[], name: string, plainName: string, key: HostKey): Verdict {
  const same = (host: KnownHost): boolean => host.base64 === key.base64;
  const revoked = hosts.find(
    (host) => host.marker === 'revoked' && same(host) && (host.matches(name) || host.matches(plainName)),
  );
  if (revoked) return { kind: 'revoked', where: revoked.where };
  const own = hosts.filter((host) => host.marker === null && host.matches(name));
  if (own.some(same)) return { kind: 'known' };
  // As OpenSSH: an entry without the port counts when it holds this very key.
  if (hosts.some((host) => host.marker === null && same(host) && host.matches(plainName))) return { kind: 'known' };
  // Types that could have been shown and were not are as good as changed: else another type would be the way around.
  const other = own.find(({ type }) => type === key.type) ?? own.find(({ type }) => isNegotiable(type));
  if (other) return { kind: 'changed', where: other.where };
  const authority = hosts.some((host) => host.marker === 'cert-authority' && host.matches(name));
  return { kind: 'unknown', authority };
}

function isNegotiable(type: string): boolean {
  return (KEY_TYPES as readonly string[]).includes(type);
}

/** Types to ask the host for first: those that can be checked. */
export function knownTypes(hosts: readonly KnownHost[], name: string, plainName: string): string[] {
  const types = (wanted: string): string[] =>
    hosts.filter((host) => host.marker === null && host.matches(wanted)).map(({ type }) => type);
  const own = types(name);
  return [...new Set(own.length > 0 ? own : types(plainName))].filter(isNegotiable);
}

/** A line to remember the key by. */
export function formatKnownHost(name: string, key: HostKey, hashed: boolean): string {
  const salt = randomBytes(20);
  const names = hashed ? `|1|${salt.toString('base64')}|${hashName(name, salt).toString('base64')}` : name;
  return `${names} ${key.type} ${key.base64}\n`;
}
