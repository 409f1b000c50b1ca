/** `watch`: live state, a JSON object a line. */

import type { Command } from 'commander';
import { PinboardError } from '../../model/problem.ts';
import { watchHost } from '../../remote/sampling/sampler.ts';
import { printJsonLine } from '../output.ts';
import { duration, wholeNumber } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  interval: number;
  count?: number;
  pid: number[];
}

const MAX_PID = 4_194_304;

export function addWatch(program: Command, signal: AbortSignal): void {
  const command = program
    .command('watch')
    .description('print what CPUs and nodes do, a JSON object a line, until interrupted')
    .option('--interval <time>', 'time between two lines', duration, 1000)
    .option('--count <n>', 'end after so many lines', wholeNumber(1, 1e9))
    .option(
      '--pid <pid>',
      'also the threads and pages of this process; may be given several times',
      (text: string, before: number[]) => [...before, wholeNumber(1, MAX_PID)(text)],
      [] as number[],
    );
  withWhere(command).action(async (options: Options) => {
    if (options.interval < 10)
      throw new PinboardError('usage', '--interval below 10ms would measure the sampler itself.');
    await withHost(options, signal, async (host) => {
      const samples = watchHost(host, {
        intervalMs: options.interval,
        pids: options.pid,
        signal,
        ...(options.count === undefined ? {} : { count: options.count }),
      });
      for await (const sample of samples) printJsonLine(sample);
    });
  });
}
