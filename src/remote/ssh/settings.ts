/** What the ssh configuration says of one host, typed, with OpenSSH's defaults. */

import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { PinboardError } from '../../model/problem.ts';
import { agentSocket, expandPlaces, thisSystem } from './client-system.ts';
import type { ClientSystem } from './client-system.ts';
import type { Target } from './target.ts';

/** Values by lower-case option name, in the order of the configuration; several where an option may be given twice. */
export type SshOptions = ReadonlyMap<string, readonly string[]>;

export interface HostSettings {
  /** As the person named it. */
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly family: 0 | 4 | 6;
  /** HostKeyAlias: the name that known_hosts has it under, whatever its port. */
  readonly hostKeyAlias: string | null;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly revokedHostKeys: string | null;
  /** HostKeyAlgorithms in their order; null for all. */
  readonly hostKeyAlgorithms: readonly string[] | null;
  readonly requiredRsaBits: number;
  readonly checkHostIp: boolean;
  readonly knownHostsCommand: string | null;
  /** What happens to a host that is not known. A changed key is refused in every case. */
  readonly unknownHosts: 'ask' | 'refuse' | 'accept';
  readonly hashKnownHosts: boolean;
  readonly identityFiles: readonly string[];
  readonly certificateFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Socket of the ssh-agent, null for none. */
  readonly agentSocket: string | null;
  readonly methods: { readonly publickey: boolean; readonly keyboard: boolean; readonly password: boolean };
  readonly connectTimeoutMs: number;
  readonly keepaliveMs: number;
  readonly keepaliveCount: number;
  /** Nearest to us first. */
  readonly jumps: readonly string[];
  readonly proxyCommand: string | null;
}

function expand(text: string, tokens: Readonly<Record<string, string>>, system: ClientSystem): string {
  const variables = text.replace(/\$\{(\w+)\}/g, (_, name: string) => system.env[name] ?? '');
  return expandPlaces(variables, system).replace(/%(.)/g, (whole, letter: string) => tokens[letter] ?? whole);
}

const isThere = (path: string): boolean => existsSync(expandPlaces(path, thisSystem()));

function ranges(words: readonly string[]): string[] {
  return words.flatMap((_, from) => words.slice(from).map((_word, at) => words.slice(from, from + at + 1).join(' ')));
}

/** Of the words, as few paths as possible that are there: `a b c` may be one file, two or three. */
function existing(words: readonly string[]): string[] | null {
  if (words.length === 0) return [];
  for (let count = words.length; count > 0; count--) {
    const path = words.slice(0, count).join(' ');
    const rest = isThere(path) ? existing(words.slice(count)) : null;
    if (rest) return [path, ...rest];
  }
  return null;
}

/**
 * `ssh -G` prints paths with blanks between them and no quotes: a path starts where one can start, and where a relative
 * one can, it is one that is there. One that is overlooked could hold another key of the host.
 */
function splitPaths(text: string): string[] {
  const paths = text.split(/ +(?=[/~%$"]|[A-Za-z]:[\\/]|__PROGRAMDATA__|none$)/).flatMap((path) => {
    const quoted = /^"(.*)"$/.exec(path)?.[1];
    if (quoted !== undefined) return [quoted];
    const words = path.split(' ');
    // Where only some are there, every reading counts: a list that is not there is empty.
    return words.length === 1 ? [path] : (existing(words) ?? [path, ...ranges(words).filter(isThere)]);
  });
  return paths.filter((path) => path !== 'none' && path !== '');
}

export function settingsFrom(alias: string, target: Target, options: SshOptions, system = thisSystem()): HostSettings {
  const one = (name: string): string | undefined => options.get(name)?.[0];
  // OpenSSH 9 and later print true and false for what is written yes and no.
  const yes = (name: string, otherwise: boolean): boolean => {
    const value = one(name);
    return value === undefined ? otherwise : value === 'yes' || value === 'true';
  };
  const number = (name: string, otherwise: number): number => {
    const value = Number(one(name));
    return Number.isInteger(value) && value > 0 ? value : otherwise;
  };
  const user = target.user ?? one('user') ?? userInfo().username;
  const hostName = one('hostname') ?? target.host;
  const port = target.port ?? number('port', 22);
  if (port > 65_535)
    throw new PinboardError(
      'bad-file',
      `The ssh configuration gives ${alias} port ${port}, which is not a valid port.`,
    );
  const alias_ = one('hostkeyalias');
  const tokens = {
    '%': '%',
    d: system.home,
    h: hostName,
    i: String(userInfo().uid),
    k: alias_ ?? hostName,
    l: hostname(),
    L: hostname().split('.')[0] ?? '',
    n: target.host,
    p: String(port),
    r: user,
    u: userInfo().username,
  };
  const path = (text: string): string => expand(text, tokens, system);
  const paths = (name: string): string[] => (options.get(name) ?? []).flatMap(splitPaths).map(path);
  // One path a value: blanks belong to it.
  const files = (name: string): string[] =>
    (options.get(name) ?? []).filter((value) => value !== 'none').map((value) => path(value.replace(/^"(.*)"$/, '$1')));
  const none = (value: string | undefined): string | null => (value === undefined || value === 'none' ? null : value);
  const strict = one('stricthostkeychecking') ?? 'ask';
  const family = one('addressfamily');
  // Where nobody may be asked, a question is a refusal: BatchMode.
  const questions = !yes('batchmode', false);
  const revoked = none(one('revokedhostkeys'));
  return {
    alias,
    hostName,
    port,
    user,
    family: family === 'inet' ? 4 : family === 'inet6' ? 6 : 0,
    hostKeyAlias: alias_ ?? null,
    userKnownHosts: paths('userknownhostsfile'),
    globalKnownHosts: paths('globalknownhostsfile'),
    revokedHostKeys: revoked === null ? null : path(revoked),
    hostKeyAlgorithms: one('hostkeyalgorithms')?.split(',') ?? null,
    requiredRsaBits: number('requiredrsasize', 1024),
    checkHostIp: yes('checkhostip', false),
    knownHostsCommand: none(one('knownhostscommand')),
    unknownHosts:
      strict === 'yes' || strict === 'true' || (strict === 'ask' && !questions)
        ? 'refuse'
        : strict === 'ask'
          ? 'ask'
          : 'accept',
    hashKnownHosts: yes('hashknownhosts', false),
    identityFiles: files('identityfile'),
    certificateFiles: files('certificatefile'),
    identitiesOnly: yes('identitiesonly', false),
    agentSocket: agentSocket(one('identityagent'), system, path),
    methods: {
      publickey: one('pubkeyauthentication') !== 'no' && one('pubkeyauthentication') !== 'false',
      keyboard: questions && yes('kbdinteractiveauthentication', true),
      password: questions && yes('passwordauthentication', true),
    },
    connectTimeoutMs: number('connecttimeout', 20) * 1000,
    keepaliveMs: number('serveraliveinterval', 15) * 1000,
    keepaliveCount: number('serveralivecountmax', 3),
    jumps: none(one('proxyjump'))?.split(',') ?? [],
    proxyCommand: none(one('proxycommand')),
  };
}
