/** What the board measures between nodes. */

import type { PageKind } from '../../cases/pages.ts';
import type { Timing } from '../bench.ts';
import type { FIGURES_ASKED } from '../memory/workload.ts';

export interface NodesWorkload extends Timing {
  readonly kind: 'nodes';
  readonly figures: (typeof FIGURES_ASKED)[number];
  readonly pages: PageKind;
}

export const DEFAULT_NODES_WORKLOAD: NodesWorkload = {
  kind: 'nodes',
  figures: 'both',
  // In base pages a chase through so much memory measures its page tables.
  pages: 'thp',
  rounds: 5,
  durationMs: 100,
};
