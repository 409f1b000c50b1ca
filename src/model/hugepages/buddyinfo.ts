/**
 * /proc/buddyinfo: how many free blocks of 2^order base pages each zone has (Documentation/filesystems/proc.rst). A huge page
 * can be made at once only of a free block at least as large.
 */

import { clean } from '../text/clean.ts';

export interface FreeBlocks {
  readonly node: number;
  /** DMA, DMA32, Normal, Movable … */
  readonly zone: string;
  /** Free blocks by order, from single pages up. */
  readonly counts: readonly number[];
}

/** A kernel has at most 1,024 nodes of six zones. */
const MAX_LINES = 6144;
/** Largest order of any kernel, generously (arm64 with 64 KiB pages has 13). */
const MAX_ORDERS = 24;

/** Lines that are not as the kernel writes them are left out. Never throws. */
export function parseBuddyinfo(text: string): FreeBlocks[] {
  return text.split('\n', MAX_LINES).flatMap((line): FreeBlocks[] => {
    const [, node, zone, counts] =
      /^Node\s{1,9}(\d{1,4}),\s{1,9}zone\s{1,9}(\S{1,32})((?:\s{1,12}\d{1,12})+)\s*$/.exec(line) ?? [];
    if (node === undefined || zone === undefined || counts === undefined) return [];
    const numbers = counts.trim().split(/\s+/).map(Number);
    return numbers.length > MAX_ORDERS ? [] : [{ node: Number(node), zone: clean(zone, 32), counts: numbers }];
  });
}

/** Base pages in the free blocks of all these zones. */
const pagesIn = (zones: readonly FreeBlocks[]): number =>
  zones.reduce((sum, { counts }) => sum + counts.reduce((pages, count, order) => pages + count * 2 ** order, 0), 0);

/**
 * The page that blocks are counted in, which no file names: free memory divided by free pages, rounded to a power of two.
 * The two are read one after the other and pages held by single CPUs are in neither; beyond a quarter off it is no answer.
 */
export function basePageBytes(zones: readonly FreeBlocks[], freeBytes: number): number | null {
  const pages = pagesIn(zones);
  if (pages === 0 || freeBytes === 0) return null;
  const exact = freeBytes / pages;
  const rounded = 2 ** Math.round(Math.log2(exact));
  const known = rounded >= 4096 && rounded <= 65_536;
  return known && Math.abs(exact / rounded - 1) < 0.25 ? rounded : null;
}

/** Huge pages of `order` that the free blocks of a zone hold, without anything moved. */
export const hugePagesIn = ({ counts }: FreeBlocks, order: number): number =>
  counts.reduce((sum, count, at) => (at < order ? sum : sum + count * 2 ** (at - order)), 0);
