/** What a board measures of two pools: the standard layouts, and what is placed as one more. */

import type { SeparationCase } from '../../cases/separation.ts';
import { idsIn } from '../../placement/slots.ts';
import type { Placement } from '../../placement/slots.ts';
import { memoryNodes } from '../../placement/usable.ts';
import { PinboardError } from '../../problem.ts';
import type { Topology } from '../../topology/topology.ts';
import { usualSize } from '../nodes/cases.ts';
import type { Plan } from '../offer.ts';
import { separationCases } from './cases.ts';
import type { CustomLayout } from './cases.ts';
import { separationLabel, SEPARATION_QUESTION } from './labels.ts';
import { roundsWithin } from './rounds.ts';
import { LAYOUT_SETS, LOAD_SETS } from './workload.ts';
import type { SeparationWorkload } from './workload.ts';

/** The layout that is placed; null: none is. */
export function placedLayout(placement: Placement): CustomLayout | null {
  const [walkers, workers, store] = ['walkers', 'workers', 'store'].map((slot) => idsIn(placement, slot));
  if (!walkers?.length || !workers?.length) return null;
  return { walkers, workers, ...(store?.length ? { store } : {}) };
}

function refusedFor(placement: Placement, { layouts }: SeparationWorkload): string | null {
  const [walkers, workers] = ['walkers', 'workers'].map((slot) => idsIn(placement, slot).length > 0);
  if (walkers !== workers)
    return `Place the pool that ${walkers ? 'takes distances' : 'walks'} as well, or take the other one back.`;
  if (!walkers && idsIn(placement, 'store').length > 0) return 'Place both pools as well, or take the store back.';
  return !walkers && layouts === 'mixed' ? 'Place both pools: what is placed is held against mixed ones.' : null;
}

function planned(topology: Topology, placement: Placement, workload: SeparationWorkload): Plan<SeparationCase> {
  const { layouts, loads, sizeBytes, budgetMs, rounds, durationMs } = workload;
  const { cases, notes } = separationCases(topology, {
    layouts: LAYOUT_SETS[layouts],
    custom: placedLayout(placement) ?? undefined,
    scenarios: LOAD_SETS[loads],
    sizeBytes: sizeBytes ?? usualSize(topology, memoryNodes(topology)),
    // A board does not know; who measures looks, and says where they are off.
    thp: true,
  });
  if (cases.length === 0) throw new PinboardError('unsupported', notes[0] ?? 'No layout can be measured here.');
  return {
    ...{ cases, notes, labels: cases.map(separationLabel), question: SEPARATION_QUESTION },
    rounds: roundsWithin(cases, { rounds, durationMs, budgetMs }),
  };
}

type Planned = Plan<SeparationCase> | { readonly why: string };

/** Asked several times a second: on hundreds of CPUs who is near whom takes a while. */
const last = new WeakMap<Topology, { readonly key: string; readonly plan: Planned }>();

export function separationPlan(topology: Topology, placement: Placement, workload: SeparationWorkload): Planned {
  const why = refusedFor(placement, workload);
  if (why !== null) return { why };
  const key = JSON.stringify([placement, workload]);
  const known = last.get(topology);
  if (known?.key === key) return known.plan;
  let made: Planned;
  try {
    made = planned(topology, placement, workload);
  } catch (error) {
    if (!(error instanceof PinboardError)) throw error;
    made = { why: error.message };
  }
  last.set(topology, { key, plan: made });
  return made;
}
