/** What a board measures of two pools: the standard layouts, and what is placed as one more. */

import type { SeparationCase } from '../../cases/separation.ts';
import { idsIn } from '../../placement/slots.ts';
import type { Placement } from '../../placement/slots.ts';
import { memoryNodes } from '../../placement/usable.ts';
import { PinboardError } from '../../problem.ts';
import type { Topology } from '../../topology/topology.ts';
import { usualSize } from '../nodes/cases.ts';
import { rememberingLast } from '../last-plan.ts';
import type { Plan } from '../offer.ts';
import { separationCases } from './cases.ts';
import type { CustomLayout } from './cases.ts';
import { separationLabel, SEPARATION_QUESTION } from './labels.ts';
import { roundsWithin, separationMs } from './rounds.ts';
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

function planned(
  topology: Topology,
  placement: Placement,
  workload: SeparationWorkload,
): Plan<SeparationCase> | { readonly why: string } {
  const why = refusedFor(placement, workload);
  if (why !== null) return { why };
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
  const fitting = roundsWithin(topology, cases, { rounds, durationMs, budgetMs });
  return {
    ...{ cases, notes, labels: cases.map(separationLabel), question: SEPARATION_QUESTION },
    rounds: fitting,
    ms: separationMs(topology, cases, { rounds: fitting, durationMs }),
  };
}

export const separationPlan = rememberingLast(planned);
