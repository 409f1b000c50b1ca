/**
 * What crosses at least because a node holds only so many cores: of what a block exchanges with others, its node has room for a part. The
 * others with most bytes a core are taken to be there, the last of them in part, so that no placement can do better.
 */

import type { Item, Task } from './task.ts';

export function leastCut({ items, nodes, flows, weight }: Task): number {
  const most = Math.max(0, ...[...nodes.values()].map(({ cores }) => cores));
  const ids = [...nodes.values()].filter(({ cores }) => cores > 0).map(({ id }) => id);
  const nearest = Math.min(...ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => weight(a, b))));
  if (!Number.isFinite(nearest)) return 0;
  // Memory that is named elsewhere crosses or not whatever is beside it.
  const byIndex = new Map(items.filter(({ memory }) => memory === null).map((item) => [item.index, item]));
  const exchanged = new Map<Item, Map<Item, number>>();
  for (const { from, to, bytes } of flows) {
    const [one, other] = [byIndex.get(from), byIndex.get(to)];
    if (!one || !other || one === other) continue;
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      const with_ = exchanged.get(a) ?? new Map<Item, number>();
      exchanged.set(a, with_.set(b, (with_.get(b) ?? 0) + bytes));
    }
  }
  let twice = 0;
  for (const [item, others] of exchanged) {
    let room = most - item.cores;
    const dense = [...others].toSorted(([a, bytes], [b, more]) => more / b.cores - bytes / a.cores);
    for (const [{ cores }, bytes] of dense) {
      const beside = Math.min(1, Math.max(0, room) / Math.max(1, cores));
      twice += bytes * (1 - beside);
      room -= cores;
    }
  }
  return (twice / 2) * nearest;
}
