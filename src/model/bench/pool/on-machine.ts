/** Cases of worker pools as the agent measures them on a machine. */

import type { PoolCase } from '../../cases/pool.ts';
import type { Topology } from '../../topology/topology.ts';
import type { MeasuredBench } from '../bench.ts';
import { FIGURES, POOL } from './bench.ts';
import { nodesOf } from './cases.ts';
import { poolQuestion } from './labels.ts';
import { orderWords } from './orders.ts';
import { poolWords } from './repeat.ts';

/** These cases on a machine: who is near whom there decides the orders that the agent is given. */
export function poolOn(topology: Topology, cases: readonly PoolCase[]): MeasuredBench<PoolCase> {
  const orderOf = orderWords(topology, cases);
  const orders = [...new Set(cases.map(orderOf))];
  return {
    ...POOL,
    figure: ({ load }) => FIGURES[load],
    places: ({ cpus, node }) => ({ cpus, nodes: node === undefined ? [] : [node] }),
    agentWords: () => ['pool', ...orders.flatMap((one) => ['--order', one])],
    agentCase: (one) => ({
      ...{ load: one.load, cpu: one.cpus.join('+') },
      ...(one.dispatchers === undefined ? {} : { first: one.dispatchers }),
      ...{ order: orders.indexOf(orderOf(one)), pick: one.order === 'random' ? 'random' : 'listed' },
      ...{ touch: one.touch },
      ...(one.node === undefined ? {} : { node: one.node }),
      ...{ pages: one.pages, size: one.sizeBytes },
    }),
    repeatWords: (some, _, timing) => poolWords(some, (cpus) => nodesOf(topology, cpus).length, timing),
    question: (_, some) => poolQuestion(some),
  };
}
