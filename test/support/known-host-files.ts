// Owns the shape of one case of known_hosts files and its seeded generator; texts name keys by `<…>`.
import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipedSshd } from './openssh-verdict.ts';

export interface KnownHostsCase {
  /** Texts of the files named in UserKnownHostsFile, and in GlobalKnownHostsFile; `directory` for one in a file's place. */
  readonly user: readonly string[];
  readonly global?: string;
  readonly host?: string;
  readonly port?: number;
  /** Further lines of the configuration; `%DIR%` is the case's own folder. */
  readonly options?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

export const HOST = 'box.lab';

/** Lays the case's files into `dir`. @returns the configuration's path. */
export function layOut(dir: string, sshd: PipedSshd, testCase: KnownHostsCase): string {
  mkdirSync(dir, { recursive: true });
  const put = (name: string, text: string): string => {
    const path = join(dir, name);
    if (text === 'directory') mkdirSync(path);
    else if (text !== 'missing') writeFileSync(path, Buffer.from(text, 'latin1'));
    return path;
  };
  for (const [name, text] of Object.entries(testCase.files ?? {})) put(name, text);
  const options = {
    HostName: testCase.host ?? HOST,
    Port: String(testCase.port ?? 22),
    ProxyCommand: `/usr/sbin/sshd -i -f ${sshd.configPath}`,
    UserKnownHostsFile: testCase.user.map((text, at) => put(`user${at}`, text)).join(' ') || 'none',
    GlobalKnownHostsFile: testCase.global === undefined ? '/dev/null' : put('global', testCase.global),
    PreferredAuthentications: 'none',
    IdentityFile: 'none',
    IdentityAgent: 'none',
    HashKnownHosts: 'no',
    ...testCase.options,
  };
  const lines = Object.entries(options).map(([name, value]) => `  ${name} ${value.replaceAll('%DIR%', dir)}`);
  const config = join(dir, 'config');
  writeFileSync(config, ['Host box', ...lines, ''].join('\n'));
  return config;
}

export function hashed(name: string, salt = Buffer.alloc(20, 7)): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

/** A small generator that gives the same cases for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function generateCases(seed: number, count: number, { own, strange }: PipedSshd): KnownHostsCase[] {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const broken = (text: string): string => {
    const at = Math.floor(random() * text.length);
    return pick([
      () => text.slice(0, at),
      () => `${text.slice(0, at)}\0${text.slice(at)}`,
      () => `${text.slice(0, at)}\r${text.slice(at)}`,
      () => `${text.slice(0, at)} ${text.slice(at)}`,
      () => text.replaceAll(' ', pick(['\t', '  ', '\u00a0', '\v'])),
      () => `${text.slice(0, at)}${String.fromCharCode(33 + Math.floor(random() * 220))}${text.slice(at + 1)}`,
    ])();
  };
  const line = (names: readonly string[]): string => {
    const key = random() < 0.5 ? pick(own) : pick(strange);
    const list = Array.from(
      { length: 1 + Math.floor(random() * 3) },
      () => `${random() < 0.15 ? '!' : ''}${pick(names)}`,
    );
    const field = random() < 0.25 ? hashed(pick(names)) : list.join(',');
    const marker = pick(['', '', '', '', '', '', '', '@revoked ', '@cert-authority ', '@revoked\t', '@nonsense ']);
    const type = random() < 0.08 ? pick(['rsa-sha2-256', 'ssh-rsa', 'RSA', 'ed25519']) : '';
    const text = `${pick(['', '', '', ' ', '\t'])}${marker}${field} ${type === '' ? key : key.replace(/^\S+/, type)}`;
    const whole = `${text}${pick(['', '', ' comment # here', '\r', ' x'])}`;
    return random() < 0.12 ? broken(whole) : whole;
  };
  return Array.from({ length: count }, () => {
    const port = pick([22, 2222]);
    const alias = random() < 0.15 ? 'Alias.Lab' : null;
    const names = [
      'box.lab',
      '[box.lab]:2222',
      'BOX.lab',
      '*',
      '*.lab',
      '[*.lab]:22??',
      'box.la?',
      '[box.lab]:*',
      'other',
    ];
    const all = alias === null ? names : [...names, 'alias.lab', 'Alias.Lab', '[alias.lab]:2222'];
    const text = (most: number): string =>
      Array.from({ length: Math.floor(random() * (most + 1)) }, () => line(all)).join('\n') + pick(['\n', '\n', '']);
    return {
      port,
      user: pick([[text(3)], [text(2), text(2)], [text(4)]]),
      ...(random() < 0.3 ? { global: text(2) } : {}),
      options: {
        StrictHostKeyChecking: pick(['ask', 'ask', 'yes', 'accept-new', 'no']),
        ...(alias === null ? {} : { HostKeyAlias: alias }),
        ...(random() < 0.1
          ? { HostKeyAlgorithms: pick(['rsa-sha2-512,ssh-ed25519', 'ssh-ed25519,rsa-sha2-256', '-ssh-ed25519*']) }
          : {}),
      },
    };
  });
}
