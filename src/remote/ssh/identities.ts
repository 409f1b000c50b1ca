/** The keys a login can try, in OpenSSH's order: those of the ssh-agent, then files; and the kinds passed over. */

import type { ParsedKey, SigningRequestOptions } from 'ssh2';
import { clean } from '../../model/read/clean.ts';
import { agentKeys, signByAgent } from './key-agent.ts';
import { blobType, openKeyFile, publicKeyFrom, readKeyFile, shortPath, whyUnusable } from './key-file.ts';
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

interface Found {
  readonly identity: Identity;
  readonly blob: Buffer;
}

async function fromAgent(socket: string | null, skipped: string[]): Promise<Found[]> {
  if (socket === null) return [];
  const keys = await agentKeys(socket).catch((error: unknown) => {
    skipped.push(`the ssh-agent: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  });
  return keys.flatMap(({ blob, comment }) => {
    const label = `${clean(comment, 80) || blobType(blob)} (ssh-agent)`;
    const publicKey = publicKeyFrom(blob);
    const why = whyUnusable(blobType(blob)) ?? (publicKey ? null : 'a kind of key that is not known');
    if (why !== null || publicKey === null) {
      skipped.push(`${label}: ${why ?? ''}`);
      return [];
    }
    const sign: Identity['sign'] = (data, options) => signByAgent(socket, publicKey, data, options);
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

async function fromFiles(paths: readonly string[], skipped: string[], ask: AskPassphrase): Promise<Found[]> {
  const files = await Promise.all(paths.map(readKeyFile));
  return files.flatMap((file) => {
    if (file === null) return [];
    const label = shortPath(file.path);
    if ('skipped' in file) {
      skipped.push(`${label}: ${file.skipped}`);
      return [];
    }
    let opened: Promise<ParsedKey> | null = null;
    const sign: Identity['sign'] = async (data, { hash }) => {
      opened ??= privateKey(file.path, file.encrypted, ask);
      const signature: unknown = (await opened).sign(data, hash);
      if (Buffer.isBuffer(signature)) return signature;
      throw new Error(`The key ${file.path} does not sign.`);
    };
    return [{ blob: file.blob, identity: { label, publicKey: file.publicKey, sign } }];
  });
}

export async function findIdentities(settings: HostSettings, ask: AskPassphrase): Promise<Identities> {
  const skipped = settings.certificateFiles.map(
    (path) => `${shortPath(path)}: a certificate, which this program cannot use`,
  );
  const [inAgent, inFiles] = await Promise.all([
    fromAgent(settings.agentSocket, skipped),
    fromFiles([...new Set(settings.identityFiles)], skipped, ask),
  ]);
  const has = (list: readonly Found[], { blob }: Found): boolean => list.some((other) => other.blob.equals(blob));
  // Configured keys that the agent holds come first: they are meant, and cost no passphrase.
  const both = inAgent.filter((key) => has(inFiles, key));
  const others = settings.identitiesOnly ? [] : inAgent.filter((key) => !has(inFiles, key));
  const files = inFiles.filter((key) => !has(inAgent, key));
  return { keys: [...both, ...others, ...files].map(({ identity }) => identity), skipped };
}
