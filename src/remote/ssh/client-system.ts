/**
 * What the system that we run on decides about ssh: where its files lie, how paths are written, where an agent is asked. All but `thisSystem` is
 * pure, so that Windows and macOS can be tried anywhere.
 */

import { homedir, userInfo } from 'node:os';
import { posix, win32 } from 'node:path';

export interface ClientSystem {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** As OpenSSH, which does not ask $HOME. */
export function home(): string {
  return userInfo().homedir || homedir();
}

export const thisSystem = (): ClientSystem => ({ platform: process.platform, home: home(), env: process.env });

export const pathsOf = ({ platform }: Pick<ClientSystem, 'platform'>): typeof posix =>
  platform === 'win32' ? win32 : posix;

const programData = ({ env }: ClientSystem): string => env['PROGRAMDATA'] ?? 'C:\\ProgramData';

/** Where the administrator's files are. */
function systemFolder(system: ClientSystem): string {
  return system.platform === 'win32' ? win32.join(programData(system), 'ssh') : '/etc/ssh';
}

export const systemConfig = (system: ClientSystem): string => pathsOf(system).join(systemFolder(system), 'ssh_config');

/** In one value, as `ssh -G` prints them. */
export const systemKnownHosts = (system: ClientSystem): string =>
  ['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => pathsOf(system).join(systemFolder(system), name)).join(' ');

/** `~` for the home folder; on Windows also Microsoft's own word for the folder of all users, which its `ssh -G` prints as it stands. */
export function expandPlaces(path: string, system: ClientSystem): string {
  if (system.platform !== 'win32') return path === '~' || path.startsWith('~/') ? system.home + path.slice(1) : path;
  return /^~(?=$|[\\/])/.test(path)
    ? system.home + path.slice(1)
    : path.replace(/^__PROGRAMDATA__(?=[\\/])/, () => programData(system));
}

/** With ~ for the home folder, as people write it. */
export function shortPath(path: string, system = thisSystem()): string {
  const { home: folder } = system;
  return path.startsWith(folder + pathsOf(system).sep) || path.startsWith(`${folder}/`)
    ? `~${path.slice(folder.length)}`
    : path;
}

const WINDOWS_AGENT = '\\\\.\\pipe\\openssh-ssh-agent';

/** A named pipe however it is written: quoting in a configuration may have taken a backslash, and slashes mean the same. Null for no pipe. */
function pipe(path: string): string | null {
  const name = /^[\\/]+\.[\\/]+pipe[\\/]+(.+)$/i.exec(path)?.[1];
  return name === undefined ? null : `\\\\.\\pipe\\${name}`;
}

/**
 * Where the agent is asked; null for nowhere. On Windows only at a named pipe: that of Windows' own agent where nothing else is named, Pageant's
 * where `pageant --openssh-config` wrote it, and not at the sockets of Cygwin and Git's shell, which are no pipes.
 * @param option IdentityAgent; undefined: not set.
 * @param expand of a path in the configuration.
 */
export function agentSocket(
  option: string | undefined,
  { platform, env }: ClientSystem,
  expand: (path: string) => string,
): string | null {
  if (option === 'none') return null;
  const asked = option === undefined || option === 'SSH_AUTH_SOCK';
  const variable = asked ? 'SSH_AUTH_SOCK' : /^\$(?!\{)(.*)$/.exec(option)?.[1];
  const held = variable === undefined ? expand(option ?? '') : env[variable];
  const path = held === undefined || held === '' ? null : held;
  if (platform !== 'win32') return path;
  return (path === null ? null : pipe(path)) ?? (asked ? WINDOWS_AGENT : null);
}
