/**
 * known_hosts files (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT") and what they say of a host: never more trusting than
 * OpenSSH, which `test/remote/hostkeys-openssh.test.ts` holds side by side. Pure: text in, verdicts out.
 *
 * Files are read as latin1: OpenSSH compares bytes.
 */

import { randomBytes } from 'node:crypto';
import { encodedKey } from './host-key-blob.ts';
import type { HostKey } from './host-key-blob.ts';
import { hashName, nameMatcher } from './known-names.ts';

export interface Where {
  readonly file: string;
  readonly line: number;
}

export interface KnownHost extends HostKey {
  readonly marker: 'revoked' | 'cert-authority' | null;
  readonly where: Where;
  /** `name`: as `knownName` writes it. */
  matches(name: string): boolean;
}

export type Verdict =
  | { readonly kind: 'known' }
  /** `authority`: the line of a certificate authority that stands for this host, which this program cannot ask. */
  | { readonly kind: 'unknown'; readonly authority: Where | null }
  | { readonly kind: 'changed' | 'revoked'; readonly where: Where };

/** Types of keys that the transport can negotiate. */
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

/** Null for a marker that is none: OpenSSH passes such a line over. */
function markerOf(text: string | undefined): KnownHost['marker'] | undefined {
  if (text === undefined) return null;
  return text === 'revoked' || text === 'cert-authority' ? text : undefined;
}

const LINE = /^[ \t]*(?:@([^ \t]*)[ \t]+)?([^ \t#@][^ \t]*)[ \t]+([^ \t#][^ \t]*)[ \t]+([^ \t]+)/;

/** Lines that are none of these forms are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((content, at): KnownHost[] => {
    // In C, a line ends at its first NUL.
    const [, markerText, names = '', type = '', encoded = ''] = LINE.exec(content.split('\0', 1)[0] ?? '') ?? [];
    const marker = markerOf(markerText);
    const key = encodedKey(type, encoded);
    if (key === null || marker === undefined) return [];
    return [{ ...key, marker, where: { file, line: at + 1 }, matches: nameMatcher(names) }];
  });
}

/**
 * `name` by `knownName`; `plainName` is the name without its port. As OpenSSH: only where nothing stands under the name
 * with its port does an entry without one count, and then only when it holds this very key.
 */
export function judge(hosts: readonly KnownHost[], name: string, plainName: string, key: HostKey): Verdict {
  const same = (host: KnownHost): boolean => host.base64 === key.base64;
  const revoked = hosts.find(
    (host) => host.marker === 'revoked' && same(host) && (host.matches(name) || host.matches(plainName)),
  );
  if (revoked) return { kind: 'revoked', where: revoked.where };
  const own = hosts.filter((host) => host.marker === null && host.matches(name));
  if (own.some(same)) return { kind: 'known' };
  // A key of another type is as good as changed: else a type that was never seen would be the way around.
  const other = own.find(({ type }) => type === key.type) ?? own[0];
  if (other) return { kind: 'changed', where: other.where };
  if (hosts.some((host) => host.marker === null && same(host) && host.matches(plainName))) return { kind: 'known' };
  const authority = hosts.find((host) => host.marker === 'cert-authority' && host.matches(name));
  return { kind: 'unknown', authority: authority?.where ?? null };
}

/** Types to ask the host for first: those that can be checked. As OpenSSH, by the name with its port alone. */
export function knownTypes(hosts: readonly KnownHost[], name: string): string[] {
  const own = hosts.filter((host) => host.marker === null && host.matches(name));
  return [...new Set(own.map(({ type }) => type))].filter((type) => (KEY_TYPES as readonly string[]).includes(type));
}

/** A line to remember the key by. */
export function formatKnownHost(name: string, key: HostKey, hashed: boolean): string {
  return `${hashed ? hashName(name, randomBytes(20)) : name} ${key.type} ${key.base64}\n`;
}
