/** `bench nodes`: latency and bandwidth from the CPUs of every node to the memory of every node. */

import type { Command } from 'commander';
import { hwlocScript } from '../../model/recommend/hwloc.ts';
import { NODE_MEASURES } from '../../model/bench/nodes/grid.ts';
import type { NodeMeasure } from '../../model/bench/nodes/grid.ts';
import type { PageKind } from '../../model/cases/pages.ts';
import { measureNodes } from '../../remote/bench/nodes.ts';
import { print } from '../output.ts';
import { refuseUnknownPages } from '../places.ts';
import { showProgress } from '../progress.ts';
import { finishRun, sayIfPartial } from '../result.ts';
import {
  durationOption,
  durationText,
  formatOption,
  pageKind,
  repetition,
  sizeInBytes,
  wholeNumber,
  wordListOption,
} from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  what: NodeMeasure[];
  threads?: number;
  pages?: PageKind;
  size?: number;
  budget: number;
  duration?: number;
  repeat?: number;
  format: 'text' | 'json' | 'hwloc';
}

const DEFAULT_BUDGET_MS = 60_000;

/** What was asked for beside what is usual. */
function repeatWords({ what, threads, pages, size, budget, duration: each, repeat }: Options): (string | number)[] {
  return [
    ...['bench', 'nodes', '--what', what.join(','), '--budget', durationText(budget)],
    ...(threads === undefined ? [] : ['--threads', threads]),
    ...(pages === undefined ? [] : ['--pages', pages]),
    ...(size === undefined ? [] : ['--size', size]),
    ...(each === undefined ? [] : ['--duration', durationText(each)]),
    ...(repeat === undefined ? [] : ['--repeat', repeat]),
  ];
}

export function addBenchNodes(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('nodes')
    .description('latency and bandwidth from the CPUs of every node to the memory of every node')
    .addOption(wordListOption('--what <kinds>', 'latency, bandwidth or both', NODE_MEASURES, NODE_MEASURES))
    .option(
      '--threads <n>',
      'CPUs of a node that take its bandwidth together (default: all; latency is always that of one)',
      wholeNumber(1, 4096),
    )
    .option(
      '--pages <size>',
      'a page size that the host has, such as 4k, thp, 64k, 2m or 1g (default: thp where it is on, else the kernel\u2019s own)',
      pageKind,
    )
    .option('--size <bytes>', 'buffer size, such as 256M (default: beyond the caches, as memory is free)', sizeInBytes)
    .addOption(durationOption('--budget <time>', 'time limit; as many repetitions as fit', DEFAULT_BUDGET_MS))
    .option('--duration <time>', 'length of each repetition (default: what fits the budget, at most 1s)', repetition)
    .option('--repeat <n>', 'number of repetitions (default: up to 7, as fit the budget)', wholeNumber(1, 1000))
    .addOption(formatOption(['text', 'json', 'hwloc']));
  withWhere(command).action(async (options: Options) => {
    const { what, budget, threads, pages, size } = options;
    const run = await withHost(options, signal, async (host) => {
      if (pages !== undefined) refuseUnknownPages((await host.discover(signal)).topology, [pages]);
      return measureNodes(host, {
        measures: NODE_MEASURES.filter((measure) => what.includes(measure)),
        budgetMs: budget,
        ...{ threads, pages, sizeBytes: size, durationMs: options.duration, rounds: options.repeat },
        repeat: repeatWords(options),
        onProgress: showProgress,
        signal,
      });
    });
    if (options.format !== 'hwloc') {
      finishRun(run, options.format, true);
      return;
    }
    print(hwlocScript(run));
    sayIfPartial(run);
  });
}
