/** `plan check`: what is wrong with a placement plan; exit status 1 where it cannot work. */

import { isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { checkPlan } from '../../model/plan/check/examine.ts';
import { planCheckSarif } from '../../model/plan/check/sarif.ts';
import { planCheckJson, planCheckText } from '../../model/plan/check/text.ts';
import { PROBLEM_EXIT } from '../../model/problem.ts';
import { print, printJson } from '../output.ts';
import { openPlan } from '../plan-file.ts';
import { formatOption } from '../values.ts';
import { withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  format: 'text' | 'json' | 'sarif';
}

/** As code hosts match it with their files: relative to where the check runs, if it is below. */
function uriOf(file: string): string {
  const near = relative(process.cwd(), file);
  const outside = /^\.\.(?:[\\/]|$)/.test(near) || isAbsolute(near);
  return outside ? pathToFileURL(file).href : near.split(/[\\/]/).map(encodeURIComponent).join('/');
}

export function addPlanCheck(plan: Command, signal: AbortSignal): void {
  const command = plan
    .command('check')
    .description('what is wrong with a plan, with reason and remedy; exit with status 1 if it cannot work as it is')
    .argument('<plan>', 'the plan (*.plan.yaml)')
    .addOption(formatOption(['text', 'json', 'sarif']));
  withWhere(command).action(async (file: string, options: Options) => {
    const { plan: read, at, topology } = await openPlan(file, options, signal);
    const checked = checkPlan(read, topology);
    if (options.format === 'json') printJson(planCheckJson(file, checked, at));
    else if (options.format === 'sarif') printJson(planCheckSarif(uriOf(file), checked.problems, at));
    else print(planCheckText(file, checked, at));
    if (!checked.ok) process.exitCode = PROBLEM_EXIT['check-failed'];
  });
}
