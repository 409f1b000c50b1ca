/** One look at a host for a board: the plan's text on the machine that is drawn, beside what runs. */

import { driftLimits } from '../../model/plan/drift/base/check.ts';
import { besideOf } from '../../model/plan/drift/beside.ts';
import type { SeenBeside } from '../../model/plan/drift/beside.ts';
import { driftsOf } from '../../model/plan/drift/drift.ts';
import { planMachine } from '../../model/plan/machine.ts';
import { placePlan } from '../../model/plan/place.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { readPlanOf } from '../../protocol/plan-text.ts';
import type { Host } from '../host.ts';
import { lookForPlan } from './look.ts';

/** A host that runs, as it was discovered. */
export interface LiveHost {
  readonly host: Host;
  readonly topology: Topology;
}

interface PlanOnMachine {
  readonly file: string;
  readonly text: string;
  /** As it is drawn. */
  readonly topology: Topology;
}

/** @throws PinboardError as `lookForPlan`; `bad-file` for a text that is no plan. */
export async function lookBeside(
  { host, topology }: LiveHost,
  plan: PlanOnMachine,
  signal: AbortSignal,
): Promise<SeenBeside> {
  const begun = performance.now();
  const placement = placePlan(readPlanOf(plan.file, plan.text).plan, planMachine(plan.topology));
  const reality = await lookForPlan(host, topology, { blocks: placement.blocks, signal });
  const seconds = (performance.now() - begun) / 1000;
  return besideOf(driftsOf(placement, reality, driftLimits({})), new Date().toISOString(), seconds);
}
