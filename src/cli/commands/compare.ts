/** `compare`: two runs on file, case by case, with intervals. */

import { Option } from 'commander';
import type { Command } from 'commander';
import { between } from '../../model/gate/between.ts';
import { betweenText } from '../../model/gate/text.ts';
import { readSnapshotFile } from '../../remote/store/export.ts';
import { unlessInterrupted } from '../interrupt.ts';
import { print, printJson } from '../output.ts';

export function addCompare(program: Command, signal: AbortSignal): void {
  program
    .command('compare')
    .description('hold two runs against each other: before and after, or two hosts')
    .argument('<before>', 'a run (*.numa.json)')
    .argument('<after>', 'another one')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .action(async (before: string, after: string, { format }: { format: 'text' | 'json' }) => {
      const [one, two] = await unlessInterrupted(
        signal,
        Promise.all([readSnapshotFile(before), readSnapshotFile(after)]),
      );
      const found = between(one, two);
      if (format === 'json') printJson({ schema: 'numa-pinboard/compare/1', ...found });
      else print(betweenText(found));
    });
}
