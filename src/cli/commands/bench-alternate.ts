/** `bench spsc-alternate`: the single-threaded micro-benchmark, under its own name so that nobody takes it for the other. */

import { Option } from 'commander';
import type { Command } from 'commander';
import { DEFAULT_WORKLOAD } from '../../model/bench/spsc/workload.ts';
import { PAGE_KINDS } from '../../model/cases/pages.ts';
import type { PageKind } from '../../model/cases/pages.ts';
import { MEASURED_SPSC } from '../../model/bench/spsc/measured.ts';
import { measure } from '../../remote/bench/benchmark.ts';
import { refuseUnknownPlaces } from '../places.ts';
import { showProgress } from '../progress.ts';
import { finishRun } from '../result.ts';
import { cpuId, formatOption, nodeId, powerOfTwo, repetitionOption, wholeNumber } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  cpu: number;
  memory?: number;
  capacity: number;
  pages: PageKind;
  duration: number;
  repeat: number;
  format: 'text' | 'json';
}

export function addBenchAlternate(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('spsc-alternate')
    .description('one thread that pushes an item and pops it again, counting both; says nothing about two threads')
    .requiredOption('--cpu <cpu>', 'CPU the thread runs on', cpuId)
    .option('--memory <node>', "node of the ring's memory (default: the CPU's own)", nodeId)
    .option(
      '--capacity <items>',
      'number of items the ring holds, a power of two',
      powerOfTwo,
      DEFAULT_WORKLOAD.capacity,
    )
    .addOption(
      new Option('--pages <kind>', 'page size of the ring').choices(PAGE_KINDS).default(DEFAULT_WORKLOAD.pages),
    )
    .addOption(repetitionOption(DEFAULT_WORKLOAD.durationMs))
    .option('--repeat <n>', 'number of repetitions', wholeNumber(1, 1000), DEFAULT_WORKLOAD.rounds)
    .addOption(formatOption(['text', 'json']))
    .addHelpText(
      'after',
      '\nPublished queue benchmarks ("ops/s") are often of this kind. It shows what the code costs when nothing crosses' +
        '\nfrom one CPU to another; compare it only with figures measured the same way.',
    );
  withWhere(command).action(async (options: Options) => {
    const { cpu, memory, capacity, pages, repeat: rounds, duration: durationMs } = options;
    const run = await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      refuseUnknownPlaces(topology, [{ cpus: [cpu], nodes: memory === undefined ? [] : [memory] }]);
      const { padding, batch } = DEFAULT_WORKLOAD;
      const places = { producer: cpu, consumer: cpu, memory: memory ?? ('producer' as const), pin: true };
      const one = { kind: 'spsc' as const, ...places, padding, capacity, batch, pages };
      const asked = { bench: MEASURED_SPSC, cases: [one], benchmark: 'spsc-alternate', rounds, durationMs } as const;
      return measure(host, { ...asked, onProgress: showProgress, signal });
    });
    finishRun(run, options.format);
  });
}
