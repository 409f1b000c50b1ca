/** The ssh configuration: what it says of a host, by the system's own ssh where there is one, and whom it names. */

import { execFile } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { PinboardError } from '../../model/problem.ts';
import { clean } from '../../model/text/clean.ts';
import { cancelled } from '../deadline.ts';
import { includedFrom, namedHosts, readOptions } from './config-file.ts';
import type { NamedHost } from './config-file.ts';
import { home } from './client-system.ts';
import { settingsFrom } from './settings.ts';
import type { HostSettings, SshOptions } from './settings.ts';
import { isHostName, parseTarget } from './target.ts';
import type { Target } from './target.ts';

/** `Match exec` runs programs of the user's, which may ask the network. */
const PROGRAM_MS = 20_000;

/** Null where no ssh program is installed. @throws PinboardError `bad-file` with ssh's own words. */
async function askProgram(
  target: Target,
  file: string | undefined,
  signal: AbortSignal | undefined,
): Promise<SshOptions | null> {
  const args = [
    '-G',
    ...(file === undefined ? [] : ['-F', file]),
    ...(target.user === null ? [] : ['-l', target.user]),
    ...(target.port === null ? [] : ['-p', String(target.port)]),
    '--',
    target.host,
  ];
  const text = await new Promise<string | null>((resolve, reject) => {
    const options = { timeout: PROGRAM_MS, maxBuffer: 1 << 20, ...(signal ? { signal } : {}) };
    const child = execFile('ssh', args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (signal?.aborted === true) reject(cancelled('Connecting was cancelled.'));
      else if (error.code === 'ENOENT') resolve(null);
      else {
        const words = clean(stderr.replace(/^Pseudo-terminal will not.*$/gm, ''), 500);
        reject(
          new PinboardError(
            'bad-file',
            `ssh could not evaluate its configuration for ${target.host}: ${words || 'it did not respond in time'}`,
            `See what it says: ssh -G ${file === undefined ? '' : `-F ${file} `}-- ${target.host}`,
          ),
        );
      }
    });
    child.stdin?.end();
  });
  if (text === null) return null;
  const options = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^(\S+) (.*)$/.exec(line.trimEnd()) ?? [];
    if (name !== undefined && value !== undefined) options.set(name, [...(options.get(name) ?? []), value]);
  }
  return options;
}

const usersConfig = (): string => join(home(), '.ssh', 'config');

/** Hosts that tools put there for this user, such as the lab's: found without a line in a file that is the user's own. */
function toolsConfig(): string {
  const base = process.env['XDG_CONFIG_HOME'] ?? '';
  return join(isAbsolute(base) ? base : join(home(), '.config'), 'numa-pinboard', 'ssh_config');
}

/** The tools' file for a host that it names; whatever the user's own file names is the user's. */
async function fileNaming(host: string): Promise<string | undefined> {
  const names = async (file: string): Promise<boolean> => (await namedHosts(file)).some(({ name }) => name === host);
  if (!(await names(toolsConfig()))) return undefined;
  return (await names(usersConfig())) ? undefined : toolsConfig();
}

/**
 * `sshConfig`: that file alone, else as ssh does, then `$XDG_CONFIG_HOME/numa-pinboard/ssh_config`.
 * @throws PinboardError `usage` for a name that is none, `bad-file` for a configuration that cannot be read.
 */
export async function resolveHost(name: string, sshConfig?: string, signal?: AbortSignal): Promise<HostSettings> {
  const target = parseTarget(name);
  const file = sshConfig ?? (await fileNaming(target.host));
  const options = (await askProgram(target, file, signal)) ?? (await readOptions(target, file));
  return settingsFrom(name, target, options);
}

/** The files that hosts are read from, whether they are there or not; the first is a person's own. */
export function configFiles(sshConfig?: string): [own: string, ...others: string[]] {
  return sshConfig === undefined ? [usersConfig(), toolsConfig()] : [sshConfig];
}

/** Hosts that the configuration (as `resolveHost` finds them) names in full, in its order; none without a file. */
export async function placedHosts(sshConfig?: string): Promise<NamedHost[]> {
  const named = (await Promise.all(configFiles(sshConfig).map(namedHosts))).flat();
  const first = new Map<string, NamedHost>();
  for (const host of named) if (isHostName(host.name) && !first.has(host.name)) first.set(host.name, host);
  return [...first.values()];
}

/** The aliases of those. */
export async function listHosts(sshConfig?: string): Promise<string[]> {
  return (await placedHosts(sshConfig)).map(({ name }) => name);
}

/** Every file that has a say in `listHosts`, as absolute paths that may hold * and ?; there or not. */
export async function watchedFiles(sshConfig?: string): Promise<string[]> {
  const files = configFiles(sshConfig);
  return [...new Set([...files, ...(await Promise.all(files.map(includedFrom))).flat()])];
}
