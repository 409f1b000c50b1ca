/** A host's public key as its bytes say it, and as a line of text holds it. */

import { createHash } from 'node:crypto';

export interface HostKey {
  /** As in the key itself: ssh-ed25519, ecdsa-sha2-nistp256, ssh-rsa … */
  readonly type: string;
  readonly base64: string;
}

function stringAt(blob: Buffer, at: number): Buffer {
  const length = at + 4 <= blob.length ? blob.readUInt32BE(at) : 0;
  return blob.subarray(at + 4, at + 4 + length);
}

export function hostKeyFrom(blob: Buffer): HostKey {
  return { type: stringAt(blob, 0).subarray(0, 64).toString('latin1'), base64: blob.toString('base64') };
}

/** Whether a key's strings fill it: one that was cut short says nothing. Certificates hold numbers, too. */
function isWhole(blob: Buffer, type: string): boolean {
  if (type.includes('-cert-')) return true;
  let at = 0;
  while (at + 4 <= blob.length) at += 4 + blob.readUInt32BE(at);
  return at === blob.length && (type !== 'ssh-ed25519' || at === 4 + type.length + 4 + 32);
}

/** Names that OpenSSH takes for a type: an RSA key may stand under the name of a signature. */
function plainType(name: string): string {
  return name
    .replace(/^rsa-sha2-(256|512)(?=$|-cert)/, 'ssh-rsa')
    .replace(/^webauthn-(sk-ecdsa-sha2-nistp256@openssh\.com)$/, '$1');
}

/** The key of a line; null where OpenSSH would not take it for one: other characters, a wrong end, another type, a part. */
export function encodedKey(type: string, encoded: string): HostKey | null {
  // As b64_pton, which skips white space: of files with CRLF, a CR is left here.
  const text = encoded.replace(/[\r\v\f]+/g, '');
  const blob = Buffer.from(text, 'base64');
  if (text === '' || blob.toString('base64') !== text) return null;
  const key = hostKeyFrom(blob);
  return key.type === plainType(type) && isWhole(blob, key.type) ? key : null;
}

/** `SHA256:…` as ssh shows it. */
export function fingerprint(key: HostKey): string {
  const digest = createHash('sha256').update(Buffer.from(key.base64, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** ED25519 for ssh-ed25519, as ssh says it. */
export function familyOf({ type }: HostKey): string {
  return type.replace(/^ssh-/, '').replace(/-.*$/, '').toUpperCase();
}

/** Size of an RSA key's modulus in bits; null for other types. */
export function rsaBits(key: HostKey): number | null {
  if (key.type !== 'ssh-rsa') return null;
  const blob = Buffer.from(key.base64, 'base64');
  const exponent = 4 + stringAt(blob, 0).length;
  const modulus = stringAt(blob, exponent + 4 + stringAt(blob, exponent).length);
  const first = modulus.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24;
}
