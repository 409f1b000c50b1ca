/**
 * `distribute-cpus-across-numa` of the static CPU manager: where one node is not enough, the same number of CPUs from each of the
 * fewest nodes that can give it. As described by KEP-2902; the figure of balance is the standard deviation of what each node
 * has left, to three decimals.
 */

import { partsAt } from './machine.ts';
import type { CpuPlaces } from './machine.ts';
import { takePacked } from './take.ts';
import type { TakeOptions } from './take.ts';

interface Split {
  readonly nodes: readonly number[];
  /** Nodes that give one group more, in turn, until none is missing. */
  readonly more: readonly number[];
  readonly balance: number;
}

/** @param group CPUs that are handed out together: the threads of a core, or 1. Null: there are not so many free CPUs. */
export function takeDistributed(
  places: CpuPlaces,
  free: Iterable<number>,
  count: number,
  { group, ...options }: TakeOptions & { readonly group: number },
): number[] | null {
  const all = [...free];
  if (count === 0) return [];
  if (count > all.length) return null;
  const packed = (): number[] | null => takePacked(places, all, count, options);
  if (count % group !== 0) return packed();
  const byNode = partsAt(places, 'node', all);
  const nodes = nodesInOrder(places, byNode);
  const groups = Math.ceil(count / group);
  const groupsOfNode = Math.ceil(Math.ceil(places.of.size / group) / places.nodes.length);
  for (let size = Math.ceil(groups / groupsOfNode); size <= Math.min(groups, nodes.length); size++) {
    const split = bestSplit(byNode, nodes, { size, count, group });
    if (split) return give(places, byNode, split, { count, group, options });
  }
  return packed();
}

/** Fewest free CPUs first; inside their sockets where sockets have several nodes. */
function nodesInOrder(places: CpuPlaces, byNode: ReadonlyMap<number, readonly number[]>): number[] {
  const freeOf = (node: number): number => byNode.get(node)?.length ?? 0;
  const nodes = [...byNode.keys()].sort((a, b) => freeOf(a) - freeOf(b) || a - b);
  if (places.sockets >= places.nodes.length) return nodes;
  const socketOf = (node: number): number => places.of.get(byNode.get(node)?.[0] ?? -1)?.socket ?? 0;
  const inSocket = (socket: number): number =>
    nodes.filter((node) => socketOf(node) === socket).reduce((sum, node) => sum + freeOf(node), 0);
  const sockets = [...new Set(nodes.map(socketOf))].sort((a, b) => inSocket(a) - inSocket(b) || a - b);
  return sockets.flatMap((socket) => nodes.filter((node) => socketOf(node) === socket));
}

function bestSplit(
  byNode: ReadonlyMap<number, readonly number[]>,
  all: readonly number[],
  { size, count, group }: { readonly size: number; readonly count: number; readonly group: number },
): Split | null {
  const freeOf = (node: number): number => byNode.get(node)?.length ?? 0;
  const each = Math.floor(count / size / group) * group;
  let best: Split | null = null;
  for (const nodes of combinations(all, size)) {
    if (best?.balance === 0) break;
    const whole = nodes.reduce((sum, node) => sum + Math.floor(freeOf(node) / group), 0);
    if (whole * group < count || nodes.some((node) => freeOf(node) < each)) continue;
    const left = new Map(all.map((node) => [node, freeOf(node) - (nodes.includes(node) ? each : 0)]));
    const split = bestRemainder(left, nodes, count - each * size, group);
    if (split && (best === null || split.balance < best.balance)) best = { nodes, ...split };
  }
  return best;
}

/** Which of the nodes give what is missing, so that what is left is as even as it can be. */
function bestRemainder(
  left: ReadonlyMap<number, number>,
  nodes: readonly number[],
  missing: number,
  group: number,
): Pick<Split, 'more' | 'balance'> | null {
  if (missing === 0) return { more: [], balance: unevenness([...left.values()]) };
  const able = nodes.filter((node) => (left.get(node) ?? 0) >= group);
  let best: Pick<Split, 'more' | 'balance'> | null = null;
  for (let size = able.length; size >= 1; size--)
    for (const more of combinations(able, size)) {
      const groups = more.reduce((sum, node) => sum + Math.floor((left.get(node) ?? 0) / group), 0);
      if (groups * group < missing) continue;
      const after = new Map(left);
      let open = missing;
      while (open > 0)
        for (const node of more) {
          const own = after.get(node) ?? 0;
          if (open === 0 || own < group) continue;
          after.set(node, own - group);
          open -= group;
        }
      const balance = unevenness([...after.values()]);
      if (best === null || balance < best.balance) best = { more, balance };
    }
  return best;
}

function give(
  places: CpuPlaces,
  byNode: ReadonlyMap<number, readonly number[]>,
  { nodes, more }: Split,
  { count, group, options }: { readonly count: number; readonly group: number; readonly options: TakeOptions },
): number[] {
  const taken = new Set<number>();
  const freeOf = (node: number): number[] => (byNode.get(node) ?? []).filter((cpu) => !taken.has(cpu));
  // By caches only where one node is enough for all (Kubernetes 1.34 packs the shares of several without).
  const plain = { ...options, byCache: false };
  const takeFrom = (node: number, wanted: number): void =>
    takePacked(places, freeOf(node), wanted, plain)?.forEach((cpu) => taken.add(cpu));
  const each = Math.floor(count / nodes.length / group) * group;
  for (const node of nodes) takeFrom(node, each);
  while (taken.size < count) {
    const before = taken.size;
    for (const node of more) if (taken.size < count && freeOf(node).length >= group) takeFrom(node, group);
    if (taken.size === before) break;
  }
  return [...taken].sort((a, b) => a - b);
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

function unevenness(values: readonly number[]): number {
  const mean = rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
  return rounded(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length));
}

/** All choices of `size` items, the first ones first. */
function* combinations<T>(items: readonly T[], size: number, from = 0): Generator<T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let at = from; at <= items.length - size; at++)
    for (const rest of combinations(items, size - 1, at + 1)) yield [items[at] as T, ...rest];
}
