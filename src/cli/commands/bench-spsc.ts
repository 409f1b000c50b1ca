/** `bench spsc`: a queue between two CPUs, its memory where you say. */

import { Option } from 'commander';
import type { Command } from 'commander';
import { MEASURED_SPSC } from '../../model/bench/spsc/measured.ts';
import { DEFAULT_WORKLOAD } from '../../model/bench/spsc/workload.ts';
import { PADDINGS } from '../../model/cases/spsc.ts';
import { PAGE_KINDS } from '../../model/cases/pages.ts';
import type { MemoryTarget, Padding, SpscCase } from '../../model/cases/spsc.ts';
import type { PageKind } from '../../model/cases/pages.ts';
import { measure } from '../../remote/bench/benchmark.ts';
import { against, memoryTarget } from '../against.ts';
import { DEFAULT_BUDGET_MS } from '../../model/bench/guide/plan.ts';
import { PinboardError } from '../../model/problem.ts';
import { guideBudget, guided } from './bench-guide.ts';
import { refuseUnknownPlaces } from '../places.ts';
import { showProgress } from '../progress.ts';
import { finishRun } from '../result.ts';
import { cpuId, durationOption, formatOption, powerOfTwo, repetitionOption, wholeNumber } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  producer?: number;
  consumer?: number;
  guide?: boolean;
  budget: number;
  recommend?: boolean;
  memory: MemoryTarget;
  padding: `${Padding}`;
  capacity: number;
  batch: number;
  pages: PageKind;
  pin: boolean;
  duration: number;
  repeat: number;
  latency?: boolean;
  against?: Partial<SpscCase>;
  format: 'text' | 'json';
}

export function addBenchSpsc(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('spsc')
    .description('single-producer single-consumer queue: items per second, or round-trip latency')
    .option('--producer <cpu>', 'CPU the producer runs on', cpuId)
    .option('--consumer <cpu>', 'CPU the consumer runs on', cpuId)
    .option(
      '--memory <where>',
      "where the ring's memory lies: a node, the node of the producer or the consumer, or interleave",
      memoryTarget,
      'producer',
    )
    .addOption(
      new Option('--padding <bytes>', "bytes between the ring's indices")
        .choices(PADDINGS.map(String))
        .default(String(DEFAULT_WORKLOAD.padding)),
    )
    .option(
      '--capacity <items>',
      'number of items the ring holds, a power of two; an item is 8 bytes',
      powerOfTwo,
      DEFAULT_WORKLOAD.capacity,
    )
    .option('--batch <items>', 'number of items published at once', wholeNumber(1, 65_536), DEFAULT_WORKLOAD.batch)
    .addOption(
      new Option('--pages <kind>', 'page size of the ring').choices(PAGE_KINDS).default(DEFAULT_WORKLOAD.pages),
    )
    .option('--no-pin', 'start the threads on these CPUs but let them move; migrations are counted')
    .addOption(repetitionOption(DEFAULT_WORKLOAD.durationMs))
    .option('--repeat <n>', 'number of repetitions', wholeNumber(1, 1000), DEFAULT_WORKLOAD.rounds)
    .option('--latency', 'measure round-trip latency instead of throughput')
    .option(
      '--against <key=value,...>',
      'a second placement to alternate with, such as consumer=1 or pin=0; what you do not name stays the same',
      against,
    )
    .addOption(
      new Option('--guide', 'what does crossing sockets cost? chooses CPUs and cases itself and answers in sentences')
        .conflicts(['producer', 'consumer', 'memory', 'padding', 'capacity', 'batch', 'pages', 'duration', 'repeat'])
        .conflicts(['pin', 'latency', 'against']),
    )
    .option(
      '--recommend',
      'also print the placement for taskset, numactl, OpenMP, systemd, Docker, Kubernetes, libvirt, Slurm and DPDK, as --guide does',
    )
    .addOption(durationOption('--budget <time>', 'time limit for --guide', DEFAULT_BUDGET_MS, guideBudget))
    .addOption(formatOption(['text', 'json']));
  withWhere(command).action(async (options: Options) => {
    if (options.guide) return guided(options, signal);
    const { producer, consumer, latency = false } = options;
    if (producer === undefined || consumer === undefined) {
      throw new PinboardError(
        'usage',
        'A queue needs a producer and a consumer.',
        'Give --producer CPU and --consumer CPU, or --guide to have them chosen (see --help).',
      );
    }
    const one: SpscCase = {
      kind: 'spsc',
      producer,
      consumer,
      memory: options.memory,
      pin: options.pin,
      padding: Number(options.padding) as Padding,
      capacity: options.capacity,
      batch: options.batch,
      pages: options.pages,
    };
    const run = await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      const cases = options.against ? [one, { ...one, ...options.against }] : [one];
      refuseUnknownPlaces(topology, cases.map(MEASURED_SPSC.places));
      return measure(host, {
        bench: MEASURED_SPSC,
        cases,
        benchmark: latency ? 'spsc-latency' : 'spsc',
        rounds: options.repeat,
        durationMs: options.duration,
        onProgress: showProgress,
        signal,
      });
    });
    finishRun(run, options.format, options.recommend);
  });
}
