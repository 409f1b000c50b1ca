/**
 * A plan's text with some blocks changed: only those letters are touched, so that comments, order and layout stay as a person wrote them.
 */

import { isMap, isNode, isScalar, isSeq, parse, parseDocument } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { changedPlan, keysOf } from '../model/plan/edit/change.ts';
import type { BlockChange, BlockValues, ChangedKey } from '../model/plan/edit/change.ts';
import { formatCpuList } from '../model/text/cpulist.ts';
import { readPlan } from './plan-text.ts';
import { sizeOf } from './plan-write.ts';

/** What a block is to have. */
export type Wanted = Pick<BlockChange, 'block' | 'to'>;

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** By key of the file what is to stand behind it; null: the key goes. */
type Entries = Readonly<Record<string, string | null>>;

const sizeText = (bytes: number): string => String(sizeOf(bytes));
/** In quotes: a comma means something else within { }. */
const quoted = (list: string): string => JSON.stringify(list);
const orNull = <T>(value: T | null | undefined, text: (value: T) => string): string | null =>
  value === null || value === undefined ? null : text(value);
const inBraces = (keys: Readonly<Record<string, string | number>>): string =>
  `{ ${Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`;

const WRITTEN: { readonly [Key in ChangedKey]: (value: BlockValues[Key]) => Entries } = {
  nodes: (nodes) => ({
    node: nodes?.length === 1 ? String(nodes[0]) : null,
    nodes: nodes && nodes.length > 1 ? quoted(formatCpuList(nodes)) : null,
  }),
  cpus: (cpus) => ({ cpus: orNull(cpus, quoted) }),
  cores: (cores) => ({ cores: orNull(cores, String) }),
  threads: (threads) => ({ threads: orNull(threads, String) }),
  memoryBytes: (bytes) => ({ memory: orNull(bytes, sizeText) }),
  memoryNodes: (nodes) => ({ memoryNodes: orNull(nodes, (ids) => quoted(formatCpuList(ids))) }),
  memoryPolicy: (policy) => ({ memoryPolicy: policy === 'strict' ? null : (policy ?? null) }),
  hugepages: (pages) => ({
    hugepages: orNull(pages, ({ sizeBytes, memoryBytes }) =>
      inBraces({ size: sizeText(sizeBytes), memory: sizeText(memoryBytes) }),
    ),
  }),
  l3: (share) => ({ l3: orNull(share, (one) => (one === 'own' ? one : sizeText(one))) }),
  guest: (guest) => ({
    guest: orNull(guest, ({ nodes, ...rest }) => inBraces(nodes === 1 ? { ...rest } : { ...rest, nodes })),
  }),
  emulatorCpus: (cpus) => ({ emulatorCpus: orNull(cpus, quoted) }),
};

const entriesOf = (to: BlockValues): Entries =>
  Object.assign({}, ...keysOf(to).map((key) => WRITTEN[key](to[key] as never))) as Entries;

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
const endOf = ({ key, value }: Pair): number =>
  (isNode(value) ? value.range?.[1] : null) ?? (key as Node).range?.[1] ?? 0;
const isKey = (pair: Pair, key: string): boolean => isScalar(pair.key) && pair.key.value === key;

/** The keys of a block in the text. */
class Keys {
  readonly #map: YAMLMap;
  readonly #text: string;

  constructor(map: YAMLMap, text: string) {
    this.#map = map;
    this.#text = text;
  }

  splices(entries: Entries): Splice[] {
    const { items } = this.#map;
    const known = (key: string): Pair | undefined => items.find((item) => isKey(item, key));
    const wanted = Object.entries(entries);
    const changed = wanted.flatMap(([key, text]) => {
      const pair = known(key);
      return pair && text !== null ? this.#set(pair, text) : [];
    });
    const added = wanted.flatMap(([key, text]) => (text === null || known(key) ? [] : [`${key}: ${text}`]));
    const gone = items.filter((item) => wanted.some(([key, text]) => text === null && isKey(item, key)));
    // What is new stands in the place of what goes.
    const replaced = gone.slice(0, added.length);
    return [
      ...changed,
      ...replaced.map((pair, at) => ({ from: startOf(pair.key), to: endOf(pair), text: added[at] ?? '' })),
      ...this.#without(gone.slice(replaced.length)),
      ...(added.length > replaced.length ? [this.#insert(added.slice(replaced.length))] : []),
    ];
  }

  #set({ key, value }: Pair, text: string): Splice[] {
    const end = endOf({ key, value } as Pair);
    // Within { } only what is another is touched.
    if (isMap(value)) {
      const inner = parse(text) as Record<string, unknown>;
      const names = Object.keys(inner);
      if (names.every((name) => value.items.some((item) => isKey(item, name))) && value.items.length === names.length) {
        return value.items.flatMap((item) => {
          const to = inner[isScalar(item.key) ? String(item.key.value) : ''];
          const same = isScalar(item.value) && item.value.value === to;
          return same ? [] : [{ from: startOf(item.value), to: endOf(item), text: String(to) }];
        });
      }
    }
    const from = isNode(value) && value.range ? value.range[0] : endOf({ key } as Pair);
    // A key with nothing behind it.
    return [{ from, to: Math.max(from, end), text: from === endOf({ key } as Pair) ? `: ${text}` : text }];
  }

  /** Before the key behind `kind`, which every block has. */
  #insert(entries: readonly string[]): Splice {
    const at = this.#map.items.findIndex((item) => isKey(item, 'kind'));
    const before = this.#map.items[at + 1] ?? this.#map.items[at];
    const from = startOf(before?.key);
    const indent = ' '.repeat(from - this.#text.lastIndexOf('\n', from - 1) - 1);
    const between = this.#map.flow === true ? ', ' : `\n${indent}`;
    return { from, to: from, text: entries.map((entry) => `${entry}${between}`).join('') };
  }

  #without(gone: readonly Pair[]): Splice[] {
    const { items, flow } = this.#map;
    const from = items.findIndex((item) => !gone.includes(item));
    // With the lines that they stand on, where something stands before; else, and within { }, up to what follows.
    const lines = flow === true ? [] : gone.filter((pair) => items.indexOf(pair) > from);
    const runs = items.flatMap((first, at) => {
      const before = items[at - 1];
      if (!gone.includes(first) || lines.includes(first) || (before && gone.includes(before))) return [];
      const after = items.slice(at).find((item) => !gone.includes(item));
      if (after) return [{ from: startOf(first.key), to: startOf(after.key), text: '' }];
      return [{ from: before ? endOf(before) : startOf(first.key), to: endOf(items.at(-1) ?? first), text: '' }];
    });
    return [...runs, ...lines.map((pair) => this.#line(pair))];
  }

  #line(pair: Pair): Splice {
    const [start, end] = [startOf(pair.key), endOf(pair)];
    const next = this.#text.indexOf('\n', end);
    const line = next === -1 ? this.#text.length : next;
    // A comment behind it stays, on a line of its own.
    const comment = /\S/.exec(this.#text.slice(end, line));
    const from = comment ? start : this.#text.lastIndexOf('\n', start);
    return { from, to: comment ? end + comment.index : line, text: '' };
  }
}

function blockAt(document: Document, name: string): { readonly at: number; readonly map: YAMLMap } | null {
  const blocks = document.get('blocks', true);
  if (!isSeq(blocks)) return null;
  const at = blocks.items.findIndex((item) => isMap(item) && item.get('name') === name);
  const map = blocks.items[at];
  return isMap(map) ? { at, map } : null;
}

/** @param text that `readPlan` reads. */
export function withChanges(text: string, wanted: readonly Wanted[]): string {
  const document = parseDocument(text);
  const splices = wanted.flatMap(({ block, to }) => {
    const found = blockAt(document, block);
    return found ? new Keys(found.map, text).splices(entriesOf(to)) : [];
  });
  let changed = text;
  // From the end on; at one place what is put in before a letter comes after what is done to that letter.
  for (const { from, to, text: letters } of splices.toSorted((a, b) => b.from - a.from || b.to - a.to)) {
    changed = changed.slice(0, from) + letters + changed.slice(to);
  }
  if (holds(text, changed, wanted)) return changed;
  // Keys spelled in full ("? kind"), aliases, and what else nobody writes by hand: those blocks are written anew.
  const value = document.toJS() as { blocks: Record<string, unknown>[] };
  for (const { block, to } of wanted) {
    const at = blockAt(document, block)?.at ?? -1;
    const entries = entriesOf(to);
    const kept = Object.entries(value.blocks[at] ?? {}).filter(([key]) => entries[key] === undefined);
    const set = Object.entries(entries).flatMap(([key, words]) => (words === null ? [] : [[key, parse(words)]]));
    if (at !== -1)
      document.setIn(['blocks', at], document.createNode(Object.fromEntries([...kept, ...set]) as unknown));
  }
  return document.toString({ lineWidth: 0 });
}

function holds(before: string, after: string, changes: readonly Wanted[]): boolean {
  const [was, is] = [readPlan(before), readPlan(after)];
  if (!('plan' in was) || !('plan' in is)) return false;
  const meant = changedPlan(was.plan, { words: '', changes: changes.map((one) => ({ ...one, was: {} })) });
  return JSON.stringify(is.plan) === JSON.stringify(meant);
}
