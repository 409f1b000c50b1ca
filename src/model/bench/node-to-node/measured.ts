/** How the agent is asked to measure node to node, and what measures it again. */

import type { MemoryCase } from '../../cases/memory.ts';
import type { MeasuredBench, Timing } from '../bench.ts';
import { MEASURED_MEMORY } from '../memory/measured.ts';
import { NODES, NODES_QUESTION } from './bench.ts';

/** Of what the rounds take: preparing memory and starting threads comes on top. */
const BUDGET_TIMES = 4;
const LEAST_BUDGET_S = 60;

/** `bench nodes` ends with its budget: one that all rounds fit into. */
function budgetWords(cases: readonly MemoryCase[], { rounds, durationMs }: Timing): string {
  return `${Math.max(LEAST_BUDGET_S, Math.ceil((cases.length * rounds * durationMs * BUDGET_TIMES) / 1000))}s`;
}

const distinct = <T>(some: readonly T[]): T[] => [...new Set(some)];

export const MEASURED_NODES: MeasuredBench<MemoryCase> = {
  ...MEASURED_MEMORY,
  ...NODES,
  question: () => NODES_QUESTION,
  repeatWords: (cases, _, timing) => [
    ...['bench', 'nodes', '--what', distinct(cases.map(({ what }) => what)).join()],
    ...['--pages', distinct(cases.map(({ pages }) => pages)).join()],
    ...['--size', distinct(cases.map(({ sizeBytes }) => sizeBytes)).join()],
    ...['--duration', `${timing.durationMs}ms`, '--repeat', timing.rounds, '--budget', budgetWords(cases, timing)],
  ],
};
