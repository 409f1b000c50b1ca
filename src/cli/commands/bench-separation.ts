/** `bench separation`: two pools of one service, mixed over the nodes or separated by node, and the table that decides. */

import type { Command } from 'commander';
import { decide } from '../../model/bench/separation/decision.ts';
import { LAYOUTS, SCENARIOS } from '../../model/cases/separation.ts';
import type { Layout, Scenario } from '../../model/cases/separation.ts';
import { measureSeparation } from '../../remote/bench/separation.ts';
import { printJson, progressDone, say } from '../output.ts';
import { showProgress } from '../progress.ts';
import { finishRun, sayIfPartial } from '../result.ts';
import {
  duration,
  durationOption,
  durationText,
  formatOption,
  sizeInBytes,
  wholeNumber,
  wordListOption,
} from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  layouts: Layout[];
  scenarios: Scenario[];
  budget: number;
  size?: number;
  duration?: number;
  repeat?: number;
  format: 'text' | 'json';
}

const DEFAULT_BUDGET_MS = 300_000;

function repeatWords({ layouts, scenarios, budget, size, duration: each, repeat }: Options): (string | number)[] {
  return [
    ...['bench', 'separation', '--layouts', layouts.join(), '--scenarios', scenarios.join()],
    ...['--budget', durationText(budget)],
    ...(size === undefined ? [] : ['--size', size]),
    ...(each === undefined ? [] : ['--duration', durationText(each)]),
    ...(repeat === undefined ? [] : ['--repeat', repeat]),
  ];
}

export function addBenchSeparation(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('separation')
    .description('a pool that walks a graph and one that takes distances: separate them by node, or not?')
    .addOption(wordListOption('--layouts <kinds>', `any of ${LAYOUTS.join(', ')}`, LAYOUTS, LAYOUTS))
    .addOption(wordListOption('--scenarios <kinds>', `the load: any of ${SCENARIOS.join(', ')}`, SCENARIOS, SCENARIOS))
    .addOption(durationOption('--budget <time>', 'time limit; as many repetitions as fit', DEFAULT_BUDGET_MS))
    .option('--size <bytes>', 'of the store, such as 256M (default: beyond the caches, as memory is free)', sizeInBytes)
    .option('--duration <time>', 'length of each repetition (default: 200ms)', duration)
    .option('--repeat <n>', 'number of repetitions (default: up to 15, as fit the budget)', wholeNumber(1, 1000))
    .addOption(formatOption(['text', 'json']));
  withWhere(command).action(async (options: Options) => {
    const { layouts, scenarios, budget, size } = options;
    const run = await withHost(options, signal, (host) =>
      measureSeparation(host, {
        ...{ layouts, scenarios, budgetMs: budget, sizeBytes: size },
        ...{ durationMs: options.duration, rounds: options.repeat, repeat: repeatWords(options) },
        onPlan: (words) => words.forEach((line) => say(line)),
        onProgress: showProgress,
        signal,
      }),
    );
    if (options.format === 'text') {
      finishRun(run, 'text');
      return;
    }
    progressDone();
    printJson({ ...run, decision: decide(run.results) });
    sayIfPartial(run);
  });
}
