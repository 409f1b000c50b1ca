/** `bench pool`: who steals from whom, and whose first touch memory is, under several loads. */

import type { Command } from 'commander';
import { basePages } from '../../model/bench/memory/pages-here.ts';
import { usualSize } from '../../model/bench/nodes/cases.ts';
import { poolOn } from '../../model/bench/pool/on-machine.ts';
import { poolCases } from '../../model/bench/pool/cases.ts';
import { POOL_LOADS, STEAL_ORDERS, TOUCHES } from '../../model/cases/pool.ts';
import type { PoolLoad, StealOrder, Touch } from '../../model/cases/pool.ts';
import type { PageKind } from '../../model/cases/pages.ts';
import { CPU_SET_WORDS, resolveCpus } from '../../model/placement/cpu-set.ts';
import { memoryNodes } from '../../model/placement/usable.ts';
import { measure } from '../../remote/bench/benchmark.ts';
import { say } from '../output.ts';
import { refuseUnknownPages, refuseUnknownPlaces } from '../places.ts';
import { showProgress } from '../progress.ts';
import { finishRun } from '../result.ts';
import {
  cpuSet,
  formatOption,
  idList,
  nodeId,
  pageKind,
  repetitionOption,
  sizeInBytes,
  wholeNumber,
  wordListOption,
} from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  load: PoolLoad[];
  orders: StealOrder[];
  touch: Touch[];
  cpu: string;
  across?: number[];
  node?: number;
  dispatchers?: number;
  pages?: PageKind;
  size?: number;
  duration: number;
  repeat: number;
  recommend?: boolean;
  format: 'text' | 'json';
}

const USUAL = { durationMs: 100, rounds: 11 } as const;

export function addBenchPool(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('pool')
    .description('worker pools: does it pay to steal from the nearest first, and to touch memory where it is used?')
    .addOption(wordListOption('--load <kinds>', `any of ${POOL_LOADS.join(', ')}`, POOL_LOADS, POOL_LOADS))
    .addOption(wordListOption('--orders <kinds>', `any of ${STEAL_ORDERS.join(', ')}`, STEAL_ORDERS, STEAL_ORDERS))
    .addOption(
      wordListOption('--touch <kinds>', `whose first touch memory is: any of ${TOUCHES.join(', ')}`, TOUCHES, [
        'worker',
        'main',
        'interleave',
      ]),
    )
    .option('--cpu <list>', `a worker on each: ${CPU_SET_WORDS}`, cpuSet, 'all')
    .option(
      '--across <counts>',
      'pools on the first 1, 2 … of the nodes, such as 1,2: from how many on does it pay?',
      idList,
    )
    .option('--node <node>', 'the node for --touch bind', nodeId)
    .option('--dispatchers <n>', 'of the load dispatch, workers of the first pool (default: 36 %)', wholeNumber(1, 511))
    .option(
      '--pages <size>',
      'a page size that the host has, such as 4k, thp or 2m (default: the kernel\u2019s own)',
      pageKind,
    )
    .option(
      '--size <bytes>',
      'of what is stored, such as 256M (default: beyond the caches, as memory is free)',
      sizeInBytes,
    )
    .addOption(repetitionOption(USUAL.durationMs))
    .option('--repeat <n>', 'number of repetitions', wholeNumber(1, 1000), USUAL.rounds)
    .option(
      '--recommend',
      'also print what to do for tokio, Rayon, oneTBB, OpenMP, Go, the JVM, systemd, numactl and Kubernetes',
    )
    .addOption(formatOption(['text', 'json']));
  withWhere(command).action(async (options: Options) => {
    const run = await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      const cpus = resolveCpus(topology, options.cpu);
      const { across, node, dispatchers, pages = basePages(topology) } = options;
      refuseUnknownPlaces(topology, [{ cpus, nodes: node === undefined ? [] : [node] }]);
      refuseUnknownPages(topology, [pages]);
      const sizeBytes = options.size ?? usualSize(topology, memoryNodes(topology));
      const { cases, leftOut } = poolCases(topology, {
        ...{ loads: options.load, orders: options.orders, touches: options.touch, cpus },
        ...{ across, node, dispatchers, pages, sizeBytes },
      });
      for (const words of leftOut) say(words);
      const bench = poolOn(topology, cases);
      const { repeat: rounds, duration: durationMs } = options;
      return measure(host, { bench, cases, rounds, durationMs, onProgress: showProgress, signal });
    });
    finishRun(run, options.format, options.recommend);
  });
}
