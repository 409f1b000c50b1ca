/** `check`: gates for CI over saved runs; exit status 1 and which limit was exceeded. */

import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { check } from '../../model/gate/check.ts';
import { checkText } from '../../model/gate/text.ts';
import { PinboardError, PROBLEM_EXIT } from '../../model/problem.ts';
import { readRunFile } from '../../remote/store/run-file.ts';
import type { Run } from '../../model/run/run.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print, printJson } from '../output.ts';
import { formatOption } from '../values.ts';

interface Options {
  maxPenalty?: number;
  baseline?: string;
  maxRegression?: number;
  format: 'text' | 'json';
}

/** "1.5": a factor, 1 for none at all. */
function factor(text: string): number {
  const value = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
  if (!(value >= 1)) throw new InvalidArgumentError('Give a factor of at least 1, such as 1.5 for 50 % more.');
  return value;
}

/** "10%" as 0.1. */
function percent(text: string): number {
  const match = /^(\d{1,4}(?:\.\d{1,3})?)%$/.exec(text);
  if (!match) throw new InvalidArgumentError('Give a percentage, such as 10%.');
  return Number(match[1]) / 100;
}

export function addCheck(program: Command, signal: AbortSignal): void {
  program
    .command('check')
    .description('gate for CI: exit with status 1 and say which limit was exceeded')
    .argument('<run...>', 'saved runs (*.numa.json)')
    .option(
      '--max-penalty <factor>',
      'fail if crossing nodes costs more than this many times as much as staying on one',
      factor,
    )
    .option('--baseline <file>', 'an earlier run to compare each run with')
    .option(
      '--max-regression <percent>',
      'fail if a rate falls or a time grows by more than this, such as 10%',
      percent,
    )
    .addOption(formatOption(['text', 'json']))
    .action(async (paths: string[], options: Options) => {
      const { maxPenalty = null, baseline, maxRegression, format } = options;
      if (maxPenalty === null && baseline === undefined) {
        throw new PinboardError('usage', 'Nothing to check. Give --max-penalty, or --baseline with --max-regression.');
      }
      if ((baseline === undefined) !== (maxRegression === undefined)) {
        throw new PinboardError('usage', 'Give --baseline and --max-regression together.');
      }
      const read = (path: string): Promise<Run> => unlessInterrupted(signal, readRunFile(path));
      const before = baseline === undefined ? null : await read(baseline);
      const regression = before && maxRegression !== undefined ? { baseline: before, max: maxRegression } : null;
      const runs = await Promise.all(paths.map(read));
      const checked = runs.map((run) => check(run, { maxPenalty, regression }));
      if (format === 'json') printJson(checked.length === 1 ? checked[0] : checked);
      else print(checked.map(checkText).join('\n'));
      if (checked.some(({ ok }) => !ok)) process.exitCode = PROBLEM_EXIT['check-failed'];
    });
}
