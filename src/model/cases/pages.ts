/** The pages that memory can be asked for in. */

export const PAGE_KINDS = ['4k', 'thp', '2m', '1g'] as const;
export type PageKind = (typeof PAGE_KINDS)[number];
