/** What the board measures of a queue, beside where: its "Measure" section, and the command line's defaults. */

import type { PageKind } from '../../cases/pages.ts';
import type { Padding } from '../../cases/spsc.ts';

/** The fields of the board's "Measure" section. */
export interface SpscWorkload {
  readonly kind: 'spsc';
  /** Bytes between the ring's indices. */
  readonly padding: Padding;
  /** Items the ring holds, a power of two; an item is 8 bytes. */
  readonly capacity: number;
  /** Items published at once. */
  readonly batch: number;
  readonly pages: PageKind;
  readonly rounds: number;
  readonly durationMs: number;
  /** Round-trip latency instead of throughput. */
  readonly latency: boolean;
}

export const DEFAULT_WORKLOAD: SpscWorkload = {
  kind: 'spsc',
  padding: 128,
  capacity: 4096,
  batch: 1,
  pages: '4k',
  rounds: 7,
  durationMs: 1000,
  latency: false,
};
