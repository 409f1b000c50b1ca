/** One IdentityFile: its public half without a passphrase, and its private half once somebody gave one. */

import { readFile, stat } from 'node:fs/promises';
import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';
import { errorCode } from '../system-error.ts';

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

/** The private half of a key in a file, or why it is not used: then the ssh-agent may still hold it. */
export type PrivateHalf =
  | { readonly encrypted: boolean }
  | { readonly missing: string }
  /** It is there, and others may read it. */
  | { readonly exposed: string };

export type KeyFile =
  | { readonly path: string; readonly blob: Buffer; readonly publicKey: ParsedKey; readonly private: PrivateHalf }
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

/** The key of a text `TYPE BASE64 comment`. */
function publicBlob(text: string): Buffer | null {
  const [type, encoded] = text.trim().split(/\s+/);
  const blob = Buffer.from(encoded ?? '', 'base64');
  return blob.length > 0 && blobType(blob) === type ? blob : null;
}

const besideIt = async (path: string): Promise<Buffer | null> =>
  publicBlob(await readFile(`${path}.pub`, 'utf8').catch(() => ''));

/** Null where there is no such file; a text in words where there is none that can be read. */
async function readRegular(path: string): Promise<{ text: string; mode: number; own: boolean } | string | null> {
  try {
    const file = await stat(path);
    if (!file.isFile()) return 'it is not a regular file';
    return { text: await readFile(path, 'utf8'), mode: file.mode, own: file.uid === process.getuid?.() };
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? null : 'it cannot be read';
  }
}

function privateHalf(
  path: string,
  parsed: ReturnType<typeof parseKey>,
  { mode, own }: { mode: number; own: boolean },
): PrivateHalf {
  const encrypted = parsed instanceof Error && parsed.message.includes('Encrypted');
  if (parsed instanceof Error ? !encrypted : !parsed.isPrivateKey()) {
    return { missing: `no private key in a supported format: ssh-keygen -p -f '${path}' rewrites it` };
  }
  // As OpenSSH, which asks it of own files alone, and which Windows answers by other means.
  if (own && (mode & 0o077) !== 0 && process.platform !== 'win32') {
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    return { exposed: `others can read it (mode ${octal}), so it is ignored, as ssh does: chmod 600 '${path}'` };
  }
  return { encrypted };
}

/**
 * As OpenSSH, the public half is looked for in the file itself, which may hold nothing else, then beside it; the private
 * half may be in the ssh-agent alone. Null where there is neither.
 */
export async function readKeyFile(path: string): Promise<KeyFile | null> {
  const file = await readRegular(path);
  if (typeof file === 'string') return { path, skipped: file };
  const parsed = file === null ? null : parseKey(file.text);
  const own = file === null ? null : (openSshPublicBlob(file.text) ?? publicBlob(file.text));
  const fromOld = parsed === null || parsed instanceof Error ? null : parsed.getPublicSSH();
  const blob = own ?? fromOld ?? (await besideIt(path));
  if (blob === null) {
    if (file === null) return null;
    // Older formats encrypt the public half, too.
    return { path, skipped: `its public key is not known: ssh-keygen -y -f '${path}' > '${path}.pub'` };
  }
  const unusable = whyUnusable(blobType(blob));
  const publicKey = publicKeyFrom(blob);
  if (unusable !== null || publicKey === null) return { path, skipped: unusable ?? 'an unknown kind of key' };
  const none = { missing: 'its private key is neither here nor in the ssh-agent' };
  const holdsPublic = file === null || parsed === null || publicBlob(file.text) !== null;
  return { path, blob, publicKey, private: holdsPublic ? none : privateHalf(path, parsed, file) };
}

/** The private half; null when the passphrase is wrong. Takes seconds: its derivation is meant to. */
export async function openKeyFile(path: string, passphrase?: string): Promise<ParsedKey | null> {
  const key = parseKey(await readFile(path), passphrase);
  return key instanceof Error || !key.isPrivateKey() ? null : key;
}
