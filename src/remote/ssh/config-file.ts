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

/** A line, and where it stands; a section that is taken up again stands where it began. */
interface ConfigLine {
  readonly text: string;
  readonly file: string;
  /** From 0. */
  readonly at: number;
}

interface Expanded {
  readonly lines: readonly ConfigLine[];
  /** What is included, as absolute paths that may hold * and ?; of files that are not there, too. */
  readonly included: readonly string[];
}

/** The lines with every Include put in its place. What is not there is skipped, as OpenSSH does. */
async function expandIncludes(path: string, depth = 0): Promise<Expanded> {
  const text = await readFile(path, 'utf8');
  const lines: ConfigLine[] = [];
  const included: string[] = [];
  // An included file may begin other sections: the one around the Include is taken up again behind it.
  let section: ConfigLine = { text: 'Host *', file: path, at: 0 };
  for (const [at, own] of text.split(/\r?\n/).entries()) {
    const line: ConfigLine = { text: own, file: path, at };
    if (/^\s*(Host|Match)[\s=]/i.test(own)) section = line;
    const patterns = /^\s*Include[\s=]+(.*)$/i.exec(own)?.[1];
    if (patterns === undefined || depth >= MAX_DEPTH) {
      lines.push(line);
      continue;
    }
    for (const [, quoted, bare] of patterns.matchAll(/"([^"]*)"|(\S+)/g)) {
      const named = expandTilde(quoted ?? bare ?? '');
      const pattern = isAbsolute(named) ? named : join(home(), '.ssh', named);
      included.push(pattern);
      for (const file of await matching(pattern)) {
        const below = await expandIncludes(file, depth + 1).catch(() => null);
        lines.push(...(below?.lines ?? []), section);
        included.push(...(below?.included ?? []));
      }
    }
  }
  return { lines, included };
}

const textOf = ({ lines }: Expanded): string => lines.map(({ text }) => text).join('\n');

/** Each value of a directive as one text. */
function asTexts(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** What the files say of a host; nothing in them is run. @throws PinboardError `bad-file`. */
export async function readOptions(target: Target, file: string | undefined): Promise<SshOptions> {
  const paths = file === undefined ? [join(home(), '.ssh', 'config'), '/etc/ssh/ssh_config'] : [file];
  const texts = await Promise.all(
    paths.map((path) =>
      expandIncludes(path).then(textOf, (error: unknown) => {
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

export interface NamedHost {
  readonly name: string;
  readonly file: string;
  /** Line, from 0. */
  readonly at: number;
}

const NOTHING: Expanded = { lines: [], included: [] };

/** Every name that stands after `Host`; none without a file. */
export async function namedHosts(path: string): Promise<NamedHost[]> {
  const { lines } = await expandIncludes(path).catch(() => NOTHING);
  return lines.flatMap(({ text, file, at }) => {
    const names = /^\s*Host[\s=]+(.*)$/i.exec(text)?.[1]?.replace(/\s#.*$/, '') ?? '';
    return [...names.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => ({
      name: quoted ?? bare ?? '',
      file,
      at,
    }));
  });
}

/** What a file includes, and what those include: paths that may hold * and ?, whether there is such a file or not. */
export async function includedFrom(path: string): Promise<readonly string[]> {
  return (await expandIncludes(path).catch(() => NOTHING)).included;
}
