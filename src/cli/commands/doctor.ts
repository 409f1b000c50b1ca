/** `doctor`: whether NUMA is the problem of a host, and what to do about it; exit status 1 where something was found. */

import type { Command } from 'commander';
import { doctorJson, doctorText } from '../../model/doctor/text.ts';
import { limitsWith, THRESHOLDS } from '../../model/doctor/base/thresholds.ts';
import { PinboardError, PROBLEM_EXIT } from '../../model/problem.ts';
import { thresholdLines } from '../../model/thresholds.ts';
import { diagnose } from '../../remote/doctor/doctor.ts';
import { print, printJson, progress, progressDone } from '../output.ts';
import { formatOption, thresholdOption } from '../values.ts';
import { selectionOptions, selectionsOf } from '../selections.ts';
import type { Selections } from '../selections.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where, Selections {
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
    .addOption(thresholdOption('go by another limit in a check; repeatable'))
    .addOption(formatOption(['text', 'json']));
  withWhere(command).action(async (options: Options) => {
    const limits = limitsWith(options.threshold ?? {});
    const [selection = null, second] = selectionsOf(options);
    if (second) throw new PinboardError('usage', 'The doctor looks at one selection at a time; give one of them.');
    await withHost(options, signal, async (host) => {
      const diagnosis = await diagnose(host, { limits, selection, signal, onStep: progress });
      progressDone();
      if (options.format === 'json') printJson(doctorJson(diagnosis, new Date().toISOString()));
      else print(doctorText(diagnosis));
      if (diagnosis.verdict === 'findings') process.exitCode = PROBLEM_EXIT['check-failed'];
      // What a running host would not tell is for who asked to see to; of a recording nobody can ask for more.
      else if (diagnosis.verdict === 'undecided' && host.transport.kind !== 'recorded')
        process.exitCode = PROBLEM_EXIT.permission;
    });
  });
}
