/** Owns the settings of all benchmarks but the queue, which a page opens on: loaded with the rest of it (`later.ts`). */

import { memoryFields } from './memory-fields.ts';
import { nodesFields } from './nodes-fields.ts';
import { poolFields } from './pool-fields.ts';
import { separationFields } from './separation-fields.ts';
import type { AllSettings } from './measure.ts';

export const LATER_SETTINGS: Omit<AllSettings, 'spsc'> = {
  memory: { aside: 'latency, bandwidth', fields: memoryFields },
  nodes: { aside: 'all pairs of nodes', fields: nodesFields },
  separation: { aside: 'layouts \u00d7 loads', fields: separationFields },
  pool: { aside: 'orders \u00d7 loads', fields: poolFields },
};
