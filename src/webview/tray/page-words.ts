/** What page sizes are called in the tray. */

import { pageBytesOf } from '../../model/cases/pages.ts';
import type { PageKind } from '../../model/cases/pages.ts';
import { formatBytes } from '../../model/text/format.ts';
import type { Choice } from '../ui/elements.ts';

export function pageChoice(kind: PageKind): Choice {
  const bytes = pageBytesOf(kind);
  return { value: kind, label: bytes === null ? 'THP' : formatBytes(bytes) };
}
