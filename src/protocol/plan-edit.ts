/**
 * A plan's text with some blocks changed: only those letters are touched, so that comments, order and layout stay as a person wrote them.
 */

import { isMap, isSeq, parse, parseDocument } from 'yaml';
import type { Document, YAMLMap } from 'yaml';
import { changedPlan, keysOf, changedLists, same } from '../model/plan/edit/change.ts';
import type { BlockChange, BlockValues, ChangedKey, ListChange } from '../model/plan/edit/change.ts';
import type { Plan } from '../model/plan/plan.ts';
import { formatCpuList } from '../model/text/cpulist.ts';
import { flowText, Keys, topListSplices } from './plan-splice.ts';
import type { Entries, Splice } from './plan-splice.ts';
import { readPlan } from './plan-text.ts';
import { deviceKeys, LIST_KEYS, shareKeys, sizeOf } from './plan-write.ts';

/** What a block is to have. */
export type Wanted = Pick<BlockChange, 'block' | 'to'>;

const sizeText = (bytes: number): string => String(sizeOf(bytes));
/** In quotes: a comma means something else within { }. */
const quoted = (list: string): string => JSON.stringify(list);
const orNull = <T>(value: T | null | undefined, text: (value: T) => string): string | null =>
  value === null || value === undefined ? null : text(value);
const orNone = (list: readonly unknown[]): string | null => (list.length === 0 ? null : flowText(list));
const inBraces = (keys: Readonly<Record<string, string | number>>): string =>
  `{ ${Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`;

const WRITTEN: { readonly [Key in ChangedKey]: (value: BlockValues[Key]) => Entries } = {
  kind: (kind) => ({ kind: kind ?? null }),
  runsAs: (name) => ({ runsAs: orNull(name, flowText) }),
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
  iothreads: (count) => ({ iothreads: orNull(count, String) }),
  iothreadCpus: (cpus) => ({ iothreadCpus: orNull(cpus, quoted) }),
  serves: (names) => ({ serves: orNone(names ?? []) }),
  devices: (devices) => ({ devices: orNone((devices ?? []).map(deviceKeys)) }),
  storage: (shares) => ({ storage: orNone((shares ?? []).map(shareKeys)) }),
  taints: (taints) => ({ taints: orNone(taints ?? []) }),
};

const entriesOf = (to: BlockValues): Entries =>
  Object.assign({}, ...keysOf(to).map((key) => WRITTEN[key](to[key] as never))) as Entries;

function blockAt(document: Document, name: string): { readonly at: number; readonly map: YAMLMap } | null {
  const blocks = document.get('blocks', true);
  if (!isSeq(blocks)) return null;
  const at = blocks.items.findIndex((item) => isMap(item) && item.get('name') === name);
  const map = blocks.items[at];
  return isMap(map) ? { at, map } : null;
}

function listsIn(text: string, { contents }: Document, lists: readonly ListChange[]): Splice[] {
  const read = readPlan(text);
  if (!isMap(contents) || !('plan' in read)) return [];
  const to: Plan = { ...read.plan, ...changedLists(read.plan, lists) };
  return lists.flatMap(({ list }) =>
    topListSplices(text, contents, list, LIST_KEYS[list](read.plan), LIST_KEYS[list](to)),
  );
}

/** @param text that `readPlan` reads. */
export function withChanges(text: string, wanted: readonly Wanted[], lists: readonly ListChange[] = []): string {
  const document = parseDocument(text);
  const inBlocks = wanted.flatMap(({ block, to }) => {
    const found = blockAt(document, block);
    return found ? new Keys(found.map, text).splices(entriesOf(to)) : [];
  });
  const splices = [...inBlocks, ...listsIn(text, document, lists)];
  let changed = text;
  // From the end on; at one place what is put in before a letter comes after what is done to that letter.
  for (const { from, to, text: letters } of splices.toSorted((a, b) => b.from - a.from || b.to - a.to)) {
    changed = changed.slice(0, from) + letters + changed.slice(to);
  }
  if (holds(text, changed, wanted, lists)) return changed;
  // Keys spelled in full ("? kind"), aliases, and what else nobody writes by hand: that is written anew.
  const value = document.toJS() as { blocks: Record<string, unknown>[] };
  for (const { block, to } of wanted) {
    const at = blockAt(document, block)?.at ?? -1;
    const entries = entriesOf(to);
    const kept = Object.entries(value.blocks[at] ?? {}).filter(([key]) => entries[key] === undefined);
    const set = Object.entries(entries).flatMap(([key, words]) => (words === null ? [] : [[key, parse(words)]]));
    if (at !== -1)
      document.setIn(['blocks', at], document.createNode(Object.fromEntries([...kept, ...set]) as unknown));
  }
  const read = readPlan(text);
  if ('plan' in read) {
    const to: Plan = { ...read.plan, ...changedLists(read.plan, lists) };
    for (const { list } of lists) document.set(list, document.createNode(LIST_KEYS[list](to)));
  }
  return document.toString({ lineWidth: 0 });
}

function holds(before: string, after: string, changes: readonly Wanted[], lists: readonly ListChange[]): boolean {
  const [was, is] = [readPlan(before), readPlan(after)];
  if (!('plan' in was) || !('plan' in is)) return false;
  const meant = changedPlan(was.plan, {
    words: '',
    changes: changes.map((one) => ({ ...one, was: {} })),
    lists,
  });
  return same(is.plan, meant);
}
