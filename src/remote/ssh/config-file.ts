/** The ssh configuration read from its files, for machines without an ssh program, and for the names it holds. */

import { readFile, readdir } from 'node:fs/promises';
import SSHConfig, { glob } from 'ssh-config';
import { PinboardError } from '../../model/problem.ts';
import { expandPlaces, pathsOf, systemConfig, systemKnownHosts, thisSystem } from './client-system.ts';
import type { ClientSystem } from './client-system.ts';
import type { SshOptions } from './settings.ts';
import type { Target } from './target.ts';

/** As OpenSSH. */
const MAX_DEPTH = 16;

const defaults = (system: ClientSystem): Readonly<Record<string, readonly string[]>> => ({
  identityfile: ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'].map((name) => `~/.ssh/${name}`),
  userknownhostsfile: ['~/.ssh/known_hosts ~/.ssh/known_hosts2'],
  globalknownhostsfile: [systemKnownHosts(system)],
});

/** Files that an absolute pattern with * and ? names. @param list names in a folder, whose path ends with a separator. */
export async function matching(
  pattern: string,
  system: Pick<ClientSystem, 'platform'>,
  list: (folder: string) => Promise<string[]>,
): Promise<string[]> {
  const { parse, sep } = pathsOf(system);
  const { root } = parse(pattern);
  let paths = [root.slice(0, -1)];
  for (const piece of pattern.slice(root.length).split(sep === '/' ? '/' : /[\\/]/)) {
    if (!/[*?]/.test(piece)) {
      paths = paths.map((path) => path + sep + piece);
      continue;
    }
    const found = paths.map(async (path) => {
      const names = await list(path + sep).catch(() => []);
      const visible = names.filter((name) => !name.startsWith('.') && glob(piece, name)).sort();
      return visible.map((name) => path + sep + name);
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
  const system = thisSystem();
  const { isAbsolute, join } = pathsOf(system);
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
      const named = expandPlaces(quoted ?? bare ?? '', system);
      const pattern = isAbsolute(named) ? named : join(system.home, '.ssh', named);
      included.push(pattern);
      for (const file of await matching(pattern, system, readdir)) {
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
  const system = thisSystem();
  const usersConfig = pathsOf(system).join(system.home, '.ssh', 'config');
  const paths = file === undefined ? [usersConfig, systemConfig(system)] : [file];
  const texts = await Promise.all(
    paths.map((path) =>
      expandIncludes(path).then(textOf, (error: unknown) => {
        if (file === undefined) return '';
        throw new PinboardError('bad-file', `The ssh configuration ${path} cannot be read.`, null, { cause: error });
      }),
    ),
  );
  const options = new Map<string, readonly string[]>(Object.entries(defaults(system)));
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
