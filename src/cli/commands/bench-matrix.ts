/** `bench matrix`: what communication between every pair of CPUs costs, from as few measured pairs as will do. */

import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { resultCsv } from '../../model/bench/matrix/csv.ts';
import { measuredWords } from '../../model/bench/matrix/result.ts';
import { PinboardError } from '../../model/problem.ts';
import type { Run } from '../../model/run/run.ts';
import { MATRIX_KINDS } from '../../model/cases/matrix.ts';
import type { LineHome, MatrixKind } from '../../model/cases/matrix.ts';
import { measureMatrix } from '../../remote/bench/matrix.ts';
import { simulateRun } from '../../remote/bench/matrix-simulation.ts';
import { print, say } from '../output.ts';
import { showProgress } from '../progress.ts';
import { finishRun, sayIfPartial } from '../result.ts';
import { duration, durationText, formatOption, idList, nodeId, wholeNumber } from '../values.ts';
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
  exhaustive?: boolean;
  cpus?: number[];
  lineHome?: LineHome;
  simulate?: string;
  format: 'text' | 'json' | 'csv';
}

const MAX_PAIRS = 100_000_000;
const DEFAULT_BUDGET_MS = 60_000;

function budget(text: string): Budget {
  if (/^\d+$/.test(text)) return { ms: duration(text), pairs: wholeNumber(1, MAX_PAIRS)(text) };
  const ms = duration(text);
  if (ms < 100) throw new InvalidArgumentError('Give at least 100ms.');
  return { ms, pairs: null };
}

function lineHome(text: string): LineHome {
  if (text === 'from') return 'first';
  if (text === 'to') return 'second';
  if (/^\d/.test(text)) return nodeId(text);
  throw new InvalidArgumentError('Give from, to, or the number of a node.');
}

/** The first result as core-to-core-latency writes it; what the format cannot say goes to stderr. */
function printCsv(run: Run): void {
  const result = run.results[0];
  const csv = result ? resultCsv(result) : null;
  if (!result || csv === null) return;
  print(csv);
  say(`numa-pinboard: ${measuredWords(result)}; CSV cannot say which.`);
}

export function addBenchMatrix(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('matrix')
    .description('communication cost of every pair of CPUs: one pair of each class first, then the uncertain ones')
    .addOption(new Option('--what <kind>', 'what to measure').choices(MATRIX_KINDS).default('latency'))
    .addOption(
      new Option(
        '--budget <time>',
        'time limit; with --simulate, the number of pairs to look up (400 or a tenth, whichever is more)',
      )
        .argParser(budget)
        .default({ ms: DEFAULT_BUDGET_MS, pairs: null }, durationText(DEFAULT_BUDGET_MS)),
    )
    .option('--exhaustive', 'measure every pair, however long that takes')
    .option('--cpus <list>', 'measure only these CPUs, such as 0-3,8 (for bandwidth: only their nodes)', idList)
    .option(
      '--line-home <place>',
      "where the memory between two CPUs lies: from (the first one's node), to (the second one's node) or a node number (default: from)",
      lineHome,
    )
    .option('--simulate <file>', 'take latencies from a core-to-core matrix (CSV) instead of measuring')
    .addOption(formatOption(['text', 'json', 'csv']));
  withWhere(command).action(async (options: Options) => {
    const { simulate } = options;
    if (options.format === 'csv' && options.what === 'bandwidth') {
      throw new PinboardError('usage', 'CSV holds one value per CPU pair; bandwidth is measured per node.');
    }
    if (simulate !== undefined && options.what !== 'latency') {
      throw new PinboardError('usage', '--simulate reads latencies, so it works with --what latency only.');
    }
    if (options.lineHome !== undefined && options.what === 'bandwidth') {
      throw new PinboardError('usage', '--line-home is for pairs of CPUs; bandwidth is measured from node to node.');
    }
    if (options.lineHome !== undefined && simulate !== undefined) {
      throw new PinboardError('usage', '--line-home is for measuring; in a file of figures the line lay where it lay.');
    }
    const run = await withHost(options, signal, (host) => {
      const { budget: most, exhaustive = false, what } = options;
      const only = options.cpus === undefined ? {} : { cpus: options.cpus };
      if (simulate === undefined) {
        return measureMatrix(host, {
          what,
          budgetMs: exhaustive ? null : most.ms,
          ...only,
          ...(options.lineHome === undefined ? {} : { home: options.lineHome }),
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
      finishRun(run, options.format);
      return;
    }
    printCsv(run);
    sayIfPartial(run);
  });
}
