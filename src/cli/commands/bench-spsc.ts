/** `bench spsc`: a queue between two CPUs, its memory where you say. */

import { Option } from 'commander';
import type { Command } from 'commander';
import { caseLabels, questionOf } from '../../model/bench/spsc/plan.ts';
import { DEFAULT_WORKLOAD } from '../../model/bench/spsc/workload.ts';
import { PADDINGS } from '../../model/cases/spsc.ts';
import { PAGE_KINDS } from '../../model/cases/pages.ts';
import type { MemoryTarget, Padding, SpscCase } from '../../model/cases/spsc.ts';
import type { PageKind } from '../../model/cases/pages.ts';
import { measureSpsc } from '../../remote/bench/benchmark.ts';
import { against, memoryTarget } from '../against.ts';
import { DEFAULT_BUDGET_MS } from '../../model/bench/guide/plan.ts';
import { PinboardError } from '../../model/problem.ts';
import { guideBudget, guided } from './bench-guide.ts';
import { refuseUnknownPlaces } from '../places.ts';
import { showProgress } from '../progress.ts';
import { finishRun } from '../result.ts';
import { cpuId, duration, powerOfTwo, wholeNumber } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  producer?: number;
  consumer?: number;
  guide: boolean;
  budget: number;
  recommend: boolean;
  memory: MemoryTarget;
  padding: `${Padding}`;
  capacity: number;
  batch: number;
  pages: PageKind;
  pin: boolean;
  duration: number;
  repeat: number;
  latency: boolean;
  against?: Partial<SpscCase>;
  format: 'text' | 'json';
}

export function addBenchSpsc(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('spsc')
    .description('a single-producer single-consumer queue: items a second, or round-trip latency')
    .option('--producer <cpu>', 'CPU the producer runs on', cpuId)
    .option('--consumer <cpu>', 'CPU the consumer runs on', cpuId)
    .option(
      '--memory <where>',
      "the ring's memory: a node, or by first touch: producer, consumer, interleave",
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
      'items the ring holds, a power of two; an item is 8 bytes',
      powerOfTwo,
      DEFAULT_WORKLOAD.capacity,
    )
    .option('--batch <items>', 'items published at once', wholeNumber(1, 65_536), DEFAULT_WORKLOAD.batch)
    .addOption(new Option('--pages <kind>', 'pages under the ring').choices(PAGE_KINDS).default(DEFAULT_WORKLOAD.pages))
    .option('--no-pin', 'start the threads there, but let them move; migrations are counted')
    .option('--duration <time>', 'length of a repetition', duration, DEFAULT_WORKLOAD.durationMs)
    .option('--repeat <n>', 'repetitions', wholeNumber(1, 1000), DEFAULT_WORKLOAD.rounds)
    .option('--latency', 'round-trip latency instead of throughput', false)
    .option(
      '--against <key=value,...>',
      'measure this in turn with it, such as consumer=1 or pin=0; the rest as above',
      against,
    )
    .addOption(
      new Option(
        '--guide',
        'what does crossing sockets cost? chooses the CPUs and cases itself and answers in sentences',
      )
        .conflicts(['producer', 'consumer', 'memory', 'padding', 'capacity', 'batch', 'pages', 'duration', 'repeat'])
        .conflicts(['pin', 'latency', 'against'])
        .default(false),
    )
    .option(
      '--recommend',
      'also print the placement for taskset, numactl, OpenMP, systemd, Docker, Kubernetes, libvirt, Slurm and DPDK, as --guide does',
      false,
    )
    .option('--budget <time>', 'how long --guide may take', guideBudget, DEFAULT_BUDGET_MS)
    .addOption(new Option('--format <format>', 'how to print the run').choices(['text', 'json']).default('text'));
  withWhere(command).action(async (options: Options) => {
    if (options.guide) return guided(options, signal);
    const { producer, consumer } = options;
    if (producer === undefined || consumer === undefined) {
      throw new PinboardError(
        'usage',
        'A queue needs two ends.',
        'Give --producer CPU and --consumer CPU, or --guide, which chooses them (--help lists all).',
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
    const snapshot = await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      const cases = options.against ? [one, { ...one, ...options.against }] : [one];
      refuseUnknownPlaces(topology, {
        cpus: cases.flatMap(({ producer, consumer }) => [producer, consumer]),
        nodes: cases.flatMap(({ memory }) => (typeof memory === 'number' ? [memory] : [])),
      });
      return measureSpsc(host, {
        cases,
        labels: caseLabels(cases),
        question: questionOf(topology, cases, options.latency),
        workload: {
          padding: one.padding,
          capacity: one.capacity,
          batch: one.batch,
          pages: one.pages,
          rounds: options.repeat,
          durationMs: options.duration,
          latency: options.latency,
        },
        onProgress: showProgress,
        signal,
      });
    });
    finishRun(snapshot, options.format, options.recommend);
  });
}
