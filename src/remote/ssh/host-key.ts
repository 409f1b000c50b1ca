/** The check of a host's key before any authentication: known, asked for and remembered, or the end. */

import { appendFile, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PinboardError } from '../../model/problem.ts';
import type { Prompter } from '../transport.ts';
import { KEY_TYPES, fingerprint, formatKnownHost, hostKeyFrom, judge } from './known-hosts.ts';
import { knownName, knownTypes, parseKnownHosts } from './known-hosts.ts';
import type { HostKey, KnownHost, Where } from './known-hosts.ts';
import type { HostSettings } from './settings.ts';

/** Without SHA-1: an RSA key signs by SHA-2 or not at all. */
const ALGORITHMS: Readonly<Record<(typeof KEY_TYPES)[number], readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return '';
    throw new PinboardError(
      'bad-file',
      `The list of known hosts ${path} cannot be read.`,
      `Look at it: ls -l ${path}`,
      {
        cause: error,
      },
    );
  }
}

/** ED25519 for ssh-ed25519, as ssh says it. */
function family(type: string): string {
  return type.replace(/^ssh-/, '').replace(/-.*$/, '').toUpperCase();
}

/** Keys that RevokedHostKeys lists, one a line. @throws PinboardError `unsupported` for OpenSSH's binary lists. */
async function isRevoked(path: string | null, key: HostKey): Promise<boolean> {
  if (path === null) return false;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new PinboardError(
      'bad-file',
      `The list of revoked keys ${path} cannot be read, so no host is trusted.`,
      null,
      {
        cause: error,
      },
    );
  });
  if (text.startsWith('SSHKRL')) {
    throw new PinboardError(
      'unsupported',
      `${path} is a binary revocation list, which cannot be read here.`,
      'Give RevokedHostKeys a file with one public key a line.',
    );
  }
  return text.split('\n').some((line) => line.split(/\s+/).includes(key.base64));
}

/** Adds a line, in a folder and file that only the user can read where they have to be made. */
async function remember(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = size === 0 ? null : await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    const broken = last !== null && last.bytesRead === 1 && last.buffer[0] !== 10;
    await appendFile(handle, `${broken ? '\n' : ''}${line}`);
  } finally {
    await handle.close();
  }
}

export class HostKeyCheck {
  readonly #settings: HostSettings;
  readonly #hosts: readonly KnownHost[];
  readonly #name: string;
  readonly #plainName: string;

  private constructor(settings: HostSettings, hosts: readonly KnownHost[]) {
    this.#settings = settings;
    this.#hosts = hosts;
    const { hostKeyAlias, hostName, port } = settings;
    this.#plainName = knownName(hostKeyAlias ?? hostName, 22);
    this.#name = hostKeyAlias === null ? knownName(hostName, port) : this.#plainName;
  }

  static async of(settings: HostSettings): Promise<HostKeyCheck> {
    const files = [...settings.userKnownHosts, ...settings.globalKnownHosts];
    const hosts = await Promise.all(files.map(async (file) => parseKnownHosts(await readText(file), file)));
    return new HostKeyCheck(settings, hosts.flat());
  }

  /** Known types first, as OpenSSH does: else a host known by its RSA key would show another and look changed. */
  algorithms(): string[] {
    const known = knownTypes(this.#hosts, this.#name, this.#plainName);
    const order = [...KEY_TYPES].sort((a, b) => Number(known.includes(b)) - Number(known.includes(a)));
    return order.flatMap((type) => ALGORITHMS[type]);
  }

  /** Comes back only for a key that is trusted. @throws PinboardError with one of the host-key codes. */
  async check(blob: Buffer, confirm: Prompter['confirmHostKey']): Promise<void> {
    const key = hostKeyFrom(blob);
    const verdict = judge(this.#hosts, this.#name, this.#plainName, key);
    if (verdict.kind === 'revoked') throw this.#revoked(key, `${verdict.where.file}:${verdict.where.line}`);
    if (await isRevoked(this.#settings.revokedHostKeys, key)) {
      throw this.#revoked(key, this.#settings.revokedHostKeys ?? '');
    }
    if (verdict.kind === 'changed') throw this.#changed(key, verdict.where);
    if (verdict.kind === 'unknown') await this.#meet(key, verdict.authority, confirm);
  }

  async #meet(key: HostKey, authority: boolean, confirm: Prompter['confirmHostKey']): Promise<void> {
    const { alias, unknownHosts, hashKnownHosts, userKnownHosts } = this.#settings;
    const shown = { host: this.#name, keyType: family(key.type), fingerprint: fingerprint(key) };
    const accepted = unknownHosts === 'accept' || (unknownHosts === 'ask' && (await confirm(shown)));
    if (!accepted) {
      throw new PinboardError(
        'host-key-unknown',
        unknownHosts === 'refuse'
          ? `The host ${this.#name} is not known, and the ssh configuration refuses unknown hosts (StrictHostKeyChecking).`
          : `The key of ${this.#name} was not accepted.`,
        authority
          ? 'Its key is signed by an authority that only the ssh program can ask: accept the key by its fingerprint.'
          : `Compare ${shown.fingerprint} with the host's own (on it: ssh-keygen -lf /etc/ssh/ssh_host_${shown.keyType.toLowerCase()}_key.pub), then connect once with: ssh ${alias}`,
      );
    }
    const file = userKnownHosts[0];
    if (file !== undefined) await remember(file, formatKnownHost(this.#name, key, hashKnownHosts));
  }

  #changed(key: HostKey, { file, line }: Where): PinboardError {
    return new PinboardError(
      'host-key-changed',
      `The key of ${this.#name} has changed: it shows ${family(key.type)} ${fingerprint(key)}, and ${file}:${line} holds another. Somebody may be listening in, or the host was set up anew. No login was tried.`,
      `Ask the host's owner. If the change is right, forget the old key: ssh-keygen -f '${file}' -R '${this.#name}'`,
    );
  }

  #revoked(key: HostKey, where: string): PinboardError {
    return new PinboardError(
      'host-key-revoked',
      `The key of ${this.#name} (${family(key.type)} ${fingerprint(key)}) is marked as revoked in ${where}. No login was tried.`,
      'The host must get a new key: ask its owner. Whoever uses this one may have stolen it.',
    );
  }
}
