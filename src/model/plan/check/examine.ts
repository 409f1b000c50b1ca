/** A plan on a machine, checked: what is wrong with it, and what it comes to. */

import { planMachine } from '../machine.ts';
import { coreCount, placePlan } from '../place.ts';
import type { Placement } from '../place.ts';
import type { Plan } from '../plan.ts';
import type { Topology } from '../../topology/topology.ts';
import { SEVERITIES } from '../problem.ts';
import type { PlanProblem } from '../problem.ts';
import { PLAN_CHECKS } from './checks.ts';

export interface PlanTotals {
  /** Of all blocks, those of kind `emulator` included. */
  readonly cores: number;
  readonly threads: number;
  /** Of all blocks. */
  readonly memoryBytes: number;
  /** What of the machine's memory no block has; null where its size is not known. */
  readonly hostMemoryBytes: number | null;
}

export interface CheckedPlan {
  /** No problem of severity `error`. */
  readonly ok: boolean;
  /** Errors first. */
  readonly problems: readonly PlanProblem[];
  readonly totals: PlanTotals;
  readonly placement: Placement;
}

export function planTotals({ blocks, machine }: Placement): PlanTotals {
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const memoryBytes = sum(blocks.map(({ block }) => block.memoryBytes ?? 0));
  const sizes = machine.topology.nodes.map((node) => node.memoryBytes);
  const known = sizes.filter((size) => size !== null);
  return {
    cores: sum(blocks.map((placed) => coreCount(machine, placed))),
    threads: sum(blocks.map(({ wanted }) => wanted)),
    memoryBytes,
    hostMemoryBytes: known.length < sizes.length ? null : sum(known) - memoryBytes,
  };
}

export function checkPlan(plan: Plan, topology: Topology): CheckedPlan {
  const placement = placePlan(plan, planMachine(topology));
  const problems = PLAN_CHECKS.flatMap(({ id, look }) => look({ plan, placement }).map((found) => ({ id, ...found })));
  return {
    ok: problems.every(({ severity }) => severity !== 'error'),
    problems: problems.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
    totals: planTotals(placement),
    placement,
  };
}
