/** `plan`: placements of virtual machines, pools and containers, before they run. */

import type { Command } from 'commander';
import { addPlanAdmit } from './plan-admit.ts';
import { addPlanCheck } from './plan-check.ts';
import { addPlanImport } from './plan-import.ts';
import { addPlanPrice } from './plan-price.ts';
import { addPlanPropose } from './plan-propose.ts';
import { addPlanExport } from './plan-export.ts';
import { addPlanWatch } from './plan-watch.ts';

const HELP = `
A plan (*.plan.yaml) says what runs where on a machine:

  schema: numa-pinboard/plan/1
  host: { synthetic: "pack:2 [numa(memory=126GB)] l3:1(size=45MB) core:18 pu:2(indexes=core)" }
  reserve:
    - { node: 0, cores: 2, memory: 8GB }
  blocks:
    - { name: big, kind: vm, node: 0, cores: 16, memory: 118GB }
    - { name: db, kind: process, cpus: "18-25,54-61", memory: 60GB }

host is synthetic (hwloc's notation), topology (a file that --from reads, relative to the plan) or ssh (an alias); --host and
--from go before it, and without any of them it is this machine. Sizes are by powers of 1024, in the notation too.`;

export function addPlan(program: Command, signal: AbortSignal): void {
  const plan = program
    .command('plan')
    .description('plan placements of virtual machines, pools and containers')
    .addHelpText('after', HELP);
  addPlanCheck(plan, signal);
  addPlanExport(plan, signal);
  addPlanImport(plan, signal);
  addPlanAdmit(plan, signal);
  addPlanPrice(plan, signal);
  addPlanPropose(plan, signal);
  addPlanWatch(plan, signal);
}
