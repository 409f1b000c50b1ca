/** Layouts of two pools as the agent measures them on a machine: who is near whom there decides in which order its workers steal. */

import type { PoolCase } from '../../cases/pool.ts';
import type { Scenario, SeparationCase } from '../../cases/separation.ts';
import type { Topology } from '../../topology/topology.ts';
import type { MeasuredBench } from '../bench.ts';
import { orderWords } from '../pool/orders.ts';
import { SEPARATION } from './bench.ts';
import { SEPARATION_QUESTION } from './labels.ts';
import { MEASURES } from './measures.ts';

/** Requests under way at once, for each worker that takes distances, the part of the time that each is, and what one is made of. */
const LOADS: Readonly<Record<Scenario, { under: number; pace: number; walks: number; batches: number }>> = {
  '60%': { under: 1, pace: 60, walks: 1, batches: 1 },
  '100%': { under: 1, pace: 100, walks: 1, batches: 1 },
  '200%': { under: 2, pace: 100, walks: 1, batches: 1 },
  traversal: { under: 1, pace: 100, walks: 4, batches: 1 },
  distance: { under: 1, pace: 100, walks: 1, batches: 4 },
};

const cpusOf = ({ walkers, workers }: SeparationCase): number[] => [...walkers, ...workers];

/** As a case of pools: two of them, each stealing from the nearest first. */
const asPool = (one: SeparationCase): PoolCase => ({
  ...{ kind: 'pool', load: 'dispatch', cpus: cpusOf(one), dispatchers: one.walkers.length, order: 'hierarchical' },
  ...{ classes: one.classes, touch: one.store ? 'bind' : one.layout === 'replicated' ? 'replicate' : 'worker' },
  ...{ pages: one.pages, sizeBytes: one.sizeBytes },
});

export function separationOn(
  topology: Topology,
  cases: readonly SeparationCase[],
  repeat: readonly (string | number)[],
): MeasuredBench<SeparationCase> {
  const orderOf = orderWords(topology, cases.map(asPool));
  const orders = [...new Set(cases.map((one) => orderOf(asPool(one))))];
  const [throughput = { benchmark: 'separation', metric: 'jobs/s', title: null, aside: null } as const] =
    SEPARATION.figures;
  return {
    ...SEPARATION,
    measures: MEASURES,
    figure: () => throughput,
    places: (one) => ({ cpus: cpusOf(one), nodes: one.store ?? [] }),
    agentWords: () => ['pool', ...orders.flatMap((one) => ['--order', one])],
    agentCase: (one) => {
      const { under, pace, walks, batches } = LOADS[one.scenario];
      const pool = asPool(one);
      return {
        ...{ load: 'dispatch', cpu: pool.cpus.join('+'), first: one.walkers.length },
        ...{ order: orders.indexOf(orderOf(pool)), touch: pool.touch, pages: one.pages, size: one.sizeBytes },
        open: Math.min(64, Math.max(1, Math.round((under * one.workers.length) / one.walkers.length))),
        ...(one.store ? { node: one.store.join('+') } : {}),
        ...{ pace, walks, batches },
      };
    },
    repeatWords: () => [...repeat],
    question: () => SEPARATION_QUESTION,
  };
}
