/** What the board measures of memory, beside where. */

import type { PageKind } from '../../cases/pages.ts';
import type { Timing } from '../bench.ts';

export const FIGURES_ASKED = ['both', 'latency', 'bandwidth'] as const;
/** `each`: one node after the other, to compare them. */
export const SPREADS = ['each', 'interleave', 'weighted-interleave'] as const;

export interface MemoryWorkload extends Timing {
  readonly kind: 'memory';
  readonly figures: (typeof FIGURES_ASKED)[number];
  /** `compare`: every size that the host has, in turn. */
  readonly pages: PageKind | 'compare';
  /** What memory on several nodes means. */
  readonly spread: (typeof SPREADS)[number];
  readonly sizeBytes: number;
}

export const DEFAULT_MEMORY_WORKLOAD: MemoryWorkload = {
  kind: 'memory',
  figures: 'both',
  pages: 'compare',
  spread: 'each',
  sizeBytes: 1024 ** 3,
  rounds: 5,
  durationMs: 500,
};
