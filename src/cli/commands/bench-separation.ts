/** `bench separation`: two pools of one service, mixed over the nodes or separated by node, and the table that decides. */

import type { Command } from 'commander';
import type { NamedLayout } from '../../model/bench/separation/repeat.ts';
import { decide } from '../../model/bench/separation/decision.ts';
import { SEPARATION_THRESHOLDS, separationLimits } from '../../model/bench/separation/thresholds.ts';
import { PRESET_LAYOUTS, SCENARIOS } from '../../model/cases/separation.ts';
import type { PresetLayout, Scenario } from '../../model/cases/separation.ts';
import { CPU_SET_WORDS } from '../../model/placement/cpu-set.ts';
import { PinboardError } from '../../model/problem.ts';
import { thresholdLines } from '../../model/thresholds.ts';
import { measureSeparation } from '../../remote/bench/separation.ts';
import { printJson, progressDone, say } from '../output.ts';
import { showProgress } from '../progress.ts';
import { finishRun, sayIfPartial } from '../result.ts';
import {
  cpuSet,
  durationOption,
  formatOption,
  idList,
  repetition,
  sizeInBytes,
  thresholdOption,
  wholeNumber,
  wordListOption,
} from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  layouts: PresetLayout[];
  walkers?: string;
  workers?: string;
  store?: number[];
  scenarios: Scenario[];
  budget: number;
  size?: number;
  duration?: number;
  repeat?: number;
  recommend?: boolean;
  threshold?: Record<string, number>;
  format: 'text' | 'json';
}

const DEFAULT_BUDGET_MS = 300_000;

/** @throws PinboardError `usage` for a part of a layout. */
function customOf({ walkers, workers, store }: Options): NamedLayout | undefined {
  if (walkers !== undefined && workers !== undefined) return { walkers, workers, ...(store ? { store } : {}) };
  if (walkers === undefined && workers === undefined && store === undefined) return undefined;
  throw new PinboardError(
    'usage',
    'A custom layout is of two pools.',
    'Give --walkers and --workers, and --store for the nodes of the store.',
  );
}

export function addBenchSeparation(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('separation')
    .description('a pool that walks a graph and one that takes distances: separate them by node, or not?')
    .addOption(
      wordListOption('--layouts <kinds>', `any of ${PRESET_LAYOUTS.join(', ')}`, PRESET_LAYOUTS, PRESET_LAYOUTS),
    )
    .option('--walkers <list>', `a custom layout beside them, the pool that walks: ${CPU_SET_WORDS}`, cpuSet)
    .option('--workers <list>', 'its pool that takes distances, likewise', cpuSet)
    .option(
      '--store <nodes>',
      'nodes of its store, interleaved over several (default: first touch by its readers)',
      idList,
    )
    .addOption(wordListOption('--scenarios <kinds>', `the load: any of ${SCENARIOS.join(', ')}`, SCENARIOS, SCENARIOS))
    .addOption(durationOption('--budget <time>', 'time limit; as many repetitions as fit', DEFAULT_BUDGET_MS))
    .option('--size <bytes>', 'of the store, such as 256M (default: beyond the caches, as memory is free)', sizeInBytes)
    .option('--duration <time>', 'length of each repetition (default: 200ms)', repetition)
    .option('--repeat <n>', 'number of repetitions (default: up to 15, as fit the budget)', wholeNumber(1, 1000))
    .option(
      '--recommend',
      'also print what to do for tokio, Rayon, oneTBB, OpenMP, Go, the JVM, systemd, numactl and Kubernetes',
    )
    .addOption(thresholdOption('judge a sign by another limit; repeatable'))
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', `\nThresholds:\n${thresholdLines(SEPARATION_THRESHOLDS)}`);
  withWhere(command).action(async (options: Options) => {
    const { layouts, scenarios, budget, size } = options;
    const custom = customOf(options);
    separationLimits(options.threshold ?? {});
    const run = await withHost(options, signal, (host) =>
      measureSeparation(host, {
        ...{ layouts, custom, scenarios, budgetMs: budget, sizeBytes: size },
        ...{ durationMs: options.duration, rounds: options.repeat },
        ...{ thresholds: options.threshold },
        onPlan: (words) => words.forEach((line) => say(line)),
        onProgress: showProgress,
        signal,
      }),
    );
    if (options.format === 'text') {
      finishRun(run, 'text', options.recommend);
      return;
    }
    progressDone();
    printJson({ ...run, decision: decide(run.results, run.thresholds) });
    sayIfPartial(run);
  });
}
