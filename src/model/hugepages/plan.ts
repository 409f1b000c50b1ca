/** What it takes to have so many huge pages free on a node: what is missing, what will likely be had, and the exact change. */

import { formatCpuList } from '../text/cpulist.ts';
import { PinboardError } from '../problem.ts';
import { isUnavailable } from '../run/run.ts';
import type { Reading } from '../run/run.ts';
import { formatBytes } from '../text/format.ts';
import { hugePagesIn } from './buddyinfo.ts';
import { setCommand, undoCommand } from './change.ts';
import type { PoolChange } from './change.ts';
import type { HugePages, Pool, PoolsOfNode } from './pools.ts';

export interface Wish {
  readonly node: number;
  readonly sizeBytes: number;
  /** Pages that are to be free. */
  readonly pages: number;
}

export interface HugePagesPlan {
  readonly node: number;
  readonly sizeBytes: number;
  readonly needed: number;
  readonly total: number;
  readonly free: number;
  readonly surplus: number | null;
  readonly missing: number;
  /** Pages more that can be had now without anything moved, in blocks that are free as a whole. */
  readonly likely: Reading<number>;
  /** Pages more if all free memory could be joined and all file pages given up: compaction may manage that, or not. */
  readonly perhaps: Reading<number>;
  /** What `likely` was counted from. */
  readonly zones: readonly { readonly zone: string; readonly pages: number }[];
  /** Memory of the node that is free now; null where the host does not say. */
  readonly freeBytes: number | null;
  /** Null where nothing is missing. */
  readonly change: PoolChange | null;
  readonly commands: readonly string[];
  readonly undo: readonly string[];
}

/** The kernel stops short of the high watermark, half as much again as the least it keeps free (mm/page_alloc.c). */
const WATERMARK = 1.5;

/** @throws PinboardError `node-absent`, `node-without-memory`, `unsupported`: there is no such pool, or it cannot be read. */
export function planHugePages(state: HugePages, wish: Wish): HugePagesPlan {
  const { node, pool } = findPool(state, wish);
  if (node.memoryBytes === 0) {
    const others = state.nodes.filter(({ memoryBytes }) => memoryBytes !== 0).map(({ id }) => id);
    throw new PinboardError(
      'node-without-memory',
      `NUMA node ${node.id} has no memory.`,
      `Nodes ${formatCpuList(others)} have.`,
    );
  }
  const { sizeBytes, total } = pool;
  const free = freeOf(node, pool);
  const missing = Math.max(0, wish.pages - free);
  const change: PoolChange | null =
    missing === 0
      ? null
      : {
          node: node.id,
          inferred: node.inferred,
          sizeBytes,
          from: total,
          surplus: pool.surplus ?? 0,
          to: total + missing,
        };
  return {
    node: node.id,
    sizeBytes,
    needed: wish.pages,
    total,
    free,
    surplus: pool.surplus,
    missing,
    ...outlook(state, node, sizeBytes),
    freeBytes: node.freeBytes,
    change,
    commands: change ? [setCommand(change, change.to)] : [],
    undo: change ? [undoCommand(change)] : [],
  };
}

/** Giving pages back: at most those that are free. @throws as `planHugePages`. */
export function planRelease(state: HugePages, { node: id, sizeBytes, pages }: Wish): PoolChange | null {
  const { node, pool } = findPool(state, { node: id, sizeBytes });
  const surplus = pool.surplus ?? 0;
  const released = Math.min(pages, freeOf(node, pool), pool.total - surplus);
  if (released <= 0) return null;
  const to = pool.total - surplus - released;
  return { node: id, inferred: node.inferred, sizeBytes, from: pool.total, surplus, to };
}

/** @throws PinboardError `node-absent`, `unsupported`, with what there is. */
export function findPool(
  state: HugePages,
  { node: id, sizeBytes }: Pick<Wish, 'node' | 'sizeBytes'>,
): { readonly node: PoolsOfNode; readonly pool: Pool } {
  const node = state.nodes.find((one) => one.id === id);
  if (!node) {
    const ids = formatCpuList(state.nodes.map((one) => one.id));
    throw new PinboardError('node-absent', `This host has no NUMA node ${id}.`, `It has nodes ${ids}.`);
  }
  const pool = node.sizes.find((one) => one.sizeBytes === sizeBytes);
  if (pool) return { node, pool };
  const sizes = node.sizes.map((one) => formatBytes(one.sizeBytes));
  throw new PinboardError(
    'unsupported',
    `Node ${id} has no huge pages of ${formatBytes(sizeBytes)}.`,
    sizes.length === 0
      ? 'It shows no pool of huge pages at all: the kernel may be built without them (CONFIG_HUGETLBFS).'
      : `It has pages of ${sizes.join(', ')}.`,
  );
}

function freeOf(node: PoolsOfNode, { sizeBytes, free }: Pool): number {
  if (free !== null) return free;
  throw new PinboardError(
    'unsupported',
    `How many pages of ${formatBytes(sizeBytes)} are free on node ${node.id} is not known.`,
    'A recorded machine needs sys/devices/system/node/node*/hugepages/*/free_hugepages.',
  );
}

function outlook(
  state: HugePages,
  node: PoolsOfNode,
  sizeBytes: number,
): Pick<HugePagesPlan, 'likely' | 'perhaps' | 'zones'> {
  const { freeBytes, fileBytes } = node;
  if (freeBytes === null) {
    const why = { unavailable: 'the free memory of the node is not known' };
    return { likely: why, perhaps: why, zones: [] };
  }
  const usable = Math.max(0, freeBytes - keptBack(state, node));
  const perhaps = Math.floor((usable + (fileBytes ?? 0)) / sizeBytes);
  const counted = countedBlocks(state, node, sizeBytes);
  if (isUnavailable(counted)) return { likely: counted, perhaps, zones: [] };
  const blocks = counted.reduce((sum, { pages }) => sum + pages, 0);
  return { likely: Math.min(blocks, Math.floor(usable / sizeBytes), perhaps), perhaps, zones: counted };
}

/** This node's share, by memory, of what the kernel keeps back. */
function keptBack({ minFreeBytes, nodes }: HugePages, { memoryBytes }: PoolsOfNode): number {
  const all = nodes.reduce((sum, node) => sum + (node.memoryBytes ?? 0), 0);
  return minFreeBytes === null || memoryBytes === null || all === 0
    ? 0
    : (minFreeBytes * WATERMARK * memoryBytes) / all;
}

function countedBlocks(
  { basePageBytes }: HugePages,
  { zones }: PoolsOfNode,
  sizeBytes: number,
): Reading<HugePagesPlan['zones']> {
  if (zones.length === 0) return { unavailable: 'the host shows no /proc/buddyinfo' };
  if (basePageBytes === null)
    return { unavailable: 'the size of the base page does not follow from free memory and /proc/buddyinfo' };
  const order = Math.log2(sizeBytes / basePageBytes);
  const largest = Math.max(...zones.map(({ counts }) => counts.length)) - 1;
  if (order > largest) {
    const block = formatBytes(basePageBytes * 2 ** largest);
    return {
      unavailable: `the largest block that /proc/buddyinfo counts is ${block}; pages of ${formatBytes(sizeBytes)} are joined from many by moving what is between them, which often fails once a host has been up for a while`,
    };
  }
  // The lowest 16 MB are kept for old devices wherever there is other memory (lowmem_reserve_ratio).
  const others = zones.filter(({ zone }) => zone !== 'DMA' && zone !== 'Device');
  return (others.length > 0 ? others : zones).map((zone) => ({ zone: zone.zone, pages: hugePagesIn(zone, order) }));
}
