/** Memory on the board: workers and the nodes that they use are placed, its fields say how it is measured. */

import type { MemoryCase } from '../../cases/memory.ts';
import type { Offer } from '../offer.ts';
import { MEMORY } from './bench.ts';
import { PAGE_SETTING } from './page-setting.ts';
import { plan } from './plan.ts';
import { DEFAULT_MEMORY_WORKLOAD } from './workload.ts';
import type { MemoryWorkload } from './workload.ts';

export const MEMORY_OFFER: Offer<MemoryCase, MemoryWorkload> = {
  bench: MEMORY,
  title: 'Memory, huge pages',
  workload: DEFAULT_MEMORY_WORKLOAD,
  baseline: false,
  figure: () => null,
  setting: PAGE_SETTING,
  // Most of it is laying out the random walk: 1.2 s a GiB on an idle core, more on a busy one.
  setUpMs: ({ sizeBytes }) => 80 + (1500 * sizeBytes) / 1024 ** 3,
  plan,
};
