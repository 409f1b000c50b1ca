/** `plan propose`: a place for every block that has none, and why it is there. */

import type { Command } from 'commander';
import { proposePlan } from '../../model/plan/propose/propose.ts';
import { proposalJson, proposalText } from '../../model/plan/propose/text.ts';
import { PinboardError, PROBLEM_EXIT } from '../../model/problem.ts';
import { withChanges } from '../../protocol/plan-edit.ts';
import { writeAtomically } from '../../remote/store/files.ts';
import { print, printJson, say } from '../output.ts';
import { openPlan } from '../plan-file.ts';
import { inSlices } from '../slices.ts';
import { durationOption, formatOption } from '../values.ts';
import { withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  free?: string[];
  budget: number;
  write?: boolean;
  format: 'text' | 'json' | 'yaml';
}

const DEFAULT_BUDGET_MS = 10_000;

const HELP = `
Blocks that name their cpus, or several nodes, stay; those that name a node stay on it. The best placement finds its huge pages reserved,
then has the fewest warnings of "plan check", then lets the fewest bytes of the plan's flows cross, each byte counted by the distance it goes.`;

export function addPlanPropose(plan: Command, signal: AbortSignal): void {
  const command = plan
    .command('propose')
    .description(
      'a place for each block that has none, the best there is, and why; exit with status 1 if there is no room',
    )
    .argument('<plan>', 'the plan (*.plan.yaml)')
    .option(
      '--free <name>',
      'look for another place for this block, too, or for "all"; repeatable',
      (name: string, before?: string[]) => [...(before ?? []), name],
    )
    .addOption(durationOption('--budget <duration>', 'how long to look at most', DEFAULT_BUDGET_MS))
    .option('--write', 'write the places into the plan; its comments stay')
    .addOption(formatOption(['text', 'json', 'yaml']))
    .addHelpText('after', HELP);
  withWhere(command).action(async (file: string, options: Options) => {
    const opened = await openPlan(file, options, signal);
    const names = options.free ?? [];
    const wrong = names.find((name) => name !== 'all' && opened.plan.blocks.every((block) => block.name !== name));
    if (wrong !== undefined) {
      const there = opened.plan.blocks.map(({ name }) => name).join(', ');
      throw new PinboardError('usage', `${file} has no block "${wrong}".`, `Its blocks are ${there}.`);
    }
    const proposal = await inSlices(proposePlan(opened.plan, opened.topology, names), options.budget, signal);
    const wanted = proposal.moved.map(({ name, node, cpus }) => ({ block: name, to: { nodes: [node], cpus } }));
    const text = proposal.plan ? withChanges(opened.text, wanted) : opened.text;
    if (options.format === 'json') printJson(proposalJson(file, proposal));
    else if (options.format === 'yaml' && proposal.plan) print(text);
    else print(proposalText(file, proposal));
    if (signal.aborted) process.exitCode = PROBLEM_EXIT.cancelled;
    else if (!proposal.plan) process.exitCode = PROBLEM_EXIT['check-failed'];
    else if (options.write === true) {
      await writeAtomically(file, text);
      say(`Written into ${file}.`);
    }
  });
}
