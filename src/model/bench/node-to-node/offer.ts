/** Node to node on the board: all pairs of nodes are measured, its fields say how. */

import type { MemoryCase } from '../../cases/memory.ts';
import { FILL_MS_A_GIB, START_MS } from '../memory/offer.ts';
import type { Offer } from '../offer.ts';
import { NODES } from './bench.ts';
import { nodeGrid } from '../nodes/grid.ts';
import { DEFAULT_NODES_WORKLOAD } from './workload.ts';
import type { NodesWorkload } from './workload.ts';

export const NODES_OFFER: Offer<MemoryCase, NodesWorkload> = {
  bench: NODES,
  title: 'Memory, node to node',
  workload: DEFAULT_NODES_WORKLOAD,
  baseline: false,
  figure: () => null,
  setUpMs: ({ sizeBytes }) => START_MS + (FILL_MS_A_GIB * sizeBytes) / 1024 ** 3,
  measured: (topology, results) => nodeGrid(topology, results) !== null,
};
