/** What a board has planned, measured as its benchmark is. */

import type { MeasuredBench } from '../../model/bench/bench.ts';
import { offerOf } from '../../model/bench/index.ts';
import type { OfferKind, Workload } from '../../model/bench/index.ts';
import { MEASURED_MEMORY } from '../../model/bench/memory/measured.ts';
import { MEASURED_NODES } from '../../model/bench/node-to-node/measured.ts';
import type { Plan } from '../../model/bench/offer.ts';
import { poolOn } from '../../model/bench/pool/on-machine.ts';
import { placedLayout } from '../../model/bench/separation/plan.ts';
import { LAYOUT_SETS, LOAD_SETS } from '../../model/bench/separation/workload.ts';
import { MEASURED_SPSC } from '../../model/bench/spsc/measured.ts';
import type { Placement } from '../../model/placement/slots.ts';
import type { Run } from '../../model/run/run.ts';
import { formatCpuList } from '../../model/text/cpulist.ts';
import type { Host } from '../host.ts';
import { measure } from './benchmark.ts';
import type { Watched } from './benchmark.ts';
import { measureSeparation } from './separation.ts';

/** Those whose cases the agent measures just as they are planned. */
const MEASURED: Readonly<Record<Exclude<OfferKind, 'separation' | 'pool'>, MeasuredBench>> = {
  spsc: MEASURED_SPSC,
  memory: MEASURED_MEMORY,
  nodes: MEASURED_NODES,
};

export interface PlannedBoard {
  readonly workload: Workload;
  readonly placement: Placement;
  readonly plan: Plan;
  /** That a person set for what judges two pools, by name. */
  readonly thresholds?: Readonly<Record<string, number>> | undefined;
}

/** Cut short it returns what was measured until then. @throws PinboardError when nothing was measured at all. */
export async function measurePlanned(
  host: Host,
  { workload, placement, plan, thresholds }: PlannedBoard,
  watched: Watched,
): Promise<Run> {
  const { durationMs } = workload;
  const rounds = plan.rounds ?? workload.rounds;
  if (workload.kind === 'separation') {
    const { layouts, loads, sizeBytes, budgetMs } = workload;
    const placed = placedLayout(placement);
    return measureSeparation(host, {
      ...{ layouts: LAYOUT_SETS[layouts], scenarios: LOAD_SETS[loads], budgetMs, rounds, durationMs, thresholds },
      ...(sizeBytes === null ? {} : { sizeBytes }),
      ...(placed
        ? { custom: { ...placed, walkers: formatCpuList(placed.walkers), workers: formatCpuList(placed.workers) } }
        : {}),
      ...watched,
    });
  }
  const { cases, labels, question, notes } = plan;
  if (workload.kind === 'pool') {
    const { topology } = await host.discover(watched.signal);
    const own = cases.filter((one) => one.kind === 'pool');
    const run = await measure(host, {
      bench: poolOn(topology, own),
      cases: own,
      ...{ labels, question, rounds, durationMs },
      ...watched,
    });
    return notes && notes.length > 0 ? { ...run, notes: [...(run.notes ?? []), ...notes] } : run;
  }
  const benchmark = offerOf(workload).figure(workload);
  const bench = MEASURED[workload.kind];
  return measure(host, { bench, cases, labels, question, benchmark, rounds, durationMs, ...watched });
}
