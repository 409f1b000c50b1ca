/** `watch`: live state, one JSON object per line. */

import type { Command } from 'commander';
import { PinboardError } from '../../model/problem.ts';
import { watchHost } from '../../remote/sampling/sampler.ts';
import { printJsonLine } from '../output.ts';
import { selectionOptions, selectionsOf } from '../selections.ts';
import type { Selections } from '../selections.ts';
import { durationOption, wholeNumber } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where, Selections {
  interval: number;
  count?: number;
}

export function addWatch(program: Command, signal: AbortSignal): void {
  const command = program
    .command('watch')
    .description('print the activity of CPUs and nodes, one JSON object per line, until interrupted')
    .addOption(durationOption('--interval <time>', 'time between samples', 1000))
    .option('--count <n>', 'stop after N samples', wholeNumber(1, 1e9));
  for (const option of selectionOptions('also report the threads and memory of')) command.addOption(option);
  withWhere(command).action(async (options: Options) => {
    if (options.interval < 10)
      throw new PinboardError(
        'usage',
        '--interval must be at least 10ms; below that the sampler would measure itself.',
      );
    await withHost(options, signal, async (host) => {
      const samples = watchHost(host, {
        intervalMs: options.interval,
        selections: selectionsOf(options),
        signal,
        ...(options.count === undefined ? {} : { count: options.count }),
      });
      for await (const sample of samples) printJsonLine(sample);
    });
  });
}
