/**
 * hwloc's notation of a synthetic machine, "pack:2 numa:2 l3:1(size=16MB) core:4 pu:2", as levels.
 * https://www.open-mpi.org/projects/hwloc/doc/ ("Synthetic topologies") describes it; what it leaves open is as lstopo 2.9 does it.
 */

import { PinboardError } from '../../problem.ts';
import type { CacheType } from '../../topology/topology.ts';

export type LevelType = 'package' | 'die' | 'group' | 'numa' | 'core' | 'pu' | 'cache';

export interface Memory {
  readonly bytes: number;
  /** As written behind "indexes=", null without. */
  readonly indexes: string | null;
}

export interface Level {
  /** As the person wrote it, for messages. */
  readonly word: string;
  readonly type: LevelType;
  /** Children of each object of the level before. */
  readonly count: number;
  readonly cache: { readonly level: number; readonly type: CacheType; readonly sizeBytes: number } | null;
  readonly indexes: string | null;
  /** NUMA nodes at every object of this level: its own where the level is one, then those written in [ ]. */
  readonly memories: readonly Memory[];
}

export interface Notation {
  /** NUMA nodes of the whole machine. */
  readonly memories: readonly Memory[];
  readonly levels: readonly Level[];
}

const MAX_TEXT = 20_000;
const MAX_LEVELS = 64;
export const MAX_PUS = 4096;
const GIB = 2 ** 30;

const EXAMPLE = 'Write for example "pack:2 numa:2 l3:1 core:4 pu:2".';

export function refuse(words: string, hint: string = EXAMPLE): never {
  throw new PinboardError('bad-file', words, hint);
}

/** Types that a line of numbers alone stands for, by how many there are, in the order in which levels are added. */
function defaultTypes(count: number): string[] {
  const added = ['pu', 'numa', 'pack', 'core', 'l2', 'l1d', 'l3', 'l1i'].slice(0, count);
  const groups = new Array<string>(Math.max(0, count - 8)).fill('group');
  const order = ['group', 'pack', 'numa', 'l3', 'l2', 'l1d', 'l1i', 'core', 'pu'];
  return [...added, ...groups].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

const NAMES: readonly (readonly [name: string, type: LevelType])[] = [
  ['package', 'package'],
  ['socket', 'package'],
  ['die', 'die'],
  ['group', 'group'],
  ['numanode', 'numa'],
  ['node', 'numa'],
  ['core', 'core'],
  ['pu', 'pu'],
];

/** Type of a level by its name, which may be cut after two letters, in any case. */
export function typeOf(word: string): { type: LevelType; level: number; cacheType: CacheType } | null {
  const name = word.toLowerCase();
  const cache = /^l([1-5])([diu]?)(?:c(?:a(?:c(?:he?)?)?)?)?$/.exec(name);
  if (cache) {
    const cacheType = ({ d: 'data', i: 'instruction' } as const)[cache[2] ?? ''] ?? 'unified';
    return { type: 'cache', level: Number(cache[1]), cacheType };
  }
  const plain = name.replace(/^(gr[oup]*)\d+$/, '$1');
  const found = plain.length < 2 ? undefined : NAMES.find(([full]) => full.startsWith(plain));
  return found ? { type: found[1], level: 0, cacheType: 'unified' } : null;
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: GIB,
  tib: 2 ** 40,
};

function bytesOf(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,15}|0x[0-9a-f]{1,12})([a-z]*)$/i.exec(text) ?? [];
  const bytes = Number(digits) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  if (digits === '' || !Number.isSafeInteger(bytes)) {
    refuse(`"${text}" is no size.`, 'Write a number and kB, MB, GB, TB (powers of 1,000) or KiB, MiB, GiB, TiB.');
  }
  return bytes;
}

/** "size=16MB indexes=core:numa" as pairs. */
function attributesOf(text: string, known: readonly string[], word: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const piece of text.trim().split(/\s+/)) {
    if (piece === '') continue;
    const at = piece.indexOf('=');
    const key = at === -1 ? piece : piece.slice(0, at);
    if (at === -1 || !known.includes(key)) {
      refuse(`"${piece.slice(0, 60)}" is no attribute of ${word}.`, `Known there are ${known.join('=, ')}=.`);
    }
    pairs.set(key, piece.slice(at + 1));
  }
  return pairs;
}

function memoryOf(attributes: ReadonlyMap<string, string>, missing: number): Memory {
  const bytes = attributes.get('memory');
  return { bytes: bytes === undefined ? missing : bytesOf(bytes), indexes: attributes.get('indexes') ?? null };
}

/** hwloc's sizes where none are given: 32 KiB, and from level 2 on 256 KiB shifted left by two for each level. */
const defaultCacheSize = (level: number): number => (level === 1 ? 32 * 1024 : 256 * 1024 * 4 ** level);

function levelOf(word: string, count: number, attributes: string): Level {
  const named = typeOf(word);
  if (!named) refuse(`"${word.slice(0, 40)}" is no type of object.`);
  const { type, level, cacheType } = named;
  const plain = { word, type, count, cache: null, memories: [] };
  if (type === 'cache') {
    const pairs = attributesOf(attributes, ['size', 'indexes'], word);
    const size = pairs.get('size');
    const sizeBytes = size === undefined ? defaultCacheSize(level) : bytesOf(size);
    return { ...plain, cache: { level, type: cacheType, sizeBytes }, indexes: pairs.get('indexes') ?? null };
  }
  const pairs = attributesOf(attributes, ['memory', 'indexes'], word);
  if (type === 'numa') return { ...plain, indexes: null, memories: [memoryOf(pairs, GIB)] };
  return { ...plain, indexes: pairs.get('indexes') ?? null };
}

/** As much as finds the place. */
const beginning = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 60)}…`);

/** One piece: [numa(memory=1GB)], pack:2(indexes=1,0), or 2(…). */
const PIECE =
  /\s*(?:\[\s*([a-z]+)\s*(?:\(([^()]*)\))?\s*\]|(?:([a-z]\w*)\s*:\s*)?(\d{1,9})(?:\(([^()]*)\))?)(?=\s|\[|$)/iy;

/** @throws PinboardError `bad-file` with what is wrong in the person's words. */
export function parseNotation(text: string): Notation {
  if (text.length > MAX_TEXT) refuse(`A synthetic machine is written in at most ${MAX_TEXT} characters.`);
  const pieces: { word: string | null; count: number; attributes: string; memories: Memory[] }[] = [];
  const ofMachine: Memory[] = [];
  // Attributes of the whole machine, which hwloc accepts and no longer uses.
  PIECE.lastIndex = /^\s*(?:\([^()]*\))?/.exec(text)?.[0].length ?? 0;
  for (;;) {
    const from = PIECE.lastIndex;
    if (text.slice(from).trim() === '') break;
    const match = PIECE.exec(text);
    if (!match) refuse(`"${beginning(text.slice(from).trim())}" is not hwloc's notation of a machine.`);
    const [, attached, attachedWith = '', word, digits = '', attributes = ''] = match;
    if (attached !== undefined) {
      if (typeOf(attached)?.type !== 'numa') refuse(`"[${attached}]": only NUMA nodes can be attached.`);
      const memory = memoryOf(attributesOf(attachedWith, ['memory', 'indexes'], attached), 0);
      (pieces.at(-1)?.memories ?? ofMachine).push(memory);
    } else pieces.push({ word: word ?? null, count: Number(digits), attributes, memories: [] });
    if (pieces.length > MAX_LEVELS) refuse(`A machine has at most ${MAX_LEVELS} levels.`);
  }
  if (pieces.length === 0) refuse('There is nothing in this synthetic machine.');
  const levels = named(pieces);
  checkLevels(levels, ofMachine);
  return { memories: ofMachine, levels };
}

function named(
  pieces: readonly { word: string | null; count: number; attributes: string; memories: Memory[] }[],
): Level[] {
  const inner = pieces.slice(0, -1);
  const bare = inner.every(({ word }) => word === null) && (pieces.at(-1)?.word ?? null) === null;
  if (!bare && inner.some(({ word }) => word === null)) refuse('Either all levels are named or none is.');
  const types = bare ? defaultTypes(pieces.length) : pieces.map(({ word }) => word ?? 'pu');
  const levels = pieces.map(({ count, attributes, memories }, i): Level => {
    const level = levelOf(types[i] ?? 'pu', count, attributes);
    if (level.count === 0) refuse(`"${level.word}:0": a level has at least one object.`);
    return { ...level, memories: [...level.memories, ...memories] };
  });
  return levels;
}

/** In a sentence, of many. */
const LEVEL_WORDS = { package: 'sockets', die: 'dies', numa: 'NUMA nodes', core: 'cores', pu: 'PUs' } as const;

function checkLevels(levels: readonly Level[], attached: readonly Memory[]): void {
  const last = levels.at(-1);
  if (last?.type !== 'pu') refuse('The last level has to be the PUs.', 'Add "pu:1" at its end.');
  for (const type of ['package', 'die', 'numa', 'core', 'pu'] as const) {
    if (levels.filter((level) => level.type === type).length > 1)
      refuse(`There can be only one level of ${LEVEL_WORDS[type]}.`);
  }
  const caches = levels.flatMap(({ cache }) => (cache ? [`${cache.level} ${cache.type}`] : []));
  if (new Set(caches).size < caches.length) refuse('There can be only one level of each kind of cache.');
  const order = levels.map(({ type }) => ['package', 'die', 'core', 'pu'].indexOf(type)).filter((at) => at !== -1);
  if (order.some((at, i) => at < (order[i - 1] ?? 0))) refuse('Sockets hold dies, dies hold cores, cores hold PUs.');
  const nodes = levels.find(({ type }) => type === 'numa');
  if (nodes && [...attached, ...levels.flatMap(({ memories }) => memories)].length > 1) {
    refuse('NUMA nodes are either a level or attached in [ ], not both.');
  }
  let total = 1;
  for (const { count } of levels) total *= count;
  if (total > MAX_PUS) refuse(`This machine would have ${total} PUs; at most ${MAX_PUS} are drawn.`);
}
