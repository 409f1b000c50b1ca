/** One IdentityFile: its public half without a passphrase, and its private half once somebody gave one. */

import { readFile } from 'node:fs/promises';
import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';
import { home } from './settings.ts';

const { parseKey } = ssh2.utils;

/** ssh2 cannot sign with these: the token does, or an authority's word goes with the key. */
const UNUSABLE: readonly (readonly [RegExp, string])[] = [
  [/^sk-/, 'a security key (FIDO), which this program cannot use'],
  [/-cert-v\d+@/, 'a certificate, which this program cannot use'],
  [/^ssh-dss$/, 'a DSA key, which is no longer safe'],
  [/^ssh-xmss/, 'an XMSS key, which this program cannot use'],
];

/** Why keys of this type are passed over, null for those that are not. */
export function whyUnusable(type: string): string | null {
  return UNUSABLE.find(([pattern]) => pattern.test(type))?.[1] ?? null;
}

/** Type of a key from its public blob. */
export function blobType(blob: Buffer): string {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  return blob.toString('latin1', 4, 4 + Math.min(length, 64));
}

export function publicKeyFrom(blob: Buffer): ParsedKey | null {
  const key = parseKey(`${blobType(blob)} ${blob.toString('base64')}`);
  return key instanceof Error ? null : key;
}

/** With ~ for the home folder, as people write it. */
export function shortPath(path: string): string {
  return path.startsWith(`${home()}/`) ? `~${path.slice(home().length)}` : path;
}

export type KeyFile =
  | { readonly path: string; readonly blob: Buffer; readonly publicKey: ParsedKey; readonly encrypted: boolean }
  | { readonly path: string; readonly skipped: string };

/** The public half that OpenSSH's own format holds in the clear: after three strings and the count of keys. */
function openSshPublicBlob(pem: string): Buffer | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(pem)?.[1];
  if (body === undefined) return null;
  const data = Buffer.from(body, 'base64');
  let at = 'openssh-key-v1\0'.length;
  const next = (): Buffer => {
    const start = at + 4;
    at = start + (start <= data.length ? data.readUInt32BE(at) : 0);
    return data.subarray(start, at);
  };
  for (let skipped = 0; skipped < 3; skipped++) next();
  at += 4;
  const blob = next();
  return blob.length === 0 ? null : blob;
}

async function besideIt(path: string): Promise<Buffer | null> {
  const text = await readFile(`${path}.pub`, 'utf8').catch(() => '');
  const encoded = text.trim().split(/\s+/)[1];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64');
}

/** Null where there is no such file. */
export async function readKeyFile(path: string): Promise<KeyFile | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing ? null : { path, skipped: 'it cannot be read' };
  }
  const parsed = parseKey(text);
  const blob = openSshPublicBlob(text) ?? (parsed instanceof Error ? await besideIt(path) : parsed.getPublicSSH());
  if (blob === null) {
    // Older formats encrypt the public half, too.
    return { path, skipped: `its public half is not known: ssh-keygen -y -f '${path}' > '${path}.pub'` };
  }
  const unusable = whyUnusable(blobType(blob));
  const publicKey = publicKeyFrom(blob);
  if (unusable !== null || publicKey === null) return { path, skipped: unusable ?? 'a kind of key that is not known' };
  const encrypted = parsed instanceof Error && parsed.message.includes('Encrypted');
  if (parsed instanceof Error ? !encrypted : !parsed.isPrivateKey()) {
    return { path, skipped: `no private key in a form that can be read: ssh-keygen -p -f '${path}' rewrites it` };
  }
  return { path, blob, publicKey, encrypted };
}

/** The private half; null when the passphrase is wrong. Takes seconds: its derivation is meant to. */
export async function openKeyFile(path: string, passphrase?: string): Promise<ParsedKey | null> {
  const key = parseKey(await readFile(path), passphrase);
  return key instanceof Error || !key.isPrivateKey() ? null : key;
}
