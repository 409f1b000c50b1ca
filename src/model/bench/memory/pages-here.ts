/** Which page sizes a host has, and which of them can be had on a node now. */

import { pageBytesOf, pageKindOf } from '../../cases/pages.ts';
import type { PageKind } from '../../cases/pages.ts';
import type { Problem } from '../../problem.ts';
import type { Topology } from '../../topology/topology.ts';
import type { PagesMissing } from '../offer.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * The base page. Only arm64 kernels have several; what huge pages a kernel has tells which: 64 KiB ones come from 4 KiB base pages,
 * 512 MiB ones from 64 KiB, 32 MiB without 64 KiB from 16 KiB (Documentation/arch/arm64/hugetlbpage.rst).
 */
export function basePages({ machine, nodes }: Topology): PageKind {
  if (machine.architecture !== 'aarch64') return '4k';
  const sizes = new Set(nodes.flatMap(({ hugepages }) => hugepages.map(({ sizeBytes }) => sizeBytes)));
  if (sizes.has(64 * KIB)) return '4k';
  if (sizes.has(512 * MIB)) return '64k';
  return sizes.has(32 * MIB) ? '16k' : '4k';
}

/** Sizes of explicit huge pages, the smallest first. */
export function hugePages({ nodes }: Topology): PageKind[] {
  const sizes = new Set(nodes.flatMap(({ hugepages }) => hugepages.map(({ sizeBytes }) => sizeBytes)));
  return [...sizes].sort((a, b) => a - b).map(pageKindOf);
}

/** Every kind of page that memory can be asked for in here: the base page, transparent huge pages, explicit ones. */
export const pageKinds = (topology: Topology): PageKind[] => [basePages(topology), 'thp', ...hugePages(topology)];

/** Why memory in such pages cannot be had at all; null where the host has the size, whether or not pages are free. */
export function pagesRefusal(topology: Topology, pages: PageKind): Problem | null {
  const kinds = pageKinds(topology);
  if (kinds.includes(pages)) return null;
  return {
    code: 'unsupported',
    message: `This host has no pages of ${pages}.`,
    hint: `Ask for one of those it has: ${kinds.join(', ')}.`,
  };
}

/** Null: there are enough; base pages and transparent ones are not reserved. */
export function pagesMissing(topology: Topology, node: number, pages: PageKind, bytes: number): PagesMissing | null {
  const size = pageBytesOf(pages);
  if (size === null || pages === basePages(topology)) return null;
  const needed = Math.ceil(bytes / size);
  const pools = topology.nodes.find(({ id }) => id === node)?.hugepages ?? [];
  const free = pools.find(({ sizeBytes }) => sizeBytes === size)?.free ?? 0;
  return free >= needed ? null : { node, pages, needed, free };
}
