/** Layouts of two pools as the agent measures them on a machine: who is near whom there decides in which order its workers steal. */

import type { PoolCase } from '../../cases/pool.ts';
import type { SeparationCase } from '../../cases/separation.ts';
import type { Topology } from '../../topology/topology.ts';
import type { MeasuredBench } from '../bench.ts';
import { caseWords } from '../case-words.ts';
import { orderWords } from '../pool/orders.ts';
import { SEPARATION } from './bench.ts';
import { baseOf, LOADS, UNDER_WAY } from './loads.ts';
import { SEPARATION_QUESTION } from './labels.ts';
import { MEASURES } from './measures.ts';

const cpusOf = ({ walkers, workers }: SeparationCase): number[] => [...walkers, ...workers];

/** As a case of pools: two of them, each stealing from the nearest first. */
const asPool = (one: SeparationCase): PoolCase => ({
  ...{ kind: 'pool', load: 'dispatch', cpus: cpusOf(one), dispatchers: one.walkers.length, order: 'hierarchical' },
  ...{ classes: one.classes, touch: one.store ? 'bind' : one.layout === 'replicated' ? 'replicate' : 'worker' },
  ...{ pages: one.pages, sizeBytes: one.sizeBytes },
});

/** @param thresholds that a person set for the decision, by name. */
export function separationOn(
  topology: Topology,
  cases: readonly SeparationCase[],
  repeat: readonly (string | number)[],
  thresholds: Readonly<Record<string, number>> = {},
): MeasuredBench<SeparationCase> {
  const orderOf = orderWords(topology, cases.map(asPool));
  const orders = [...new Set(cases.map((one) => orderOf(asPool(one))))];
  const [throughput = { benchmark: 'separation', metric: 'jobs/s', title: null, aside: null } as const] =
    SEPARATION.figures;
  const base = baseOf(cases);
  const agentCase = (one: SeparationCase): Readonly<Record<string, string | number>> => {
    const { offered, queue, walks, batches } = LOADS[one.scenario];
    const pool = asPool(one);
    const open = Math.min(64, Math.max(1, Math.round((UNDER_WAY * one.workers.length) / one.walkers.length)));
    return {
      ...{ load: 'dispatch', cpu: pool.cpus.join('+'), first: one.walkers.length },
      ...{ order: orders.indexOf(orderOf(pool)), touch: pool.touch, pages: one.pages, size: one.sizeBytes },
      ...(one.store ? { node: one.store.join('+') } : {}),
      ...{ open, walks, batches },
      ...(offered === undefined ? {} : { offered }),
      ...(queue === undefined ? {} : { queue: Math.min(64, queue * open) }),
    };
  };
  return {
    ...SEPARATION,
    measures: MEASURES,
    ...(Object.keys(thresholds).length > 0 ? { thresholds } : {}),
    figure: () => throughput,
    places: (one) => ({ cpus: cpusOf(one), nodes: one.store ?? [] }),
    agentWords: () => [
      ...['pool', ...orders.flatMap((one) => ['--order', one])],
      ...(base ? ['--base', caseWords(agentCase(base))] : []),
    ],
    agentCase,
    repeatWords: () => [...repeat],
    question: () => SEPARATION_QUESTION,
  };
}
