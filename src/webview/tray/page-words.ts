/** What page sizes are called in the tray and in the tables. */

import type { PageKind } from '../../model/cases/pages.ts';

export const PAGE_WORDS: Readonly<Record<PageKind, string>> = {
  '4k': '4 KB',
  thp: '2 MB thp',
  '2m': '2 MB',
  '1g': '1 GB',
};
