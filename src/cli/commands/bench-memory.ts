/** `bench memory`: latency and bandwidth from CPUs to nodes, for each kind of page. */

import type { Command } from 'commander';
import { forbiddenNodes } from '../../model/placement/usable.ts';
import { MEMORY } from '../../model/bench/memory/bench.ts';
import { PinboardError } from '../../model/problem.ts';
import { DEFAULT_WORKLOAD } from '../../model/bench/spsc/workload.ts';
import { PAGE_KINDS } from '../../model/cases/pages.ts';
import { memoryCase } from '../../model/cases/memory.ts';
import type { MemoryCase } from '../../model/cases/memory.ts';
import type { PageKind } from '../../model/cases/pages.ts';
import { measure } from '../../remote/bench/benchmark.ts';
import { refuseUnknownPlaces } from '../places.ts';
import { showProgress } from '../progress.ts';
import { finishRun } from '../result.ts';
import { durationOption, formatOption, idList, sizeOption, wholeNumber, wordListOption } from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

const WHATS = ['latency', 'bandwidth'] as const;

/** A run of more cases than this is a mistake in the lists, not a wish. */
const MAX_CASES = 4096;

interface Options extends Where {
  cpu: number[];
  node: number[];
  pages: PageKind[];
  size: number;
  what: (typeof WHATS)[number][];
  duration: number;
  repeat: number;
  format: 'text' | 'json';
}

function casesOf(options: Options): MemoryCase[] {
  const cases: MemoryCase[] = [];
  for (const what of options.what)
    for (const pages of options.pages)
      for (const cpu of options.cpu)
        for (const node of options.node)
          cases.push(memoryCase({ what, pages, cpus: [cpu], policy: 'bind', nodes: [node], sizeBytes: options.size }));
  if (cases.length > MAX_CASES) {
    throw new PinboardError(
      'usage',
      `These lists make ${String(cases.length)} cases; a run can have at most ${String(MAX_CASES)}.`,
    );
  }
  return cases;
}

export function addBenchMemory(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('memory')
    .description('latency (dependent loads) and bandwidth (triad) from CPUs to nodes')
    .requiredOption('--cpu <list>', 'CPUs to measure from, such as 0,18', idList)
    .requiredOption(
      '--node <list>',
      'nodes to measure to, such as 0-1; if you list several, those outside the cpuset are skipped',
      idList,
    )
    .addOption(wordListOption('--pages <kinds>', `page sizes, any of ${PAGE_KINDS.join(', ')}`, PAGE_KINDS, ['4k']))
    .addOption(sizeOption('--size <bytes>', 'buffer size, such as 64M or 1G', 1024 ** 3))
    .addOption(wordListOption('--what <kinds>', 'latency, bandwidth or both', WHATS, WHATS))
    .addOption(durationOption('--duration <time>', 'length of each repetition', DEFAULT_WORKLOAD.durationMs))
    .option('--repeat <n>', 'number of repetitions', wholeNumber(1, 1000), DEFAULT_WORKLOAD.rounds)
    .addOption(formatOption(['text', 'json']));
  withWhere(command).action(async (options: Options) => {
    const asked = casesOf(options);
    const run = await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      // Of several nodes those outside the cpuset are left out, which the run says; one alone is refused.
      const forbidden = new Set(forbiddenNodes(topology).map(({ id }) => id));
      const some = options.node.filter((node) => !forbidden.has(node));
      const nodes = some.length > 0 ? some : options.node;
      refuseUnknownPlaces(topology, [{ cpus: options.cpu, nodes }]);
      const cases = asked.filter((one) => one.nodes.every((node) => nodes.includes(node)));
      const { repeat: rounds, duration: durationMs } = options;
      return measure(host, { bench: MEMORY, cases, rounds, durationMs, onProgress: showProgress, signal });
    });
    finishRun(run, options.format);
  });
}
