/** In what pages the memory is asked for, as its token carries it and the field beside it offers it. */

import type { MemoryCase } from '../../cases/memory.ts';
import { parsePageKind } from '../../cases/pages.ts';
import type { TokenSetting } from '../offer.ts';
import { pageWords } from './labels.ts';
import { pageKinds } from './pages-here.ts';
import { MEMORY_SLOTS } from './slots.ts';
import type { MemoryWorkload } from './workload.ts';

const [, MEMORY] = MEMORY_SLOTS;

/** What a choice is, whatever it was read from. */
const pagesOf = (choice: string): MemoryWorkload['pages'] => parsePageKind(choice) ?? 'compare';

export const PAGE_SETTING: TokenSetting<MemoryCase, MemoryWorkload> = {
  slot: MEMORY.name,
  choices: (topology) => ['compare', ...pageKinds(topology)],
  of: ({ pages }) => pages,
  ofCases(cases) {
    const [first, ...others] = new Set(cases.map(({ pages }) => pages));
    return first === undefined || others.length > 0 ? 'compare' : first;
  },
  change: (choice) => ({ pages: pagesOf(choice) }),
  short(choice) {
    const pages = pagesOf(choice);
    return pages === 'compare' ? 'all' : pages === 'thp' ? 'THP' : pages;
  },
  words(choice) {
    const pages = pagesOf(choice);
    return pages === 'compare' ? 'all page sizes' : pageWords(pages);
  },
};
