/** What a board measures between nodes: all pairs of them. */

import type { MemoryCase } from '../../cases/memory.ts';
import type { Placement } from '../../placement/slots.ts';
import { PinboardError } from '../../problem.ts';
import type { Topology } from '../../topology/topology.ts';
import { pagesRefusal } from '../memory/pages-here.ts';
import { nodeCasesWithin } from '../nodes/cases.ts';
import { nodeLabel, NODE_MEASURES } from '../nodes/grid.ts';
import type { Plan } from '../offer.ts';
import { NODES_QUESTION } from './bench.ts';
import type { NodesWorkload } from './workload.ts';

/** The buffer is as large as can be brought in often enough within this time. */
const BUDGET_MS = 60_000;

export function nodesPlan(
  topology: Topology,
  _: Placement,
  workload: NodesWorkload,
): Plan<MemoryCase> | { readonly why: string } {
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
      question: NODES_QUESTION,
    };
  } catch (error) {
    if (error instanceof PinboardError) return { why: error.message };
    throw error;
  }
}
