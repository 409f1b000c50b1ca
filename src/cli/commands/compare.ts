/** `compare`: two saved runs, case by case, with intervals. */

import type { Command } from 'commander';
import { between } from '../../model/gate/between.ts';
import { betweenText } from '../../model/gate/text.ts';
import { readRunFile } from '../../remote/store/run-file.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print, printJson } from '../output.ts';
import { formatOption } from '../values.ts';

export function addCompare(program: Command, signal: AbortSignal): void {
  program
    .command('compare')
    .description('compare two runs: before and after, or two hosts')
    .argument('<before>', 'a saved run (*.numa.json)')
    .argument('<after>', 'the run to compare with it')
    .addOption(formatOption(['text', 'json']))
    .action(async (before: string, after: string, { format }: { format: 'text' | 'json' }) => {
      const [one, two] = await unlessInterrupted(signal, Promise.all([readRunFile(before), readRunFile(after)]));
      const found = between(one, two);
      if (format === 'json') printJson({ schema: 'numa-pinboard/compare/1', ...found });
      else print(betweenText(found));
    });
}
