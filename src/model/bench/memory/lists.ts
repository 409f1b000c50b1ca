/** Which cases a memory run measures, from the lists that it is asked for with. */

import { memoryCase } from '../../cases/memory.ts';
import type { Kernel, MemoryAsked, MemoryCase, MemoryWhat, Policy } from '../../cases/memory.ts';
import type { PageKind } from '../../cases/pages.ts';
import { indexTopology } from '../../topology/relation.ts';
import { PinboardError } from '../../problem.ts';
import type { Topology } from '../../topology/topology.ts';

export interface MemoryWish {
  readonly whats: readonly MemoryWhat[];
  readonly cpus: readonly number[];
  /** How many of the CPUs measure bandwidth together, the first so many; null: each alone. */
  readonly threads: readonly number[] | null;
  readonly policies: readonly Policy[];
  readonly nodes: readonly number[];
  readonly pages: readonly PageKind[];
  readonly sizes: readonly number[];
  readonly kernels: readonly Kernel[];
}

/** A run of more cases than this is a mistake in the lists, not a wish. */
const MAX_CASES = 4096;

/** ns that a loading thread waits after 4 KiB, from next to no load (0.2 GB/s a thread) to all that it can do. */
export const LOAD_PAUSES_NS = [20_000, 5000, 2000, 1000, 500, 200, 100, 0];

/** Least of a size curve: every L1 data cache in use holds it. */
const CURVE_LEAST = 16 * 1024;
/** Of the last cache: from here on a buffer is hardly in it. */
const CURVE_TIMES_LAST = 4;
/** Where no caches are known, and more than most have: virtual machines often claim those of a whole socket. */
const CURVE_MOST = 1024 ** 3;

/** The data and unified caches above a CPU, nearest first, as far as their sizes are known. */
export function cachesAbove(topology: Topology, cpu: number): { readonly level: number; readonly sizeBytes: number }[] {
  const caches = indexTopology(topology).places.get(cpu)?.caches.values() ?? [];
  return [...caches]
    .flatMap(({ level, sizeBytes }) => (sizeBytes === null ? [] : [{ level, sizeBytes }]))
    .sort((a, b) => a.level - b.level);
}

/** From the first cache to four times the last one, two sizes an octave. */
export function curveSizes(topology: Topology, cpu: number): number[] {
  const last = cachesAbove(topology, cpu).at(-1)?.sizeBytes ?? CURVE_MOST / CURVE_TIMES_LAST;
  const most = Math.min(CURVE_MOST, 2 ** Math.ceil(Math.log2(last * CURVE_TIMES_LAST)));
  const sizes: number[] = [];
  for (let size = CURVE_LEAST; size <= most; size *= 2) sizes.push(size, ...(size < most ? [size * 1.5] : []));
  return sizes;
}

/** Where memory may lie: a case each. */
function targets({ policies, nodes }: MemoryWish): Pick<MemoryAsked, 'policy' | 'nodes'>[] {
  return policies.flatMap((policy): Pick<MemoryAsked, 'policy' | 'nodes'>[] => {
    if (policy === 'local') return [{ policy, nodes: [] }];
    if (nodes.length === 0)
      throw new PinboardError('usage', `Name the nodes of ${policy} memory with --node, such as 0-1.`);
    if (policy === 'interleave' || policy === 'weighted-interleave') return [{ policy, nodes }];
    return nodes.map((node) => ({ policy, nodes: [node] }));
  });
}

function groupsOf({ cpus, threads }: MemoryWish): (readonly number[])[] {
  if (threads === null) return cpus.map((cpu) => [cpu]);
  if (threads.some((count) => count < 1)) throw new PinboardError('usage', 'A measurement takes one thread or more.');
  const most = Math.max(...threads);
  if (most > cpus.length)
    throw new PinboardError(
      'usage',
      `${String(most)} threads need as many CPUs, and --cpu names ${String(cpus.length)}.`,
    );
  return threads.map((count) => cpus.slice(0, count));
}

type Place = Pick<MemoryAsked, 'policy' | 'nodes' | 'pages' | 'sizeBytes'>;

function casesAt(what: MemoryWhat, place: Place, wish: MemoryWish): MemoryCase[] {
  const { cpus, kernels } = wish;
  if (what === 'latency') {
    const chasing = wish.threads === null ? cpus : cpus.slice(0, 1);
    return chasing.map((cpu) => memoryCase({ what, cpus: [cpu], ...place }));
  }
  if (what === 'bandwidth')
    return kernels.flatMap((kernel) =>
      groupsOf(wish).map((group) => memoryCase({ what, cpus: group, kernel, ...place })),
    );
  const [first] = cpus;
  if (first === undefined || cpus.length < 2)
    throw new PinboardError(
      'usage',
      'Loaded latency needs two CPUs or more: the first is measured, the others load memory.',
    );
  const idle = memoryCase({ what: 'latency', cpus: [first], ...place });
  const loaded = kernels.flatMap((kernel) =>
    LOAD_PAUSES_NS.map((pauseNs) => memoryCase({ what, cpus, kernel, pauseNs, ...place })),
  );
  return [idle, ...loaded];
}

/** @throws PinboardError `usage` for lists that make no run. */
export function memoryCases(wish: MemoryWish): MemoryCase[] {
  const cases = new Map<string, MemoryCase>();
  const places = targets(wish);
  for (const what of wish.whats)
    for (const pages of wish.pages)
      for (const sizeBytes of wish.sizes)
        for (const target of places)
          for (const one of casesAt(what, { ...target, pages, sizeBytes }, wish)) cases.set(JSON.stringify(one), one);
  if (cases.size > MAX_CASES)
    throw new PinboardError(
      'usage',
      `These lists make ${String(cases.size)} cases; a run can have at most ${String(MAX_CASES)}.`,
    );
  return [...cases.values()];
}
