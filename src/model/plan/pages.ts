/** In which pages a block's memory is, by node: whole huge pages, and ordinary ones for the rest. */

import type { Block } from './plan.ts';

export interface Homed {
  readonly block: Block;
  readonly nodes: readonly number[];
  readonly memory: ReadonlyMap<number, number>;
}

/** Whole pages of the block's size that it wants of a node: its part as of its memory. */
export function pagesOn({ block: { hugepages, memoryBytes }, nodes, memory }: Homed, node: number): number {
  if (!hugepages) return 0;
  const share = memoryBytes ? (memory.get(node) ?? 0) / memoryBytes : nodes.includes(node) ? 1 / nodes.length : 0;
  return Math.ceil((hugepages.memoryBytes * share) / hugepages.sizeBytes);
}

/** Bytes of its memory on a node that are in ordinary pages. */
export const ordinaryOn = (homed: Homed, node: number): number =>
  Math.max(0, (homed.memory.get(node) ?? 0) - pagesOn(homed, node) * (homed.block.hugepages?.sizeBytes ?? 0));

/** What a node's pools of huge pages leave for ordinary ones; null where it has none, or nothing says how much memory it has. */
export function ordinaryBytes(node: {
  readonly memoryBytes: number | null;
  readonly hugepages: readonly { readonly sizeBytes: number; readonly total: number }[];
}): number | null {
  const pooled = node.hugepages.reduce((sum, { sizeBytes, total }) => sum + sizeBytes * total, 0);
  return node.memoryBytes === null || pooled === 0 ? null : Math.max(0, node.memoryBytes - pooled);
}
