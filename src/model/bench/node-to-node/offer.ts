/** Node to node on the board: all pairs of nodes are measured, its fields say how. */

import type { MemoryCase } from '../../cases/memory.ts';
import { PinboardError } from '../../problem.ts';
import type { Topology } from '../../topology/topology.ts';
import { FILL_MS_A_GIB, START_MS } from '../memory/offer.ts';
import { pagesRefusal } from '../memory/pages-here.ts';
import type { Offer, Plan } from '../offer.ts';
import { NODES } from './bench.ts';
import { nodeCasesWithin } from '../nodes/cases.ts';
import { nodeGrid, nodeLabel, NODE_MEASURES } from '../nodes/grid.ts';
import { DEFAULT_NODES_WORKLOAD } from './workload.ts';
import type { NodesWorkload } from './workload.ts';

/** The buffer is as large as can be brought in often enough within this time. */
const BUDGET_MS = 60_000;

function plan(topology: Topology, workload: NodesWorkload): Plan<MemoryCase> | { readonly why: string } {
  const { figures, pages } = workload;
  const refused = pagesRefusal(topology, pages);
  if (refused) return { why: refused.message };
  try {
    const cases = nodeCasesWithin(topology, BUDGET_MS, {
      measures: figures === 'both' ? NODE_MEASURES : [figures],
      pages,
    });
    return {
      cases,
      labels: cases.map((one) => nodeLabel(topology, one)),
      question: NODES.question(topology, cases, null),
    };
  } catch (error) {
    if (error instanceof PinboardError) return { why: error.message };
    throw error;
  }
}

export const NODES_OFFER: Offer<MemoryCase, NodesWorkload> = {
  bench: NODES,
  title: 'Memory, node to node',
  workload: DEFAULT_NODES_WORKLOAD,
  baseline: false,
  figure: () => null,
  setUpMs: ({ sizeBytes }) => START_MS + (FILL_MS_A_GIB * sizeBytes) / 1024 ** 3,
  measured: (topology, results) => nodeGrid(topology, results) !== null,
  plan: (topology, _, workload) => plan(topology, workload),
};
