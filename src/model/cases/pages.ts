/** The pages that memory can be asked for in. */

/** A page size by its usual name ("4k", "64k", "2m", "1g"); `thp`: transparent huge pages, of the size the kernel makes them. */
export type PageKind = 'thp' | `${number}${Unit}`;
type Unit = 'k' | 'm' | 'g';

/** Those of x86 hosts; others have more ("64k", "32m", "512m"). */
export const PAGE_KINDS = ['4k', 'thp', '2m', '1g'] as const satisfies readonly PageKind[];

const FACTORS = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const satisfies Record<Unit, number>;

/** Null for what is no name of a page size. */
export function parsePageKind(text: string): PageKind | null {
  if (text === 'thp') return 'thp';
  const match = /^([1-9]\d{0,4})([kmg])$/.exec(text);
  if (!match) return null;
  const bytes = Number(match[1]) * FACTORS[match[2] as Unit];
  // Every CPU's page sizes are powers of two; "1024k" has a shorter name, and only that one is compared with.
  return Math.log2(bytes) % 1 === 0 && pageKindOf(bytes) === text ? pageKindOf(bytes) : null;
}

/** The shortest name: 2097152 is "2m". */
export function pageKindOf(bytes: number): PageKind {
  const unit = bytes % FACTORS.g === 0 ? 'g' : bytes % FACTORS.m === 0 ? 'm' : 'k';
  return `${bytes / FACTORS[unit]}${unit}`;
}

/** Null for `thp`, whose size the kernel knows. */
export function pageBytesOf(pages: PageKind): number | null {
  if (pages === 'thp') return null;
  return Number(pages.slice(0, -1)) * FACTORS[pages.slice(-1) as Unit];
}
