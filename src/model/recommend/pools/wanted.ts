/** What follows from a run of worker pools: which pools to have, of how many workers, on which CPUs, with memory from where. */

import { decide } from '../../bench/separation/decision.ts';
import { poolEvidence, poolResults } from '../../bench/pool/evidence.ts';
import type { Aspect, PoolEvidence } from '../../bench/pool/evidence.ts';
import type { PageKind } from '../../cases/pages.ts';
import type { Layout, SeparationCase } from '../../cases/separation.ts';
import type { Result, Run } from '../../run/run.ts';
import { formatCpuList } from '../../text/cpulist.ts';
import { nodeWords, plural } from '../../text/format.ts';
import { nodeOf } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';

export interface Pool {
  /** Also of variables in programs: one word, lower case. */
  readonly name: string;
  /** A worker on each, ascending. */
  readonly cpus: readonly number[];
  /** Where its memory is to come from; the nodes are empty where the host shows none. */
  readonly memory: { readonly policy: 'preferred' | 'interleave' | 'local'; readonly nodes: readonly number[] };
  /** What it works on, where that is to be in huge pages. */
  readonly store: { readonly sizeBytes: number; readonly pages: PageKind } | null;
}

export interface Pools {
  readonly pools: readonly Pool[];
  /** What that follows from, and what to do where it cannot be had: sentences. */
  readonly words: readonly string[];
  /** The nearest first was shown to pay. */
  readonly nearest: boolean;
}

/** Where a node has not what is asked for: the order in which to give way. */
const FALLBACK =
  'Where a node has not enough memory: keep its CPUs and prefer it, so that the rest comes from others; else interleave the store over all nodes; and where that costs what separating gained, mix: one pool on all CPUs.';
const HUGE_FALLBACK =
  'Where huge pages are missing, the store goes into transparent ones, then into ordinary ones: separated still, but measure that again.';

/** How a program gets what the store was measured in. */
function hugeWords({ memory, store }: Pool): string[] {
  if (!store) return [];
  const [node] = memory.nodes;
  const how =
    store.pages === 'thp'
      ? 'The store was in transparent huge pages: madvise(MADV_HUGEPAGE), or for malloc of glibc GLIBC_TUNABLES=glibc.malloc.hugetlb=1.'
      : `The store was in ${store.pages} pages: numa-pinboard hugepages plan${node === undefined ? '' : ` --node ${String(node)}`} --size SIZE --recommend says how to reserve them.`;
  return [how, HUGE_FALLBACK];
}

const ascending = (cpus: readonly number[]): number[] => [...new Set(cpus)].sort((a, b) => a - b);

/** Nodes that a tool can be told of. */
function nodesOf(topology: Topology, cpus: readonly number[]): number[] {
  const nodes = cpus.flatMap((cpu) => nodeOf(topology, cpu) ?? []).filter(({ inferred }) => !inferred);
  return ascending(nodes.map(({ id }) => id));
}

function poolOf(topology: Topology, name: string, cpus: readonly number[], more: Partial<Pool> = {}): Pool {
  return {
    ...{ name, cpus: ascending(cpus), store: null },
    memory: { policy: 'local', nodes: nodesOf(topology, cpus) },
    ...more,
  };
}

const cpuWords = (topology: Topology, { cpus }: Pool): string => {
  const nodes = nodesOf(topology, cpus);
  return `${plural(cpus.length, 'worker')} on ${nodes.length === 0 ? '' : `${nodeWords(nodes)}, `}CPUs ${formatCpuList(cpus)}`;
};

/** Over several nodes memory is left to first touch, as it was measured: there is no one node to prefer. */
function memoryOf(topology: Topology, cpus: readonly number[], store: readonly number[] | undefined): Pool['memory'] {
  const nodes = store ?? nodesOf(topology, cpus);
  if (nodes.length === 1) return { policy: 'preferred', nodes };
  return { policy: store ? 'interleave' : 'local', nodes };
}

function separated(topology: Topology, one: SeparationCase): Pool[] {
  const { walkers, workers, layout, pages, sizeBytes } = one;
  const store = layout === 'huge-pages' ? { sizeBytes, pages } : null;
  return [
    poolOf(topology, 'walks', walkers, { memory: memoryOf(topology, walkers, undefined) }),
    poolOf(topology, 'distances', workers, { memory: memoryOf(topology, workers, one.store), store }),
  ];
}

/** With the thresholds that its decision was to go by. */
type Measured = Pick<Run, 'results' | 'thresholds'>;

/** Two pools where separating was shown to pay, else one: nothing is recommended that was not shown. */
function ofLayouts(topology: Topology, { results, thresholds }: Measured): Pools | null {
  const cases = results.flatMap(({ placement }) => (placement.kind === 'separation' ? [placement] : []));
  if (cases.length === 0) return null;
  const { sentence, verdict, layout } = decide(results, thresholds);
  const having = (wanted: Layout | undefined): SeparationCase | undefined => cases.find((one) => one.layout === wanted);
  const apart = verdict === 'separate' ? having(layout) : undefined;
  if (apart) {
    const pools = separated(topology, apart);
    const words = pools.map((pool) => `"${pool.name}" ${cpuWords(topology, pool)}`).join('; ');
    return {
      ...{ pools, nearest: false },
      words: [`${sentence} As measured: ${words}.`, FALLBACK, ...pools.flatMap(hugeWords)],
    };
  }
  const one = having('mixed') ?? having('single');
  if (!one) return null;
  const pool = poolOf(topology, 'workers', [...one.walkers, ...one.workers]);
  return {
    ...{ pools: [pool], nearest: false },
    words: [
      `${sentence} So nothing is recommended to be separated: one pool for both kinds of work, ${cpuWords(topology, pool)}.`,
    ],
  };
}

interface Shown {
  readonly better: boolean;
  readonly worse: boolean;
  /** What worse is worse than. */
  readonly interleaved: boolean;
}

/** Of the nearest first, or of the first touch by worker, on so many nodes; of what was held against others instead of it nothing is told. */
function shownOf(all: readonly PoolEvidence[], aspect: Aspect, nodes: number): Shown {
  const own = all.filter(
    ({ aspect: asked, of }) =>
      asked === aspect &&
      of.nodes === nodes &&
      (aspect === 'order' ? of.one.order === 'hierarchical' : of.one.touch === 'worker'),
  );
  const worse = own.filter(({ standing }) => standing === 'worse');
  return {
    better: own.some(({ standing }) => standing === 'better'),
    worse: worse.length > 0,
    interleaved: worse.some(({ against }) => against.one.touch === 'interleave'),
  };
}

/** One pool, of the most workers that were measured. */
function ofWorkers(topology: Topology, results: readonly Result[]): Pools | null {
  const own = poolResults(topology, results).sort((a, b) => b.one.cpus.length - a.one.cpus.length);
  const [most] = own;
  if (!most) return null;
  const { all } = poolEvidence(topology, results);
  const order = shownOf(all, 'order', most.nodes);
  const touch = shownOf(all, 'touch', most.nodes);
  const spread = touch.interleaved && !touch.better;
  const nearest = order.better && !order.worse;
  const pool = poolOf(topology, 'workers', most.one.cpus);
  const { nodes } = pool.memory;
  return {
    pools: [spread && nodes.length > 1 ? { ...pool, memory: { policy: 'interleave', nodes } } : pool],
    nearest,
    words: [
      nearest
        ? 'Steal from the nearest first.'
        : 'The nearest first was not shown to be better throughout: the steal order of your library will do.',
      spread
        ? 'Interleave the memory: that was shown to be faster than what each worker touches first.'
        : touch.better && !touch.worse
          ? 'Let each worker touch its memory first.'
          : 'First touch by worker was not shown to be better throughout: memory is left where it is touched first.',
    ],
  };
}

/** Null where the run is of no pools, or there is nothing to write down. */
export const poolsIn = (topology: Topology, run: Measured): Pools | null =>
  ofLayouts(topology, run) ?? ofWorkers(topology, run.results);
