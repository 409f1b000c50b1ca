/** What is to be written down for other tools: the pools as they should be from boot on, and what one program takes of them. */

import type { HugePagesPlan } from '../../hugepages/plan.ts';
import { persistent } from '../../hugepages/change.ts';
import type { HugePages, PoolsOfNode } from '../../hugepages/pools.ts';

export type HugePagesTool = 'systemd' | 'kernel' | 'fstab' | 'kubernetes' | 'libvirt' | 'malloc';

export interface HugePagesRecommendation {
  readonly tool: HugePagesTool;
  readonly title: string;
  /** To paste, as it is. */
  readonly text: string;
  readonly note: string;
}

export interface Wanted {
  readonly state: HugePages;
  readonly node: PoolsOfNode;
  readonly sizeBytes: number;
  /** Pages that the program takes. */
  readonly needed: number;
  /** The reservation of that pool with them. */
  readonly pages: number;
}

export function wantedOf(state: HugePages, plan: HugePagesPlan): Wanted | null {
  const node = state.nodes.find(({ id }) => id === plan.node);
  if (!node) return null;
  const pages = plan.change?.to ?? persistent({ total: plan.total, surplus: plan.surplus ?? 0 });
  return { state, node, sizeBytes: plan.sizeBytes, needed: plan.needed, pages };
}

/** The reservation of every pool, by size and node, with what is wanted; pools without pages are left out. */
export function reservations({
  state,
  node,
  sizeBytes,
  pages,
}: Wanted): Map<number, { node: number; pages: number }[]> {
  const sizes = [...new Set(state.nodes.flatMap((one) => one.sizes.map((pool) => pool.sizeBytes)))].sort(
    (a, b) => a - b,
  );
  const all = sizes.map((size) => {
    const pools = state.nodes.flatMap((one) => {
      const pool = one.sizes.find((candidate) => candidate.sizeBytes === size);
      if (!pool) return [];
      const own = one.id === node.id && size === sizeBytes;
      return [{ node: one.id, pages: own ? pages : persistent({ total: pool.total, surplus: pool.surplus ?? 0 }) }];
    });
    return [size, pools.filter((pool) => pool.pages > 0)] as const;
  });
  return new Map(all.flatMap(([size, pools]) => (pools.length === 0 ? [] : [[size, pools]])));
}

const UNITS = [
  [1024 ** 3, 'G'],
  [1024 ** 2, 'M'],
  [1024, 'K'],
] as const;

/** "2M", "1G": as the kernel's parameters, mounts and Kubernetes (with an i) write a page size. */
export function sizeName(bytes: number): string {
  const [factor, unit] = UNITS.find(([one]) => bytes % one === 0) ?? [1, ''];
  return `${bytes / factor}${unit}`;
}
