/** Memory on the board: workers and the nodes that they use are placed, its fields say how it is measured. */

import type { MemoryCase } from '../../cases/memory.ts';
import type { Offer } from '../offer.ts';
import { nodeGrid } from '../nodes/grid.ts';
import { MEMORY } from './bench.ts';
import { PAGE_SETTING } from './page-setting.ts';
import { plan } from './plan.ts';
import { DEFAULT_MEMORY_WORKLOAD } from './workload.ts';
import type { MemoryWorkload } from './workload.ts';

/** ms that starting the threads of a repetition takes, and laying out the random walk: on an idle core, longer on a busy one. */
export const START_MS = 80;
export const FILL_MS_A_GIB = 1500;

export const MEMORY_OFFER: Offer<MemoryCase, MemoryWorkload> = {
  bench: MEMORY,
  title: 'Memory, huge pages',
  workload: DEFAULT_MEMORY_WORKLOAD,
  baseline: false,
  figure: () => null,
  setting: PAGE_SETTING,
  setUpMs: ({ sizeBytes }) => START_MS + (FILL_MS_A_GIB * sizeBytes) / 1024 ** 3,
  measured: (topology, results) => results[0]?.placement.kind === 'memory' && nodeGrid(topology, results) === null,
  plan,
};
