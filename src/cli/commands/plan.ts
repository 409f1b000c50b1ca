/** `plan`: placements of virtual machines, pools and containers, before they run. */

import type { Command } from 'commander';
import { addPlanAdmit } from './plan-admit.ts';

export function addPlan(program: Command, signal: AbortSignal): void {
  const plan = program.command('plan').description('plan placements of virtual machines, pools and containers');
  addPlanAdmit(plan, signal);
}
