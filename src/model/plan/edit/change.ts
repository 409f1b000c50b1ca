/**
 * A change of a plan's blocks, as a person makes it on a board: what is to be, and what was there. It is made only where that still is
 * there, so that what somebody else changes meanwhile is never lost; turned round, it takes itself back.
 */

import type { Block, Plan } from '../plan.ts';

/** Lists of a plan whose items a board adds, changes and removes. */
export const CHANGED_LISTS = ['reserve', 'blocks', 'storage', 'flows', 'phases'] as const;
export type ChangedList = (typeof CHANGED_LISTS)[number];
export type PlanLists = Partial<Pick<Plan, ChangedList>>;

/** From item `at` on stood `was`, and is to stand `to`. */
export type ListChange = {
  readonly [Key in ChangedList]: {
    readonly list: Key;
    readonly at: number;
    readonly was: Plan[Key];
    readonly to: Plan[Key];
  };
}[ChangedList];

/** What a board changes of a block. */
export const CHANGED_KEYS = [
  'kind',
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
  /** Made before the changes of blocks. */
  readonly lists?: readonly ListChange[];
}

/** Whatever the order of keys. */
export const same = (a: unknown, b: unknown): boolean => inOrder(a) === inOrder(b);
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
/** How many items two lists begin with that are the same; and, of the rest, end with. */
export function sameEnds(
  a: readonly unknown[],
  b: readonly unknown[],
): { readonly head: number; readonly tail: number } {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && same(a[head], b[head])) head++;
  let tail = 0;
  while (tail < most - head && same(a.at(-1 - tail), b.at(-1 - tail))) tail++;
  return { head, tail };
}
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
export function listsChange(plan: Plan, to: PlanLists): Required<Pick<PlanEdit, 'lists'>> | null {
  const lists = CHANGED_LISTS.flatMap((list) => {
    const [before, after]: (readonly unknown[])[] = [plan[list], to[list] ?? plan[list]];
    if (!before || !after || same(before, after)) return [];
    const { head: at, tail } = sameEnds(before, after);
    return [
      { list, at, was: before.slice(at, before.length - tail), to: after.slice(at, after.length - tail) } as ListChange,
    ];
  });
  return lists.length === 0 ? null : { lists };
}

/** Why it cannot be made on this plan; null: it can. */
export function conflictOf(plan: Plan, { changes, lists }: PlanEdit): string | null {
  const other = lists?.find(
    ({ list, at, was }) => plan[list].length < at || !same(plan[list].slice(at, at + was.length), was),
  );
  if (other) return `The plan was changed meanwhile: its "${other.list}" is another now.`;
  for (const { block: name, was } of changes) {
    const block = plan.blocks.find((one) => one.name === name);
    if (!block) return `${name} is not in the plan any more.`;
    const key = keysOf(was).find((one) => !same(block[one], was[one]));
    if (key !== undefined) return `${name} was changed meanwhile: its ${KEY_WORDS[key]} is another now.`;
  }
  return null;
}

export const KEY_WORDS: Readonly<Record<ChangedKey, string>> = {
  kind: 'kind',
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

/** What the lists are after their changes. */
export const changedLists = (plan: Plan, lists: readonly ListChange[]): PlanLists =>
  Object.fromEntries(
    lists.map(({ list, at, was, to }) => [list, (plan[list] as readonly unknown[]).toSpliced(at, was.length, ...to)]),
  ) as PlanLists;

export function changedPlan(plan: Plan, { changes, lists = [] }: PlanEdit): Plan {
  const listed = { ...plan, ...changedLists(plan, lists) };
  return {
    ...listed,
    blocks: listed.blocks.map((block) => {
      const change = changes.find((one) => one.block === block.name);
      return change ? { ...block, ...change.to } : block;
    }),
  };
}

export const turned = ({ words, changes, lists }: PlanEdit): PlanEdit => ({
  words,
  ...(lists && { lists: lists.map((one) => ({ ...one, was: one.to, to: one.was }) as ListChange) }),
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
