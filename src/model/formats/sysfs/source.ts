/** Typed access to a probe's files for the readers beside this file, and the place where they leave their warnings. */

import { CpuListError, parseCpuList } from '../../text/cpulist.ts';
import { clean } from '../../text/clean.ts';
import { both } from './ids.ts';
import type { Ids } from './ids.ts';
import { parseCpuMask } from './mask.ts';
import { PROBE_WARNINGS } from './probe.ts';
import type { ProbeFiles } from './probe.ts';

/** Where a set of ids stands: as a list, and in recordings of older machines as a mask. */
export interface Place {
  readonly list: string;
  readonly mask?: string;
}

interface Warning {
  readonly of: Set<string>;
  readonly words: (things: string, count: number) => string;
}

const MAX_WARNINGS = 100;
/** Things a warning names; of more it says how many there are. */
const NAMED = 8;
/** Ids that all sets of a host may hold together: ten times what 8,192 CPUs need, and still no burden. */
const MAX_MEMBERS = 4_000_000;

export class Source {
  readonly files: ProbeFiles;
  /** By what was found wrong, in the order of finding; what it was found of. */
  readonly #warnings = new Map<string, Warning>();
  // Thousands of CPUs name the same few sets: each text is parsed once.
  readonly #sets = new Map<string, Ids | null>();
  #members = 0;
  #full = false;
  readonly #agreements = new Map<Ids, Map<Ids, boolean>>();
  #folders: Map<string, Set<number>> | null = null;

  constructor(files: ProbeFiles) {
    this.files = files;
    for (const line of files.get(PROBE_WARNINGS)?.split('\n') ?? []) this.warn(line);
  }

  /** What cannot be right and what was done about it, each once. */
  get warnings(): readonly string[] {
    const said = [...this.#warnings.values()].map(({ of, words }) => clean(words(enumerate(of), of.size), 500));
    return this.#full ? [...said, 'There are more contradictions than are listed here.'] : said;
  }

  warn(words: string): void {
    this.#add(words, '', () => words);
  }

  /**
   * One sentence about all things that suffer from the same, so that a single bad source is a single warning. `kind` tells
   * sentences apart, `words` gets the things as an enumeration and how many there are.
   */
  warnOf(kind: string, thing: string, words: Warning['words']): void {
    this.#add(kind, thing, words);
  }

  #add(kind: string, thing: string, words: Warning['words']): void {
    const known = this.#warnings.get(kind);
    if (known) known.of.add(thing);
    else if (this.#warnings.size >= MAX_WARNINGS) this.#full = true;
    else this.#warnings.set(kind, { of: new Set([thing]), words });
  }

  /** Raw content, null where there is no such file. */
  raw(path: string): string | null {
    return this.files.get(path) ?? null;
  }

  /** One cleaned line, null where there is no such file or nothing in it. */
  text(path: string, maxLength = 256): string | null {
    const value = clean(this.files.get(path) ?? '', maxLength);
    return value === '' ? null : value;
  }

  /** A whole number that JavaScript holds exactly, null for anything else. */
  integer(path: string): number | null {
    const value = this.text(path, 32);
    if (value === null || !/^-?\d+$/.test(value)) return null;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : null;
  }

  /** Numbers N, ascending, for which there is a file below `prefix`N: numbered('sys/devices/system/cpu/cpu') → [0, 1 …]. */
  numbered(prefix: string): number[] {
    this.#folders ??= numberedFolders(this.files.keys());
    return [...(this.#folders.get(prefix) ?? [])].sort((a, b) => a - b);
  }

  /**
   * The set in the first of `places` that exists and can be read; null without any. A recording may hold a set twice,
   * and where the two differ the mask counts, as it does for lstopo.
   */
  ids(...places: readonly Place[]): Ids | null {
    for (const { list, mask } of places) {
      const listed = this.#read(list, 'list');
      const masked = mask === undefined ? null : this.#read(mask, 'mask');
      if (listed && masked && !this.#agree(listed, masked)) {
        const name = list.slice(list.lastIndexOf('/') + 1);
        this.warn(`Some ${name} files say something else than the mask beside them; the masks were used.`);
      }
      const set = masked ?? listed;
      if (set) return set;
    }
    return null;
  }

  #read(path: string, format: 'list' | 'mask'): Ids | null {
    const value = this.files.get(path);
    return value === undefined ? null : this.set(value, format, path);
  }

  // Sets are shared, so few pairs of them are ever compared.
  #agree(a: Ids, b: Ids): boolean {
    const known = this.#agreements.get(a) ?? new Map<Ids, boolean>();
    const answer = known.get(b) ?? (a.size === b.size && both(a, b).size === a.size);
    this.#agreements.set(a, known.set(b, answer));
    return answer;
  }

  /** The set that `value` spells; null, with a warning that names `where` it stood, for anything else. */
  set(value: string, format: 'list' | 'mask', where: string): Ids | null {
    const key = `${format} ${value}`;
    const known = this.#sets.get(key);
    if (known === null) this.#warnOfNoSet(value, where);
    if (known !== undefined) return known;
    if (this.#members > MAX_MEMBERS) {
      this.warn('The host names more ids than a machine could have; further sets of them were not used.');
      return null;
    }
    const set = parseSet(value, format);
    this.#members += set?.size ?? 0;
    this.#sets.set(key, set);
    if (!set) this.#warnOfNoSet(value, where);
    return set;
  }

  #warnOfNoSet(value: string, where: string): void {
    const name = where.slice(where.lastIndexOf('/') + 1);
    const first = `${where} holds no set of ids ("${value.slice(0, 40)}")`;
    this.warnOf(`no set ${name}`, where, (_, count) =>
      count === 1
        ? `${first}; it was not used.`
        : `${first}, nor do ${count - 1} other files of that name; none was used.`,
    );
  }
}

function enumerate(things: ReadonlySet<string>): string {
  const named = [...things].slice(0, NAMED).join('; ');
  return things.size > NAMED ? `${named}; and ${things.size - NAMED} more` : named;
}

function numberedFolders(paths: Iterable<string>): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const path of paths) {
    for (const match of path.matchAll(/(?<=[a-z_-])(\d{1,10})(?=(?:kB)?\/)/g)) {
      const prefix = path.slice(0, match.index);
      const numbers = found.get(prefix) ?? new Set();
      found.set(prefix, numbers.add(Number(match[1])));
    }
  }
  return found;
}

function parseSet(value: string, format: 'list' | 'mask'): Ids | null {
  try {
    const ids = format === 'list' ? parseCpuList(value) : parseCpuMask(value);
    return ids && new Set(ids);
  } catch (error) {
    if (error instanceof CpuListError) return null;
    throw error;
  }
}
