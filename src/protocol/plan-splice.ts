/** Where in a plan's text letters are to be others, for values of maps and items of lists: comments and layout around them stay. */

import { isCollection, isMap, isNode, isScalar, isSeq, parse, stringify } from 'yaml';
import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { same, sameEnds } from '../model/plan/edit/change.ts';

export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** By key of the file what is to stand behind it; null: the key goes. */
export type Entries = Readonly<Record<string, string | null>>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Within { } or [ ], on a line. */
export function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (isRecord(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${flowText(key)}: ${flowText(inner)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  // As an item, for there more has to be quoted.
  return stringify([value], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 })
    .trim()
    .slice(1, -1);
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
const endOf = ({ key, value }: Pair): number =>
  (isNode(value) ? value.range?.[1] : null) ?? (key as Node).range?.[1] ?? 0;
const isKey = (pair: Pair, key: string): boolean => isScalar(pair.key) && pair.key.value === key;

/** Behind its last letter: a list or map over several lines ends, for the parser, where the next thing begins. */
function lastOf(node: unknown): number {
  if (!isCollection(node) || node.flow === true) return isNode(node) ? (node.range?.[1] ?? 0) : 0;
  const last: unknown = node.items.at(-1);
  if (isNode(last)) return lastOf(last);
  const { key, value } = last as Pair;
  return isNode(value) ? lastOf(value) : ((key as Node).range?.[1] ?? 0);
}

/** What of a line is behind `at`: where a comment there begins, or null, and where the line ends. */
function restOfLine(text: string, at: number): { readonly comment: number | null; readonly end: number } {
  const next = text.indexOf('\n', at);
  const end = next === -1 ? text.length : next;
  const comment = /\S/.exec(text.slice(at, end));
  return { comment: comment ? at + comment.index : null, end };
}

/** What stands on lines of its own goes with them; a comment behind it stays, on a line of its own. */
function withoutLine(text: string, start: number, end: number): Splice {
  const rest = restOfLine(text, end);
  return rest.comment === null
    ? { from: text.lastIndexOf('\n', start), to: rest.end, text: '' }
    : { from: start, to: rest.comment, text: '' };
}

/** The keys of a map in the text. */
export class Keys {
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
    // Within { } and [ ] only what is another is touched.
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
    if (isSeq(value) && value.items.length > 0) {
      const items: unknown = parse(text);
      if (Array.isArray(items)) return listSplices(this.#text, value, value.toJSON(), items);
    }
    const from = isNode(value) && value.range ? value.range[0] : endOf({ key } as Pair);
    // A key with nothing behind it.
    return [{ from, to: Math.max(from, end), text: from === endOf({ key } as Pair) ? `: ${text}` : text }];
  }

  /** Before the key behind `kind`, which every block has; in what is no block behind its first. */
  #insert(entries: readonly string[]): Splice {
    const { items, flow } = this.#map;
    const kind = items.findIndex((item) => isKey(item, 'kind'));
    const [first] = items;
    const before = items[Math.max(0, kind) + 1];
    const place = startOf((before ?? first)?.key);
    const indent = ' '.repeat(place - this.#text.lastIndexOf('\n', place - 1) - 1);
    const between = flow === true ? ', ' : `\n${indent}`;
    if (before) return { from: place, to: place, text: entries.map((entry) => `${entry}${between}`).join('') };
    const end = first ? endOf(first) : place;
    return { from: end, to: end, text: entries.map((entry) => `${between}${entry}`).join('') };
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
    return [...runs, ...lines.map((pair) => withoutLine(this.#text, startOf(pair.key), endOf(pair)))];
  }
}

/** @param was what the list holds. @param to as the file would say it. */
export function listSplices(text: string, seq: YAMLSeq, was: readonly unknown[], to: readonly unknown[]): Splice[] {
  const { items, flow } = seq;
  const { head, tail } = sameEnds(was, to);
  const [gone, come] = [items.slice(head, items.length - tail), to.slice(head, to.length - tail)];
  const both = Math.min(gone.length, come.length);
  const dashOf = (item: unknown): number => text.lastIndexOf('-', startOf(item) - 1);
  const inLine = flow === true;
  const changed = gone.slice(0, both).flatMap((node, at) => itemSplices(text, node, was[head + at], come[at]));
  const [left, more] = [gone.slice(both), come.slice(both)];
  const [before, after] = [items[head + both - 1], items[head + both + left.length]];
  if (left.length > 0 && inLine) {
    const [first, last] = [left[0], left.at(-1)];
    changed.push(
      after === undefined
        ? { from: before === undefined ? startOf(first) : lastOf(before), to: lastOf(last), text: '' }
        : { from: startOf(first), to: startOf(after), text: '' },
    );
  } else changed.push(...left.map((item) => withoutLine(text, dashOf(item), lastOf(item))));
  if (left.length > 0 && left.length === items.length && !inLine) {
    const colon = text.lastIndexOf(':', dashOf(items[0]));
    changed.push({ from: colon + 1, to: colon + 1, text: ' []' });
  }
  if (more.length === 0) return changed;
  const words = more.map(flowText);
  if (inLine) {
    const at = after === undefined ? lastOf(before) : startOf(after);
    const added = words.map((one) => (after === undefined ? `, ${one}` : `${one}, `)).join('');
    return [...changed, { from: at, to: at, text: added }];
  }
  const first = dashOf(items[0]);
  const indent = ' '.repeat(first - text.lastIndexOf('\n', first) - 1);
  const at = before === undefined ? first : restOfLine(text, lastOf(before)).end;
  const added = words.map((one) => (before === undefined ? `- ${one}\n${indent}` : `\n${indent}- ${one}`)).join('');
  return [...changed, { from: at, to: at, text: added }];
}

function itemSplices(text: string, node: unknown, was: unknown, to: unknown): Splice[] {
  if (isMap(node) && isRecord(was) && isRecord(to)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(to)])].filter((key) => !same(was[key], to[key]));
    return new Keys(node, text).splices(
      Object.fromEntries(keys.map((key) => [key, to[key] === undefined ? null : flowText(to[key])])),
    );
  }
  return [{ from: startOf(node), to: lastOf(node), text: flowText(to) }];
}

/** The list behind a key of the whole file. @param was as `listSplices` has it. */
export function topListSplices(
  text: string,
  map: YAMLMap,
  key: string,
  was: readonly unknown[],
  to: readonly unknown[],
): Splice[] {
  const pair = map.items.find((item) => isKey(item, key));
  const value: unknown = pair?.value;
  if (isSeq(value) && value.items.length > 0) return listSplices(text, value, was, to);
  if (to.length === 0) return [];
  const lines = to.map((item) => `\n  - ${flowText(item)}`).join('');
  if (pair) {
    const colon = text.indexOf(':', (pair.key as Node).range?.[1] ?? 0);
    return [{ from: colon + 1, to: Math.max(colon + 1, endOf(pair)), text: lines }];
  }
  const end = text.trimEnd().length;
  return [{ from: end, to: end, text: `\n\n${key}:${lines}` }];
}
