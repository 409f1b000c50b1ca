/** `plan export`: a plan as files for the tools that place things. */

import { basename } from 'node:path';
import type { Command } from 'commander';
import { checkPlan } from '../../model/plan/check/examine.ts';
import { exportPlan, PLAN_EXPORTERS } from '../../model/plan/export/export.ts';
import { placePlan } from '../../model/plan/place.ts';
import { planMachine } from '../../model/plan/machine.ts';
import { PinboardError } from '../../model/problem.ts';
import { listed, plural } from '../../model/text/format.ts';
import { exportPlacement } from '../../remote/store/export.ts';
import { print } from '../output.ts';
import { openPlan } from '../plan-file.ts';
import { wordListOption } from '../values.ts';
import { withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  to: string;
  only: string[];
}

const TOOLS = PLAN_EXPORTERS.map(({ name }) => name);

export function addPlanExport(plan: Command, signal: AbortSignal): void {
  const command = plan
    .command('export')
    .description('write what makes a plan so: libvirt, Kubernetes, systemd, Docker, Slurm, cloud-init')
    .argument('<plan>', 'the plan (*.plan.yaml)')
    .requiredOption('--to <dir>', 'output folder: gets one subfolder, with a page that says what each file is')
    .addOption(wordListOption('--only <tools>', `any of ${TOOLS.join(', ')}`, TOOLS, TOOLS));
  withWhere(command).action(async (file: string, { to, only, ...where }: Options) => {
    const { plan: read, topology } = await openPlan(file, where, signal);
    const errors = checkPlan(read, topology).problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0)
      throw new PinboardError(
        'check-failed',
        `The plan cannot work as it is: ${errors[0]?.sentence ?? ''}${errors.length > 1 ? ` There are ${plural(errors.length - 1, 'more error')}.` : ''}`,
        `See \`numa-pinboard plan check ${file}\`.`,
      );
    const files = exportPlan(read, placePlan(read, planMachine(topology)), only);
    if (files.length === 0)
      throw new PinboardError(
        'unsupported',
        `The plan has nothing for ${listed(only, 'or')}.`,
        'Add blocks, or name other tools with --only.',
      );
    const name = basename(file).replace(/(\.plan)?\.ya?ml$/i, '');
    print((await exportPlacement(files, { folder: to, name }, signal)).folder);
  });
}
