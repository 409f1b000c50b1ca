/**
 * A change of a plan's blocks, as a person makes it on a board: what is to be, and what was there. It is made only where that still is
 * there, so that what somebody else changes meanwhile is never lost; turned round, it takes itself back.
 */

import type { Block, Plan } from '../plan.ts';

/** Lists of a plan that a board changes as wholes. */
export const CHANGED_LISTS = ['reserve', 'storage', 'flows', 'phases'] as const;
export type ChangedList = (typeof CHANGED_LISTS)[number];
export type PlanLists = Partial<Pick<Plan, ChangedList>>;

/** What a board changes of a block. */
export const CHANGED_KEYS = [
  'runsAs',
  'nodes',
  'cpus',
  'cores',
  'threads',
  'memoryBytes',
  'memoryNodes',
  'memoryPolicy',
  'hugepages',
  'l3',
  'guest',
  'emulatorCpus',
  'iothreads',
  'iothreadCpus',
  'serves',
  'devices',
  'storage',
  'taints',
] as const;
export type ChangedKey = (typeof CHANGED_KEYS)[number];
export type BlockValues = Partial<Pick<Block, ChangedKey>>;

export interface BlockChange {
  /** Its name. */
  readonly block: string;
  readonly was: BlockValues;
  /** The same keys. */
  readonly to: BlockValues;
}

/** Blocks that are changed together. */
export interface PlanEdit {
  /** What was done, for people: "data to node 1". */
  readonly words: string;
  readonly changes: readonly BlockChange[];
  /** The same keys in both. */
  readonly lists?: { readonly was: PlanLists; readonly to: PlanLists };
}

/** Whatever the order of keys. */
export const same = (a: unknown, b: unknown): boolean => inOrder(a) === inOrder(b);
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
export const listsOf = (lists: PlanLists): ChangedList[] => CHANGED_LISTS.filter((key) => lists[key] !== undefined);
export const keysOf = (values: BlockValues): ChangedKey[] => CHANGED_KEYS.filter((key) => values[key] !== undefined);
const only = (block: Block, keys: readonly ChangedKey[]): BlockValues =>
  Object.fromEntries(keys.map((key) => [key, block[key]])) as BlockValues;

/** Null where the plan has it so already. */
export function changeOf(block: Block, to: BlockValues): BlockChange | null {
  const keys = keysOf(to).filter((key) => !same(block[key], to[key]));
  if (keys.length === 0) return null;
  return { block: block.name, was: only(block, keys), to: only({ ...block, ...to }, keys) };
}

/** Null where the plan has them so already. */
export function listsChange(plan: Plan, to: PlanLists): Pick<PlanEdit, 'lists'> | null {
  const keys = listsOf(to).filter((key) => !same(plan[key], to[key]));
  const only = (lists: PlanLists): PlanLists => Object.fromEntries(keys.map((key) => [key, lists[key]])) as PlanLists;
  return keys.length === 0 ? null : { lists: { was: only(plan), to: only(to) } };
}

/** Why it cannot be made on this plan; null: it can. */
export function conflictOf(plan: Plan, { changes, lists }: PlanEdit): string | null {
  const list = listsOf(lists?.was ?? {}).find((key) => !same(plan[key], lists?.was[key]));
  if (list !== undefined) return `The plan was changed meanwhile: its "${list}" is another now.`;
  for (const { block: name, was } of changes) {
    const block = plan.blocks.find((one) => one.name === name);
    if (!block) return `${name} is not in the plan any more.`;
    const other = keysOf(was).find((key) => !same(block[key], was[key]));
    if (other !== undefined) return `${name} was changed meanwhile: its ${KEY_WORDS[other]} is another now.`;
  }
  return null;
}

export const KEY_WORDS: Readonly<Record<ChangedKey, string>> = {
  runsAs: 'name where it runs',
  nodes: 'node',
  cpus: 'list of CPUs',
  cores: 'number of cores',
  threads: 'number of threads',
  memoryBytes: 'memory',
  memoryNodes: 'list of memory nodes',
  memoryPolicy: 'memory policy',
  hugepages: 'share of huge pages',
  l3: 'share of L3',
  guest: 'guest topology',
  emulatorCpus: 'list of emulator CPUs',
  iothreads: 'number of I/O threads',
  iothreadCpus: 'list of CPUs of I/O threads',
  serves: 'list of blocks that it serves',
  devices: 'list of devices',
  storage: 'share of storage',
  taints: 'list of taints',
};

export const changedPlan = (plan: Plan, { changes, lists }: PlanEdit): Plan => ({
  ...plan,
  ...lists?.to,
  blocks: plan.blocks.map((block) => {
    const change = changes.find((one) => one.block === block.name);
    return change ? { ...block, ...change.to } : block;
  }),
});

export const turned = ({ words, changes, lists }: PlanEdit): PlanEdit => ({
  words,
  ...(lists && { lists: { was: lists.to, to: lists.was } }),
  changes: changes.map(({ block, was, to }) => ({ block, was: to, to: was })),
});

/** What was done, the last last, and what of it was taken back. */
export interface EditHistory {
  readonly done: readonly PlanEdit[];
  readonly undone: readonly PlanEdit[];
}

export const NO_EDITS: EditHistory = { done: [], undone: [] };

/** Edits that can be taken back. */
const DEPTH = 200;

export const edited = ({ done }: EditHistory, edit: PlanEdit): EditHistory => ({
  done: [...done, edit].slice(-DEPTH),
  undone: [],
});

/** What takes the last edit back (or makes it again), and the history then; null where there is none. */
export function stepBack({ done, undone }: EditHistory): { edit: PlanEdit; then: EditHistory } | null {
  const last = done.at(-1);
  return last ? { edit: turned(last), then: { done: done.slice(0, -1), undone: [...undone, last] } } : null;
}
export function stepAgain({ done, undone }: EditHistory): { edit: PlanEdit; then: EditHistory } | null {
  const last = undone.at(-1);
  return last ? { edit: last, then: { done: [...done, last], undone: undone.slice(0, -1) } } : null;
}
