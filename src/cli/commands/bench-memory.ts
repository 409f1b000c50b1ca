/** `bench memory`: latency and bandwidth of CPUs to nodes, alone or together, for each kind of page. */

import { Option } from 'commander';
import type { Command } from 'commander';
import { DEFAULT_WORKLOAD } from '../../model/bench/spsc/workload.ts';
import { MEASURED_MEMORY } from '../../model/bench/memory/measured.ts';
import { basePages, pageKinds, pagesMissing } from '../../model/bench/memory/pages-here.ts';
import { curveSizes, memoryCases } from '../../model/bench/memory/lists.ts';
import { KERNELS, MEMORY_WHATS, POLICIES } from '../../model/cases/memory.ts';
import type { Kernel, MemoryCase, MemoryWhat, Policy } from '../../model/cases/memory.ts';
import type { PageKind } from '../../model/cases/pages.ts';
import { CPU_SET_WORDS, resolveCpus } from '../../model/placement/cpu-set.ts';
import { forbiddenNodes } from '../../model/placement/usable.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { measure } from '../../remote/bench/benchmark.ts';
import { say } from '../output.ts';
import { refuseUnknownPages, refuseUnknownPlaces } from '../places.ts';
import { showProgress } from '../progress.ts';
import { finishRun } from '../result.ts';
import {
  cpuSet,
  formatOption,
  idList,
  pageKind,
  repetitionOption,
  sizeListOption,
  wholeNumber,
  wordList,
  wordListOption,
} from '../values.ts';
import { withHost, withWhere } from '../where.ts';
import type { Where } from '../where.ts';

interface Options extends Where {
  cpu: string;
  together?: boolean;
  threads?: number[];
  node?: number[];
  memory: Policy[];
  pages?: PageKind[] | 'all';
  size: number[];
  curve?: boolean;
  what?: MemoryWhat[];
  kernel: Kernel[];
  duration: number;
  repeat: number;
  format: 'text' | 'json';
}

function pageList(text: string): PageKind[] | 'all' {
  if (text.trim() === 'all') return 'all';
  return text.split(',').map(pageKind);
}

/** Of all sizes those of which enough pages are free; what is left out is said. */
function pagesOf(topology: Topology, { pages, size }: Options, nodes: readonly number[]): PageKind[] {
  if (pages === undefined) return [basePages(topology)];
  if (pages === 'all') {
    const bytes = Math.max(...size);
    return pageKinds(topology).filter((kind) => {
      const [missing] = nodes.flatMap((node) => pagesMissing(topology, node, kind, bytes) ?? []);
      if (missing)
        say(
          `Pages of ${kind} are left out: node ${missing.node} has ${missing.free} free, and ${missing.needed} are needed.`,
        );
      return !missing;
    });
  }
  refuseUnknownPages(topology, pages);
  return pages;
}

/** Of several nodes those outside the cpuset are left out, which the run says; one alone is refused. */
function nodesOf(topology: Topology, asked: readonly number[]): readonly number[] {
  const forbidden = new Set(forbiddenNodes(topology).map(({ id }) => id));
  const some = asked.filter((node) => !forbidden.has(node));
  return some.length > 0 ? some : asked;
}

function casesOf(topology: Topology, options: Options): MemoryCase[] {
  const cpus = resolveCpus(topology, options.cpu);
  const nodes = nodesOf(topology, options.node ?? []);
  refuseUnknownPlaces(topology, [{ cpus, nodes }]);
  const threads = options.threads ?? (options.together ? [cpus.length] : null);
  return memoryCases({
    ...{ cpus, nodes, threads, policies: options.memory, kernels: options.kernel },
    whats: options.what ?? (options.curve ? ['latency'] : ['latency', 'bandwidth']),
    pages: pagesOf(topology, options, nodes),
    sizes: options.curve ? curveSizes(topology, cpus[0] ?? 0) : options.size,
  });
}

export function addBenchMemory(bench: Command, signal: AbortSignal): void {
  const command = bench
    .command('memory')
    .description('latency (dependent loads), bandwidth, and latency under load, from CPUs to nodes')
    .requiredOption('--cpu <list>', `where to measure from: ${CPU_SET_WORDS}`, cpuSet)
    .option('--together', 'take bandwidth of all the CPUs at once, and latency of the first; else of each CPU alone')
    .addOption(
      new Option('--threads <list>', 'how many of the CPUs at once, such as 1,2,4: the first so many').argParser(
        idList,
      ),
    )
    .option(
      '--node <list>',
      'nodes to measure to, such as 0-1; if you list several, those outside the cpuset are skipped',
      idList,
    )
    .addOption(
      wordListOption(
        '--memory <policies>',
        `any of ${POLICIES.join(', ')}; local: where each thread touches it first`,
        POLICIES,
        ['bind'],
      ),
    )
    .addOption(
      new Option(
        '--pages <sizes>',
        'any that the host has, such as 4k,thp,2m,1g, or all; default: the kernel\u2019s own',
      ).argParser(pageList),
    )
    .addOption(
      sizeListOption('--size <bytes>', 'buffer size, such as 64M or 1G, shared by the threads; or several', 1024 ** 3),
    )
    .option('--curve', 'sizes from the first cache to four times the last one, of latency')
    .addOption(
      new Option('--what <kinds>', `any of ${MEMORY_WHATS.join(', ')}; default: latency,bandwidth`).argParser(
        wordList(MEMORY_WHATS),
      ),
    )
    .addOption(
      wordListOption(
        '--kernel <kinds>',
        `what moves bytes, any of ${KERNELS.join(', ')}; nt: non-temporal stores`,
        KERNELS,
        ['triad'],
      ),
    )
    .addOption(repetitionOption(DEFAULT_WORKLOAD.durationMs))
    .option('--repeat <n>', 'number of repetitions', wholeNumber(1, 1000), DEFAULT_WORKLOAD.rounds)
    .addOption(formatOption(['text', 'json']));
  withWhere(command).action(async (options: Options) => {
    const run = await withHost(options, signal, async (host) => {
      const { topology } = await host.discover(signal);
      const cases = casesOf(topology, options);
      const { repeat: rounds, duration: durationMs } = options;
      return measure(host, { bench: MEASURED_MEMORY, cases, rounds, durationMs, onProgress: showProgress, signal });
    });
    finishRun(run, options.format);
  });
}
