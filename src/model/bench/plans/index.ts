/** Who plans what each benchmark of a board measures, those too that a page brings only once more of it is loaded. */

import type { Case } from '../../cases/case.ts';
import { offerOf } from '../index.ts';
import type { OfferKind, Workload } from '../index.ts';
import { nodesPlan } from '../node-to-node/plan.ts';
import type { Planner } from '../offer.ts';
import { poolPlan } from '../pool/plan.ts';
import { separationPlan } from '../separation/plan.ts';

/** Of offers that have no plan in them. */
export const LATER_PLANS: Readonly<Partial<Record<OfferKind, Planner<Case, Workload>>>> = {
  nodes: { plan: nodesPlan } satisfies Planner<Case, Extract<Workload, { kind: 'nodes' }>>,
  pool: { plan: poolPlan } satisfies Planner<Case, Extract<Workload, { kind: 'pool' }>>,
  separation: { plan: separationPlan } satisfies Planner<Case, Extract<Workload, { kind: 'separation' }>>,
};

/** @throws Error for a benchmark that nobody plans, which is a mistake here. */
export function plannerOf({ kind }: { readonly kind: OfferKind }): Planner<Case, Workload> {
  const { plan } = offerOf({ kind });
  const planner = plan ? { plan } : LATER_PLANS[kind];
  if (!planner) throw new Error(`nobody plans ${kind}`);
  return planner;
}
