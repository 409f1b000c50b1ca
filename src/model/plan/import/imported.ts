/** What importers of plans have in common: blocks with words of what a file does not tell, and its lists and sizes read. */

import { PinboardError } from '../../problem.ts';
import { clean } from '../../text/clean.ts';
import { CpuListError, formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import type { Block, Reserve } from '../plan.ts';

/** As a plan's file calls them. */
export type NoteKey = 'memory' | Exclude<keyof Block, 'memoryBytes' | 'name' | 'kind' | 'nodes'>;

export interface Note {
  /** Key of the block that it is about; null: the block as a whole. */
  readonly key: NoteKey | null;
  /** A line, that does not name the key again. */
  readonly text: string;
}

export interface ImportedBlock {
  readonly block: Block;
  readonly notes: readonly Note[];
}

/** Notation of a machine, where a file tells no more of it than counts. */
export interface CountedMachine {
  readonly synthetic: string;
  readonly distances: readonly (readonly number[])[] | null;
}

export interface Imported {
  readonly machine?: CountedMachine;
  readonly blocks: readonly ImportedBlock[];
  readonly reserve: readonly Reserve[];
  /** What is known, and has no place in a plan, or what is not; about no block of its own. */
  readonly notes: readonly string[];
}

type Said = Pick<Block, 'name' | 'kind'> & Partial<Block>;

/** Null for all that is not said. */
export const blockOf = (said: Said): Block => ({
  runsAs: null,
  nodes: null,
  cores: null,
  threads: null,
  cpus: null,
  memoryBytes: null,
  memoryNodes: null,
  memoryPolicy: 'strict',
  hugepages: null,
  l3: null,
  guest: null,
  emulatorCpus: null,
  iothreads: null,
  iothreadCpus: null,
  serves: [],
  devices: [],
  storage: [],
  taints: [],
  ...said,
});

/** The host's own threads, on CPUs that nothing else has. */
export const HOST_BLOCK = 'host';

const MOST_QUOTED = 60;
/** More than any machine that is planned for has. */
const MOST_IDS = 8192;

export const quoted = (text: string): string => `"${clean(text, MOST_QUOTED)}"`;

/** @param line from 1; null where nobody counts lines. */
export const badFile = (path: string, line: number | null, words: string, hint: string | null = null): PinboardError =>
  new PinboardError('bad-file', `${path}${line === null ? '' : `:${line}`}: ${words}`, hint);

/** @param what as in "vcpupin of vCPU 3". @throws PinboardError `bad-file` for what is no list. */
export function idsOf(path: string, line: number | null, what: string, text: string): number[] {
  try {
    const ids = parseCpuList(text);
    if (ids.length <= MOST_IDS) return ids;
    throw new CpuListError(`it names ${ids.length}, and no plan more than ${MOST_IDS}`);
  } catch (error) {
    if (!(error instanceof CpuListError)) throw error;
    throw badFile(path, line, `${what}: ${clean(error.message, 200)}.`);
  }
}

const MOST_NAME = 100;

/** As a plan takes a name; null for what has no visible character. */
export function calledOrNull(text: string): string | null {
  const name = clean(text, MOST_NAME);
  return name === '' ? null : name;
}

/** Null for the empty set. */
export const listOrNull = (ids: Iterable<number>): string | null => {
  const list = formatCpuList(ids);
  return list === '' ? null : list;
};

/** Null where an amount is none, or more than can be counted exactly. */
export const sizeOrNull = (bytes: number): number | null => (Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null);

export interface Line {
  /** From 1: where it begins. */
  readonly line: number;
  readonly text: string;
}

/** Lines, with those that end in a backslash put together with the next. */
export function joinedLines(text: string): Line[] {
  const lines: Line[] = [];
  let open: { line: number; parts: string[] } | null = null;
  for (const [at, raw] of text.split('\n').entries()) {
    const written = raw.replace(/\r$/, '');
    const here: { line: number; parts: string[] } = open ?? { line: at + 1, parts: [] };
    const goesOn = written.endsWith('\\');
    here.parts.push(goesOn ? written.slice(0, -1) : written);
    open = goesOn ? here : null;
    if (!goesOn) lines.push({ line: here.line, text: here.parts.join(' ') });
  }
  if (open) lines.push({ line: open.line, text: open.parts.join(' ') });
  return lines;
}
