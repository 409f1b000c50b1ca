/** What a board measures of worker pools: every order and first touch under every load, of the workers that are placed. */

import { storesNothing } from '../../cases/pool.ts';
import type { PoolCase } from '../../cases/pool.ts';
import { idsIn } from '../../placement/slots.ts';
import type { Placement } from '../../placement/slots.ts';
import { memoryNodes } from '../../placement/usable.ts';
import type { Topology } from '../../topology/topology.ts';
import { rememberingLast } from '../last-plan.ts';
import { measurable } from '../matrix/pairs.ts';
import { basePages } from '../memory/pages-here.ts';
import { usualSize } from '../nodes/cases.ts';
import type { Plan } from '../offer.ts';
import { repetitionMs } from './repetition.ts';
import { countsUpTo } from './across.ts';
import { MOST_WORKERS, nodesOf, poolCases } from './cases.ts';
import { poolLabels, poolQuestion } from './labels.ts';
import { ORDER_SETS, POOL_LOAD_SETS, TOUCH_SETS } from './workload.ts';
import type { PoolWorkload } from './workload.ts';

function planned(topology: Topology, placement: Placement, workload: PoolWorkload): Plan<PoolCase> {
  const { loads, orders, touches, across, rounds, durationMs } = workload;
  const placed = idsIn(placement, 'workers');
  const all = placed.length > 0 ? placed : measurable(topology);
  const cpus = all.slice(0, MOST_WORKERS);
  const sizeBytes = workload.sizeBytes ?? usualSize(topology, memoryNodes(topology));
  const { cases, leftOut } = poolCases(topology, {
    ...{ loads: POOL_LOAD_SETS[loads], orders: ORDER_SETS[orders], touches: TOUCH_SETS[touches], cpus, sizeBytes },
    ...(across ? { across: countsUpTo(nodesOf(topology, cpus).length) } : {}),
    pages: basePages(topology),
  });
  const most =
    cpus.length < all.length
      ? [`A pool has ${String(MOST_WORKERS)} workers at most: only the first so many CPUs have one.`]
      : [];
  const each = ({ load, cpus: own, sizeBytes: stored }: PoolCase): number =>
    repetitionMs(topology, { workers: own.length, bytes: storesNothing(load) ? 0 : stored, durationMs });
  return {
    ...{ cases, labels: poolLabels(cases), question: poolQuestion(cases), notes: [...most, ...leftOut] },
    ms: rounds * cases.reduce((sum, one) => sum + each(one), 0),
  };
}

export const poolPlan = rememberingLast(planned);
