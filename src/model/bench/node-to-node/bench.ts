/** Node to node: memory measured from the CPUs of every node to the memory of every node. Nothing is placed. */

import type { MemoryCase } from '../../cases/memory.ts';
import type { MeasuredBench, Timing } from '../bench.ts';
import { MEMORY } from '../memory/bench.ts';

/** Of what the rounds take: preparing memory and starting threads comes on top. */
const BUDGET_TIMES = 4;
const LEAST_BUDGET_S = 60;

/** `bench nodes` ends with its budget: one that all rounds fit into. */
function budgetWords(cases: readonly MemoryCase[], { rounds, durationMs }: Timing): string {
  return `${Math.max(LEAST_BUDGET_S, Math.ceil((cases.length * rounds * durationMs * BUDGET_TIMES) / 1000))}s`;
}

const distinct = <T>(some: readonly T[]): T[] => [...new Set(some)];

export const NODES: MeasuredBench<MemoryCase> = {
  ...MEMORY,
  slots: [],
  question: () => 'What does each node get of each node\u2019s memory?',
  repeatWords: (cases, _, timing) => [
    ...['bench', 'nodes', '--what', distinct(cases.map(({ what }) => what)).join()],
    ...['--pages', distinct(cases.map(({ pages }) => pages)).join()],
    ...['--size', distinct(cases.map(({ sizeBytes }) => sizeBytes)).join()],
    ...['--duration', `${timing.durationMs}ms`, '--repeat', timing.rounds, '--budget', budgetWords(cases, timing)],
  ],
};
