/** `plan price`: what a plan's flows cost by phase, as planned, unpinned and at least. */

import type { Command } from 'commander';
import { planMachine } from '../../model/plan/machine.ts';
import { placePlan } from '../../model/plan/place.ts';
import { pricePlan } from '../../model/plan/price/price.ts';
import { firmwareRates, measuredRates } from '../../model/plan/price/rates.ts';
import { planPriceJson, planPriceText } from '../../model/plan/price/text.ts';
import { PROBLEM_EXIT } from '../../model/problem.ts';
import { readRunFile } from '../../remote/store/run-file.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print, printJson } from '../output.ts';
import { openPlan } from '../plan-file.ts';
import { inSlices } from '../slices.ts';
import { formatOption } from '../values.ts';
import { withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  matrix?: string;
  format: 'text' | 'json';
}

/** For what crosses at least: a bound is there at any time. */
const SEARCH_MS = 5000;

export function addPlanPrice(plan: Command, signal: AbortSignal): void {
  const command = plan
    .command('price')
    .description(
      'what a plan lets cross between nodes and how long that takes, by phase, against the same blocks unpinned',
    )
    .argument('<plan>', 'the plan (*.plan.yaml)')
    .option('--matrix <run>', 'a table of nodes that "bench nodes" measured on this machine (default: firmware)')
    .addOption(formatOption(['text', 'json']));
  withWhere(command).action(async (file: string, options: Options) => {
    const { plan: read, topology } = await openPlan(file, options, signal);
    const machine = planMachine(topology);
    const { matrix } = options;
    const rates =
      matrix === undefined
        ? firmwareRates(machine)
        : measuredRates(matrix, await unlessInterrupted(signal, readRunFile(matrix)), machine);
    const price = await inSlices(pricePlan(read, machine, rates), SEARCH_MS, signal);
    const placement = placePlan(read, machine);
    if (options.format === 'json') printJson(planPriceJson(file, price, placement));
    else print(planPriceText(file, price, placement));
    if (signal.aborted) process.exitCode = PROBLEM_EXIT.cancelled;
  });
}
