/** The keys a login can try, in OpenSSH's order: those of the ssh-agent, then files; and the kinds passed over. */

import type { ParsedKey, SigningRequestOptions } from 'ssh2';
import { messageOf } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { shortPath } from './client-system.ts';
import { agentKeys, signByAgent } from './key-agent.ts';
import { blobType, openKeyFile, publicKeyFrom, readKeyFile, whyUnusable } from './key-file.ts';
import type { KeyFile } from './key-file.ts';
import type { HostSettings } from './settings.ts';

const PASSPHRASE_TRIES = 3;

export interface Identity {
  /** For people: where the key is. */
  readonly label: string;
  readonly publicKey: ParsedKey;
  /** Called only once the server accepted the key. @throws Error when it cannot sign, or nobody gave the passphrase. */
  sign(data: Buffer, options: SigningRequestOptions): Promise<Buffer>;
}

export interface Identities {
  readonly keys: readonly Identity[];
  /** Keys that were found and not tried, each with why. */
  readonly skipped: readonly string[];
}

/** Null declines. */
export type AskPassphrase = (path: string, again: boolean) => Promise<string | null>;

export interface Asking {
  readonly ask: AskPassphrase;
  /** A key that the server took and that is not used, with why. */
  readonly note: (words: string) => void;
  readonly signal: AbortSignal | undefined;
}

interface Found {
  readonly identity: Identity;
  readonly blob: Buffer;
}

async function fromAgent(socket: string | null, skipped: string[], signal: AbortSignal | undefined): Promise<Found[]> {
  if (socket === null) return [];
  const keys = await agentKeys(socket, signal).catch((error: unknown) => {
    skipped.push(`the ssh-agent: ${messageOf(error)}`);
    return [];
  });
  return keys.flatMap(({ blob, comment }) => {
    const label = `${clean(comment, 80) || blobType(blob)} (ssh-agent)`;
    const publicKey = publicKeyFrom(blob);
    const why = whyUnusable(blobType(blob)) ?? (publicKey ? null : 'an unknown kind of key');
    if (why !== null || publicKey === null) {
      skipped.push(`${label}: ${why ?? ''}`);
      return [];
    }
    const sign: Identity['sign'] = (data, options) => signByAgent(socket, blob, data, options, signal);
    return [{ blob, identity: { label, publicKey, sign } }];
  });
}

async function privateKey(path: string, encrypted: boolean, ask: AskPassphrase): Promise<ParsedKey> {
  for (let attempt = 0; attempt < PASSPHRASE_TRIES; attempt++) {
    const passphrase = encrypted ? await ask(path, attempt > 0) : undefined;
    if (passphrase === null) throw new Error('No passphrase was given.');
    const key = await openKeyFile(path, passphrase);
    if (key) return key;
    if (!encrypted) break;
  }
  throw new Error(`The key ${path} cannot be opened.`);
}

/** Signs with the file's private half; null where there is none. One that others may read is passed over when it is its turn. */
function fromFile(file: Extract<KeyFile, { blob: Buffer }>, { ask, note }: Asking): Found | null {
  const half = file.private;
  if ('missing' in half) return null;
  let opened: Promise<ParsedKey> | null = null;
  const sign: Identity['sign'] = async (data, { hash }) => {
    if ('exposed' in half) {
      note(`${shortPath(file.path)}: ${half.exposed}`);
      throw new Error(half.exposed);
    }
    opened ??= privateKey(file.path, half.encrypted, ask);
    const signature: unknown = (await opened).sign(data, hash);
    if (Buffer.isBuffer(signature)) return signature;
    throw new Error(`The key ${file.path} could not be used to sign.`);
  };
  return { blob: file.blob, identity: { label: shortPath(file.path), publicKey: file.publicKey, sign } };
}

export async function findIdentities(settings: HostSettings, asking: Asking): Promise<Identities> {
  const skipped = settings.certificateFiles.map(
    (path) => `${shortPath(path)}: a certificate, which this program cannot use`,
  );
  const [inAgent, found] = await Promise.all([
    fromAgent(settings.agentSocket, skipped, asking.signal),
    Promise.all([...new Set(settings.identityFiles)].map(readKeyFile)),
  ]);
  const files = found.filter((file) => file !== null);
  const named = (key: Found): boolean => files.some((file) => 'blob' in file && file.blob.equals(key.blob));
  const held = (blob: Buffer): boolean => inAgent.some((key) => key.blob.equals(blob));
  const alone: Found[] = [];
  for (const file of files) {
    if ('blob' in file && held(file.blob)) continue;
    const key = 'blob' in file ? fromFile(file, asking) : null;
    if (key) alone.push(key);
    else if ('skipped' in file) skipped.push(`${shortPath(file.path)}: ${file.skipped}`);
    else if ('private' in file && 'missing' in file.private)
      skipped.push(`${shortPath(file.path)}: ${file.private.missing}`);
  }
  // Configured keys that the agent holds come first: they are meant, and cost no passphrase.
  const both = inAgent.filter(named);
  const others = settings.identitiesOnly ? [] : inAgent.filter((key) => !named(key));
  return { keys: [...both, ...others, ...alone].map(({ identity }) => identity), skipped };
}
