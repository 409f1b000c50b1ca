/** The ssh configuration read from its files, for machines without an ssh program, and for the names it holds. */

import { readFile, readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import SSHConfig, { glob } from 'ssh-config';
import { PinboardError } from '../../model/problem.ts';
import { expandTilde, home } from './settings.ts';
import type { SshOptions } from './settings.ts';
import type { Target } from './target.ts';

/** As OpenSSH. */
const MAX_DEPTH = 16;

const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  identityfile: ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'].map((name) => `~/.ssh/${name}`),
  userknownhostsfile: ['~/.ssh/known_hosts ~/.ssh/known_hosts2'],
  globalknownhostsfile: ['/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2'],
};

/** Files that a pattern with * and ? names. */
async function matching(pattern: string): Promise<string[]> {
  let paths = [''];
  for (const piece of pattern.split('/').slice(1)) {
    if (!/[*?]/.test(piece)) {
      paths = paths.map((path) => `${path}/${piece}`);
      continue;
    }
    const found = paths.map(async (path) => {
      const names = await readdir(path === '' ? '/' : path).catch(() => []);
      const visible = names.filter((name) => !name.startsWith('.') && glob(piece, name)).sort();
      return visible.map((name) => `${path}/${name}`);
    });
    paths = (await Promise.all(found)).flat();
  }
  return paths;
}

/** The text with every Include put in its place. What is not there is skipped, as OpenSSH does. */
async function expandIncludes(path: string, depth = 0): Promise<string> {
  const text = await readFile(path, 'utf8');
  const lines: string[] = [];
  // An included file may begin other sections: the one around the Include is taken up again behind it.
  let section = 'Host *';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(Host|Match)[\s=]/i.test(line)) section = line;
    const patterns = /^\s*Include[\s=]+(.*)$/i.exec(line)?.[1];
    if (patterns === undefined || depth >= MAX_DEPTH) {
      lines.push(line);
      continue;
    }
    for (const [, quoted, bare] of patterns.matchAll(/"([^"]*)"|(\S+)/g)) {
      const pattern = expandTilde(quoted ?? bare ?? '');
      for (const file of await matching(isAbsolute(pattern) ? pattern : join(home(), '.ssh', pattern))) {
        lines.push(await expandIncludes(file, depth + 1).catch(() => ''), section);
      }
    }
  }
  return lines.join('\n');
}

/** Each value of a directive as one text. */
function asTexts(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** What the files say of a host; nothing in them is run. @throws PinboardError `bad-file`. */
export async function readOptions(target: Target, file: string | undefined): Promise<SshOptions> {
  const paths = file === undefined ? [join(home(), '.ssh', 'config'), '/etc/ssh/ssh_config'] : [file];
  const texts = await Promise.all(
    paths.map((path) =>
      expandIncludes(path).catch((error: unknown) => {
        if (file === undefined) return '';
        throw new PinboardError('bad-file', `The ssh configuration ${path} cannot be read.`, null, { cause: error });
      }),
    ),
  );
  const options = new Map<string, readonly string[]>(Object.entries(DEFAULTS));
  const match = target.user === null ? { Host: target.host } : { Host: target.host, User: target.user };
  const found = SSHConfig.parse(texts.join('\nHost *\n')).compute(match, { ignoreCase: true, matchExec: false });
  for (const [name, value] of Object.entries(found)) options.set(name.toLowerCase(), asTexts(value));
  const hostName = options.get('hostname')?.[0];
  if (hostName !== undefined) options.set('hostname', [hostName.replaceAll('%h', target.host)]);
  return options;
}

/** Every name that stands after `Host` without a pattern's characters. */
export async function namedHosts(path: string): Promise<string[]> {
  const text = await expandIncludes(path).catch(() => '');
  return text.split('\n').flatMap((line) => {
    const names = /^\s*Host[\s=]+(.*)$/i.exec(line)?.[1]?.replace(/\s#.*$/, '');
    return names === undefined
      ? []
      : [...names.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  });
}
