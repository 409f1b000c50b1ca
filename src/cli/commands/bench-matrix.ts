/** `bench matrix`: what every pair of CPUs costs, from as few measured pairs as carry it. */

import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { writeGrid } from '../../model/bench/matrix/csv.ts';
import { measuredWords } from '../../model/bench/matrix/result.ts';
import { parseCpuList } from '../../model/text/cpulist.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Snapshot } from '../../model/run/run.ts';
import { MATRIX_KINDS } from '../../model/cases/matrix.ts';
import type { MatrixKind } from '../../model/cases/matrix.ts';
import { measureMatrix } from '../../remote/bench/matrix.ts';
import { simulateRun } from '../../remote/bench/matrix-simulation.ts';
import { print, say } from '../output.ts';
import { showProgress } from '../progress.ts';
import { finishRun, sayIfPartial } from '../result.ts';
import { duration, idList, wholeNumber } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

/** Time, or in a simulation pairs. */
interface Budget {
  readonly ms: number | null;
  readonly pairs: number | null;
}

interface Options extends Where {
  what: MatrixKind;
  budget: Budget;
  exhaustive: boolean;
  cpus?: number[];
  simulate?: string;
  format: 'text' | 'json' | 'csv';
}

const MAX_PAIRS = 100_000_000;

function budget(text: string): Budget {
  if (/^\d+$/.test(text)) return { ms: duration(text), pairs: wholeNumber(1, MAX_PAIRS)(text) };
  const ms = duration(text);
  if (ms < 100) throw new InvalidArgumentError('Give at least 100ms.');
  return { ms, pairs: null };
}

/** The first result as core-to-core-latency writes it; what the format cannot say goes to stderr. */
function printCsv(snapshot: Snapshot): void {
  const result = snapshot.results[0];
  if (!result?.classes || result.placement.kind !== 'matrix') return;
  const figures = result.classes.flatMap((own) =>
    own.pairs.flatMap((pair, at) => {
      const value = own.figures[at];
      return value === undefined ? [] : [[pair, value] as const];
    }),
  );
  print(writeGrid(parseCpuList(result.placement.cpus), figures));
  say(`numa-pinboard: ${measuredWords(result)}; the format does not tell which.`);
}

export function addBenchMatrix(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('matrix')
    .description('what every pair of CPUs costs: classes of pairs, then doubtful pairs')
    .addOption(new Option('--what <kind>', 'what to measure').choices(MATRIX_KINDS).default('latency'))
    .option(
      '--budget <time>',
      'how long it may take; in a simulation: how many pairs (400 or a tenth, whichever is more)',
      budget,
      {
        ms: 60_000,
        pairs: null,
      },
    )
    .option('--exhaustive', 'measure every pair, however long it takes', false)
    .option('--cpus <list>', 'only pairs of these CPUs, such as 0-3,8; bandwidth: only their nodes', idList)
    .option('--simulate <file>', 'take the figures from a core-to-core matrix (CSV) instead of a clock')
    .addOption(
      new Option('--format <format>', 'how to print the run').choices(['text', 'json', 'csv']).default('text'),
    );
  withWhere(command).action(async (options: Options) => {
    const { simulate } = options;
    if (options.format === 'csv' && options.what === 'bandwidth') {
      throw new PinboardError('usage', 'The CSV format holds a figure a pair of CPUs, and bandwidth is of nodes.');
    }
    if (simulate !== undefined && options.what !== 'latency') {
      throw new PinboardError('usage', 'A file of latencies can stand in for --what latency alone.');
    }
    const snapshot = await withHost(options, signal, (host) => {
      const { budget: most, exhaustive, what } = options;
      const only = options.cpus === undefined ? {} : { cpus: options.cpus };
      if (simulate === undefined) {
        return measureMatrix(host, {
          what,
          budgetMs: exhaustive ? null : most.ms,
          ...only,
          onProgress: showProgress,
          signal,
        });
      }
      return simulateRun(host, {
        file: simulate,
        from: options.from ?? null,
        pairs: exhaustive ? MAX_PAIRS : most.pairs,
        ...only,
      });
    });
    if (options.format !== 'csv') {
      finishRun(snapshot, options.format);
      return;
    }
    printCsv(snapshot);
    sayIfPartial(snapshot);
  });
}
