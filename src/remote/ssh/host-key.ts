/** The check of a host's key before any authentication: known, asked for and remembered, or the end. */

import { isIPv4 } from 'node:net';
import { glob } from 'ssh-config';
import { PinboardError } from '../../model/problem.ts';
import type { Prompter } from '../transport.ts';
import { familyOf, fingerprint, hostKeyFrom, rsaBits } from './host-key-blob.ts';
import type { HostKey } from './host-key-blob.ts';
import { codeOrMessage } from '../system-error.ts';
import { addKnownHost, readKnownHosts } from './known-files.ts';
import type { Warn } from './known-files.ts';
import { KEY_TYPES, formatKnownHost, judge, knownName, knownTypes } from './known-hosts.ts';
import type { KnownHost, Where } from './known-hosts.ts';
import { isRevoked } from './revoked-keys.ts';
import type { HostSettings } from './settings.ts';

/** Without SHA-1: an RSA key signs by SHA-2 or not at all. */
const ALGORITHMS: Readonly<Record<(typeof KEY_TYPES)[number], readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/**
 * What HostKeyAlgorithms allows. `ssh -G` has worked out a `+`, `-` or `^` before the list, a file that is read without an ssh
 * program has not (ssh_config(5)): `+` adds nothing here that is not usual anyway, and `^` only says which come first.
 */
function allowedBy(words: readonly string[] | null): (name: string) => boolean {
  const [first = '', ...more] = words ?? [];
  if (words === null || first.startsWith('+') || first.startsWith('^')) return () => true;
  if (!first.startsWith('-')) return (name) => words.includes(name);
  const without = [first.slice(1), ...more];
  return (name) => !without.some((pattern) => glob(pattern, name));
}

/** A plain list without certificates: OpenSSH keeps the order of what was written by hand, whatever is known. */
const isWrittenByHand = (words: readonly string[]): boolean =>
  !/^[-+^]/.test(words[0] ?? '') && !words.some((name) => name.includes('-cert-'));

/** OpenSSH records nothing under a name with one of these, and so trusts no unknown host of such a name. */
const NOT_RECORDED = /[@?*#[\]|'"\\]/;

export interface CheckOptions {
  readonly warn: Warn;
  readonly signal?: AbortSignal | undefined;
}

/** What the check asks besides the files. */
export interface Shown {
  readonly confirm: Prompter['confirmHostKey'];
  /** The address that was reached, for CheckHostIP; null behind another host. */
  readonly address: string | null;
}

export class HostKeyCheck {
  readonly #settings: HostSettings;
  readonly #hosts: readonly KnownHost[];
  readonly #options: CheckOptions;
  readonly #name: string;
  readonly #plainName: string;

  private constructor(settings: HostSettings, hosts: readonly KnownHost[], options: CheckOptions) {
    this.#settings = settings;
    this.#hosts = hosts;
    this.#options = options;
    const { hostKeyAlias, hostName, port } = settings;
    this.#plainName = knownName(hostKeyAlias ?? hostName, 22);
    this.#name = hostKeyAlias === null ? knownName(hostName, port) : this.#plainName;
  }

  /** @throws PinboardError `bad-file`, `unsupported`. */
  static async of(settings: HostSettings, options: CheckOptions): Promise<HostKeyCheck> {
    // What it would print could speak against the key.
    if (settings.knownHostsCommand !== null) {
      throw new PinboardError(
        'unsupported',
        `The keys of ${settings.alias} come from a KnownHostsCommand, which is not supported, so no key is trusted.`,
        'Put its key into known_hosts and set KnownHostsCommand none for this host.',
      );
    }
    const files = [...settings.userKnownHosts, ...settings.globalKnownHosts];
    return new HostKeyCheck(settings, await readKnownHosts(files, options.warn), options);
  }

  /** Known types first, as OpenSSH does: else a host known by its RSA key would show another and look changed. */
  algorithms(): string[] {
    const { hostKeyAlgorithms: words } = this.#settings;
    const usual = KEY_TYPES.flatMap((type) => ALGORITHMS[type]);
    if (words && isWrittenByHand(words)) return words.filter((name) => usual.includes(name));
    const known = knownTypes(this.#hosts, this.#name);
    const order = [...KEY_TYPES].sort((a, b) => Number(known.includes(b)) - Number(known.includes(a)));
    const names = order.flatMap((type) => ALGORITHMS[type]);
    return names.filter(allowedBy(words));
  }

  /** Comes back only for a key that is trusted. @throws PinboardError with one of the host-key codes. */
  async check(blob: Buffer, { confirm, address }: Shown): Promise<void> {
    const key = hostKeyFrom(blob);
    this.#refuseShort(key);
    const verdict = judge(this.#hosts, this.#name, this.#plainName, key);
    if (verdict.kind === 'revoked') throw this.#revoked(key, `${verdict.where.file}:${verdict.where.line}`);
    const { revokedHostKeys } = this.#settings;
    if (await isRevoked(revokedHostKeys, key, this.#options.signal)) throw this.#revoked(key, revokedHostKeys ?? '');
    if (verdict.kind === 'changed') throw this.#changed(this.#name, key, verdict.where);
    this.#checkAddress(key, address);
    if (verdict.kind === 'unknown') await this.#meet(key, verdict.authority, confirm);
  }

  #refuseShort(key: HostKey): void {
    const bits = rsaBits(key);
    if (bits === null || bits >= this.#settings.requiredRsaBits) return;
    throw new PinboardError(
      'unsupported',
      `${this.#name} presented an RSA key of ${bits} bits; ${this.#settings.requiredRsaBits} are required (RequiredRSASize).`,
      'The host needs a longer key, or one of another type: run ssh-keygen -A there as root.',
    );
  }

  /** CheckHostIP: an address that is known by another key is as good as changed. OpenSSH asks; here nobody goes on. */
  #checkAddress(key: HostKey, address: string | null): void {
    const { checkHostIp, hostName, port } = this.#settings;
    if (!checkHostIp || address === null || address === hostName) return;
    if (address === '::1' || (isIPv4(address) && address.startsWith('127.'))) return;
    const name = knownName(address, port);
    const verdict = judge(this.#hosts, name, name, key);
    if (verdict.kind === 'changed') throw this.#changed(name, key, verdict.where);
  }

  async #meet(key: HostKey, authority: Where | null, confirm: Prompter['confirmHostKey']): Promise<void> {
    const { alias, unknownHosts } = this.#settings;
    const shown = { host: this.#name, keyType: familyOf(key), fingerprint: fingerprint(key) };
    const why = this.#whyRefused();
    const signed =
      authority === null
        ? null
        : `${authority.file}:${authority.line} trusts a certificate authority for this host (@cert-authority), but certificates of hosts cannot be checked here: accept the host's own key, ${shown.fingerprint}, by connecting once from a terminal without --no-prompt.`;
    const hint =
      signed ??
      `Compare ${shown.fingerprint} with the host's own (on it: ssh-keygen -lf /etc/ssh/ssh_host_${shown.keyType.toLowerCase()}_key.pub), then connect once with: ssh ${alias}`;
    if (why !== null) throw new PinboardError('host-key-unknown', why, hint);
    const accepted = unknownHosts === 'accept' || (await this.#ask(shown, confirm, signed));
    if (!accepted) throw new PinboardError('host-key-unknown', `The key of ${this.#name} was not accepted.`, hint);
    await this.#remember(key);
  }

  #whyRefused(): string | null {
    const { hostName, unknownHosts, userKnownHosts } = this.#settings;
    if (unknownHosts === 'refuse') {
      return `The host ${this.#name} is not known, and the ssh configuration refuses unknown hosts (StrictHostKeyChecking, BatchMode).`;
    }
    if (userKnownHosts.length === 0) {
      return `The host ${this.#name} is not known, and the ssh configuration does not save host keys (UserKnownHostsFile none).`;
    }
    if (NOT_RECORDED.test(hostName)) return `The host ${this.#name} is not known, and its name cannot be saved.`;
    return null;
  }

  async #ask(
    shown: { host: string; keyType: string; fingerprint: string },
    confirm: Prompter['confirmHostKey'],
    signed: string | null,
  ): Promise<boolean> {
    try {
      return await confirm(shown);
    } catch (error) {
      if (signed === null || !(error instanceof PinboardError) || error.code !== 'prompt-needed') throw error;
      throw new PinboardError('prompt-needed', error.message, signed, { cause: error });
    }
  }

  /** A list that cannot be written is no reason to stay away: the host is asked about again next time. */
  async #remember(key: HostKey): Promise<void> {
    const { hashKnownHosts, userKnownHosts } = this.#settings;
    const file = userKnownHosts[0] ?? '';
    try {
      await addKnownHost(file, formatKnownHost(this.#name, key, hashKnownHosts));
    } catch (error) {
      this.#options.warn(
        `The key of ${this.#name} was accepted but could not be saved: ${file} cannot be written (${codeOrMessage(error)}).`,
      );
    }
  }

  #changed(name: string, key: HostKey, { file, line }: Where): PinboardError {
    return new PinboardError(
      'host-key-changed',
      `The key of ${name} has changed: it presented ${familyOf(key)} ${fingerprint(key)}, and ${file}:${line} holds another. Someone may be intercepting the connection, or the host was reinstalled. No login was attempted.`,
      `Ask the host's owner. If the change is legitimate, remove the old key: ssh-keygen -f '${file}' -R '${name}'`,
    );
  }

  #revoked(key: HostKey, where: string): PinboardError {
    return new PinboardError(
      'host-key-revoked',
      `The key of ${this.#name} (${familyOf(key)} ${fingerprint(key)}) is marked as revoked in ${where}. No login was attempted.`,
      'The host must get a new key: ask its owner. Whoever uses this one may have stolen it.',
    );
  }
}
