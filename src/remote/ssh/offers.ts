/** What a server offers for the transport (RFC 4253, 7.1), read from its first packet, and what this program can use of it. */

import { clean } from '../../model/text/clean.ts';

const KEXINIT = 20;
/** A banner and the first packet are well below. */
const MAX_BYTES = 64 * 1024;

interface Kind {
  /** As the library names it when nothing matches. */
  readonly library: RegExp;
  readonly words: string;
  /** Which list of the packet. */
  readonly list: number;
  readonly setting: string;
  readonly ours: readonly string[];
}

/** None of these rests on SHA-1. */
export const KEX = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group15-sha512',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group17-sha512',
  'diffie-hellman-group18-sha512',
] as const;
export const MACS = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
] as const;
const CIPHERS = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
];

const KINDS: readonly Kind[] = [
  { library: /key exchange/, words: 'key exchange method', list: 0, setting: 'KexAlgorithms', ours: KEX },
  { library: /host key/, words: 'host key type', list: 1, setting: 'HostKeyAlgorithms', ours: [] },
  { library: /C->S cipher/, words: 'cipher', list: 2, setting: 'Ciphers', ours: CIPHERS },
  { library: /S->C cipher/, words: 'cipher', list: 3, setting: 'Ciphers', ours: CIPHERS },
  { library: /C->S MAC/, words: 'MAC', list: 4, setting: 'MACs', ours: MACS },
  { library: /S->C MAC/, words: 'MAC', list: 5, setting: 'MACs', ours: MACS },
];

const OLD = /sha1(?!\d)|-group1-|^ssh-rsa$|^ssh-dss$|-cbc|arcfour|md5|ripemd|^hmac-sha1/;
/** Names that say what an end can do besides. */
const NOTE = /^(ext-info-|kex-strict-)/;

export class Offers {
  #bytes = Buffer.alloc(0);

  /** The first bytes of the server. */
  take(chunk: Buffer): void {
    if (this.#bytes.length < MAX_BYTES) this.#bytes = Buffer.concat([this.#bytes, chunk]);
  }

  #list(at: number): string[] {
    const greeting = /(?:^|\n)SSH-[^\n]*\n/.exec(this.#bytes.toString('latin1'));
    const packet = greeting ? this.#bytes.subarray(greeting.index + greeting[0].length) : Buffer.alloc(0);
    // Length, padding's length, message, cookie of 16 bytes; then the lists.
    let start = 22;
    if (packet[5] !== KEXINIT) return [];
    for (let list = 0; ; list++) {
      const end = start + 4 <= packet.length ? start + 4 + packet.readUInt32BE(start) : Infinity;
      if (end > packet.length) return [];
      if (list === at) return packet.toString('latin1', start + 4, end).split(',');
      start = end;
    }
  }

  /** `problem`: the library's words for what does not match; `hostKeys`: the types that may be shown. */
  explain(problem: string, hostKeys: readonly string[]): { readonly why: string; readonly hint: string } | null {
    const kind = KINDS.find(({ library }) => library.test(problem));
    if (!kind) return null;
    const offered = this.#list(kind.list).filter((name) => name !== '' && !NOTE.test(name));
    if (offered.length === 0) return null;
    const ours = kind.ours.length === 0 ? hostKeys : kind.ours;
    const usable = ours.join(', ');
    const names = clean(offered.join(', '), 400);
    if (offered.every((name) => OLD.test(name))) {
      return {
        why: `offers no ${kind.words} that is still safe, only ${names}`,
        hint: `The host needs a newer SSH server, or ${kind.setting} in its sshd_config with one of ${usable}.`,
      };
    }
    return {
      why: `offers no ${kind.words} that this program can use: it offers ${names}`,
      hint: `This program can use ${usable}. Allow one of them in the host's sshd_config: ${kind.setting} +${ours[0] ?? ''}`,
    };
  }
}
