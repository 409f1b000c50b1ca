/** `doctor`: whether NUMA is the problem of a host, and what to do about it; exit status 1 where something was found. */

import type { Command } from 'commander';
import { doctorJson, doctorText } from '../../model/doctor/text.ts';
import { limitsWith, THRESHOLDS } from '../../model/doctor/base/thresholds.ts';
import { PinboardError, PROBLEM_EXIT } from '../../model/problem.ts';
import { thresholdLines } from '../../model/thresholds.ts';
import { withFindings } from '../../model/doctor/examine.ts';
import type { Diagnosis } from '../../model/doctor/examine.ts';
import { driftLimits } from '../../model/plan/drift/base/check.ts';
import { driftsOf } from '../../model/plan/drift/drift.ts';
import { planMachine } from '../../model/plan/machine.ts';
import { placePlan } from '../../model/plan/place.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { Host } from '../../remote/host.ts';
import { lookForPlan } from '../../remote/plan/look.ts';
import { diagnose } from '../../remote/doctor/doctor.ts';
import { print, printJson, progress, progressDone } from '../output.ts';
import { formatOption, thresholdOption } from '../values.ts';
import { selectionOptions, selectionsOf } from '../selections.ts';
import type { Selections } from '../selections.ts';
import { withPlanned } from '../plan-file.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where, Selections {
  plan?: string;
  threshold?: Record<string, number>;
  format: 'text' | 'json';
}

const HELP = `
Thresholds:
${thresholdLines(THRESHOLDS)}`;

export function addDoctor(program: Command, signal: AbortSignal): void {
  const command = program
    .command('doctor')
    .description('is NUMA the problem of this host, and what to do about it; exit with status 1 if something was found')
    .optionsGroup('Whose work (default: the busiest):')
    .addHelpText('after', HELP);
  for (const option of selectionOptions('look at')) command.addOption(option);
  command
    .optionsGroup('Options:')
    .option('--plan <file>', 'also hold this plan (*.plan.yaml) beside what runs; what has drifted is found, too')
    .addOption(thresholdOption('go by another limit in a check; repeatable'))
    .addOption(formatOption(['text', 'json']));
  withWhere(command).action(async (options: Options) => {
    const limits = limitsWith(options.threshold ?? {});
    const [selection = null, second] = selectionsOf(options);
    if (second) throw new PinboardError('usage', 'The doctor looks at one selection at a time; give one of them.');
    const { plan: file } = options;
    const look = async (host: Host, plan: Plan | null): Promise<void> => {
      const alone = await diagnose(host, { limits, selection, signal, onStep: progress });
      const diagnosis = plan && file !== undefined ? await withPlan(file, plan, host, alone, signal) : alone;
      progressDone();
      if (options.format === 'json') printJson(doctorJson(diagnosis, new Date().toISOString()));
      else print(doctorText(diagnosis));
      if (diagnosis.verdict === 'findings') process.exitCode = PROBLEM_EXIT['check-failed'];
      // What a running host would not tell is for who asked to see to; of a recording nobody can ask for more.
      else if (diagnosis.verdict === 'undecided' && host.transport.kind !== 'recorded')
        process.exitCode = PROBLEM_EXIT.permission;
    };
    if (file === undefined) await withHost(options, signal, (host) => look(host, null));
    else await withPlanned(file, options, signal, (plan, host) => look(host, plan));
  });
}

/** What drifted from a plan is found like anything else. */
async function withPlan(
  file: string,
  plan: Plan,
  host: Host,
  diagnosis: Diagnosis,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const { topology } = await host.discover(signal);
  const placement = placePlan(plan, planMachine(topology));
  const reality = await lookForPlan(host, topology, { blocks: placement.blocks, signal, onStep: progress });
  const { findings, notes, unread } = driftsOf(placement, reality, driftLimits({}));
  const unseen = unread.map(({ block, title, why }) => ({ id: 'plan', title: `${block} of ${file}: ${title}`, why }));
  return withFindings(diagnosis, topology, [...findings, ...notes], unseen);
}
