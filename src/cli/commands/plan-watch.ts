/** `plan watch`: a plan beside what really runs; with --once, exit status 1 where they differ. */

import type { Command } from 'commander';
import { DRIFT_THRESHOLDS, driftLimits } from '../../model/plan/drift/base/check.ts';
import { driftsOf } from '../../model/plan/drift/drift.ts';
import { driftedJson, driftText } from '../../model/plan/drift/text.ts';
import { planMachine } from '../../model/plan/machine.ts';
import { placePlan } from '../../model/plan/place.ts';
import { PinboardError, PROBLEM_EXIT } from '../../model/problem.ts';
import { thresholdLines } from '../../model/thresholds.ts';
import { pause } from '../../remote/deadline.ts';
import { lookForPlan } from '../../remote/plan/look.ts';
import { print, printJsonLine, progress, progressDone } from '../output.ts';
import { withPlanned } from '../plan-file.ts';
import { durationOption, formatOption, thresholdOption } from '../values.ts';
import { withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  once?: true;
  interval: number;
  threshold?: Record<string, number>;
  format: 'text' | 'json';
}

/** A look takes two seconds, and walks page tables. */
const LEAST_INTERVAL_MS = 2000;

const HELP = `
Thresholds:
${thresholdLines(DRIFT_THRESHOLDS)}`;

export function addPlanWatch(plan: Command, signal: AbortSignal): void {
  const command = plan
    .command('watch')
    .description(
      'hold a plan beside what really runs, until interrupted; with --once, exit with status 1 if they differ',
    )
    .argument('<plan>', 'the plan (*.plan.yaml)')
    .addHelpText('after', HELP)
    .option('--once', 'look once')
    .addOption(durationOption('--interval <time>', 'time between looks', 10_000))
    .addOption(thresholdOption('go by another limit; repeatable'))
    .addOption(formatOption(['text', 'json']));
  withWhere(command).action(async (file: string, { once, interval, threshold, format, ...where }: Options) => {
    if (interval < LEAST_INTERVAL_MS)
      throw new PinboardError('usage', '--interval must be at least 2s: a look takes as long.');
    const limits = driftLimits(threshold ?? {});
    await withPlanned(file, where, signal, async (read, host) => {
      const { topology } = await host.discover(signal);
      const placement = placePlan(read, planMachine(topology));
      for (;;) {
        const reality = await lookForPlan(host, topology, { blocks: placement.blocks, signal, onStep: progress });
        progressDone();
        const drifted = driftsOf(placement, reality, limits);
        if (format === 'json') printJsonLine(driftedJson(file, drifted, new Date().toISOString()));
        else print(once ? driftText(file, drifted) : `${driftText(file, drifted)}\n\n`);
        if (once) {
          if (drifted.findings.length > 0) process.exitCode = PROBLEM_EXIT['check-failed'];
          // As the doctor: what a running host would not tell is no success.
          else if (drifted.unread.length > 0) process.exitCode = PROBLEM_EXIT.permission;
          return;
        }
        await pause(interval, signal);
      }
    });
  });
}
