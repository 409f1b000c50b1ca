/** The questions an idle board offers: each a placement that asks it, or why it cannot be asked yet. */

import { formatCpuList } from '../text/cpulist.ts';
import { formatDuration, formatPair, nodeWords } from '../text/format.ts';
import { DEFAULT_BUDGET_MS, GUIDE_QUESTION } from '../bench/guide/plan.ts';
import { cpuRefusal, firstTouchNode, memoryNodes } from '../placement/usable.ts';
import { plan as planMemory } from '../bench/memory/plan.ts';
import { DEFAULT_MEMORY_WORKLOAD } from '../bench/memory/workload.ts';
import type { MemoryWorkload } from '../bench/memory/workload.ts';
import { crossingWords, plan } from '../bench/spsc/plan.ts';
import { placementOf } from '../bench/spsc/slots.ts';
import { nodeOf, relate } from '../topology/relation.ts';
import type { Topology } from '../topology/topology.ts';
import { EMPTY_PLACEMENT } from '../placement/slots.ts';
import type { Placement } from '../placement/slots.ts';
import { SEPARATION_QUESTION } from '../bench/separation/labels.ts';
import { DEFAULT_SEPARATION_WORKLOAD } from '../bench/separation/workload.ts';
import type { SeparationWorkload } from '../bench/separation/workload.ts';
import { DEFAULT_WORKLOAD } from '../bench/spsc/workload.ts';
import type { SpscWorkload } from '../bench/spsc/workload.ts';
import { planMs } from '../bench/index.ts';
import type { OfferKind, Workload } from '../bench/index.ts';

/** What a question places, and the benchmark whose tokens these are. */
export interface Tokens {
  readonly kind: OfferKind;
  readonly on: Placement;
  /** Settings that the question needs to be other than they are. */
  readonly workload?: Workload;
}

export interface BoardQuestion {
  readonly key: 'g' | '1' | '2' | '3' | '4' | '5' | '6';
  readonly title: string;
  readonly detail: string;
  /**
   * What asking it does: places tokens, measures the whole machine, is guided through it, or shows where a process is. Null:
   * cannot be asked, `detail` says why.
   */
  readonly placement: Tokens | 'machine' | 'guide' | 'process' | null;
}

function usableCpus(topology: Topology): number[] {
  return topology.cpus.map((cpu) => cpu.id).filter((id) => cpuRefusal(topology, id) === null);
}

/** The first CPU and the farthest from it: another package if there is one, by firmware distance. */
function farthestPair(topology: Topology): [number, number] | null {
  const [first, ...others] = usableCpus(topology);
  if (first === undefined) return null;
  const cost = (cpu: number): number => {
    const relation = relate(topology, first, cpu);
    if (relation.kind === 'sibling') return -1;
    return (relation.kind === 'other-package' ? 1000 : 0) + (relation.distance ?? 0);
  };
  let best: number | null = null;
  for (const cpu of others) if (best === null || cost(cpu) > cost(best)) best = cpu;
  return best === null ? null : [first, best];
}

/** What the farthest pair shows here: a crossing held against a near pair, or pinning where nothing is far. */
function firstQuestion(topology: Topology, workload: SpscWorkload, pair: [number, number] | null): BoardQuestion {
  const key = '1';
  if (pair === null) {
    const detail = 'Only one usable CPU: there is no pair to measure.';
    return { key, title: 'Does pinning pay off?', detail, placement: null };
  }
  const [producer, consumer] = pair;
  const memory = firstTouchNode(topology, producer);
  const on = placementOf({ producer, consumer, memory: memory ?? 'producer' });
  const placement: Tokens = { kind: 'spsc', on };
  const planned = plan(topology, on, workload, null);
  const against = 'cases' in planned ? planned.cases[1] : undefined;
  const time = formatDuration(2 * workload.rounds * workload.durationMs);
  if (against?.pin !== true) {
    return {
      key,
      title: 'Does pinning pay off?',
      detail: `${formatPair(...pair)}, against not pinned. ${time}`,
      placement,
    };
  }
  const where = memory === null ? '' : `, memory on node ${memory}`;
  return {
    key,
    title: `Does a queue hold its rate ${crossingWords(topology, { producer, consumer })}?`,
    detail: `Places P on cpu ${producer}, C on cpu ${consumer}${where}. ${time}`,
    placement,
  };
}

/** How long the board measures pairs of CPUs, and what nodes reach of each other's memory. */
export const MACHINE_MS = { latency: 20_000, bandwidth: 10_000 } as const;

/** Nodes with memory and nodes with CPUs that are not one and the same. */
export function hasLinks(topology: Topology): boolean {
  return memoryNodes(topology).length > 1;
}

function nearness(topology: Topology, pairs: boolean): BoardQuestion {
  const key = '2';
  const title = 'Which CPUs are near each other?';
  if (!pairs) return { key, title, detail: 'Only one usable CPU: there is no pair to measure.', placement: null };
  const links = hasLinks(topology);
  const time = formatDuration(MACHINE_MS.latency + (links ? MACHINE_MS.bandwidth : 0));
  const detail = `Core to core${links ? ', then node to node' : ''}: the cost of every drop. ${time} at most`;
  return { key, title, detail, placement: 'machine' };
}

/** Plans only when it is asked: on a thousand CPUs that takes half a second. */
function guided(topology: Topology, pairs: boolean): BoardQuestion {
  const key = 'g';
  const title = GUIDE_QUESTION;
  if (!pairs) return { key, title, detail: 'Only one usable CPU: there is no pair to measure.', placement: null };
  const time = formatDuration(DEFAULT_BUDGET_MS);
  const crosses = topology.nodes.length > 1 || topology.packages.length > 1;
  const what = crosses
    ? 'Every kind of pair in turn, padding, memory, pinning, and what follows'
    : `${topology.packages.some((item) => !item.inferred) ? 'There is one here' : 'This host reports none'}: padding and pinning, and what cannot be answered`;
  return { key, title, detail: `${what}. ${time} at most`, placement: 'guide' };
}

/** The node whose memory is farthest from another's CPUs; null where there is no other. */
function farthestNode(topology: Topology, from: number): number | null {
  const distances = topology.nodes.find(({ id }) => id === from)?.distances ?? {};
  const others = memoryNodes(topology).map(({ id }) => id);
  const far = others.filter((id) => id !== from).sort((a, b) => (distances[b] ?? 0) - (distances[a] ?? 0) || a - b);
  return far[0] ?? null;
}

/** At most half of what is free on the fullest of the nodes, as a power of two; as large as asked for where nothing says more. */
function sizeThatFits({ nodes }: Topology, on: readonly number[], asked: number): number {
  const free = nodes.flatMap(({ id, freeBytes }) => (on.includes(id) && freeBytes !== null ? [freeBytes] : []));
  const most = Math.min(...free) / 2;
  return asked <= most ? asked : Math.max(2 ** 20, 2 ** Math.floor(Math.log2(most)));
}

/** The workers of one node, on its own memory and on the farthest: with every node of a large machine it would take minutes. */
function hugePages(topology: Topology, workload: MemoryWorkload): BoardQuestion {
  const key = '3';
  const usable = usableCpus(topology);
  const [first] = usable;
  const near = first === undefined ? null : firstTouchNode(topology, first);
  const far = near === null ? null : farthestNode(topology, near);
  const title = far === null ? 'Do huge pages help?' : 'Do huge pages help, and on which node?';
  if (first === undefined)
    return { key, title, detail: 'No usable CPU: there is nothing to measure from.', placement: null };
  const own = nodeOf(topology, first);
  const workers = usable.filter((cpu) => nodeOf(topology, cpu) === own);
  const memory = [near, far].filter((id) => id !== null);
  const on: Placement = { workers, ...(memory.length > 0 ? { memory } : {}) };
  const sizeBytes = sizeThatFits(topology, memory, workload.sizeBytes);
  const fitting = { ...workload, sizeBytes };
  const planned = planMemory(topology, on, fitting);
  const where = memory.length === 0 ? '' : `, M on ${nodeWords(memory)}`;
  const time = formatDuration('cases' in planned ? planMs(planned, fitting) : 0);
  return {
    key,
    title,
    detail: `Places W on cpu ${formatCpuList(workers)}${where}. Each page size in turn. About ${time}`,
    placement: { kind: 'memory', on, ...(sizeBytes === workload.sizeBytes ? {} : { workload: fitting }) },
  };
}

/** Nothing is placed: the standard layouts are measured. */
function twoPools({ nodes }: Topology, workload: SeparationWorkload): BoardQuestion {
  const key = '5';
  const title = SEPARATION_QUESTION;
  if (nodes.filter(({ cpus }) => cpus !== '').length < 2)
    return { key, title, detail: 'One node with CPUs: there is nothing to separate.', placement: null };
  const detail = `Traversal and distance work, mixed and separated, under five loads. ${formatDuration(workload.budgetMs)} at most`;
  return { key, title, detail, placement: { kind: 'separation', on: EMPTY_PLACEMENT } };
}

/** Every usable CPU has a worker, unless some are placed. */
function pools(pairs: boolean): BoardQuestion {
  const key = '6';
  const title = 'Does it pay to steal from the nearest first?';
  if (!pairs) return { key, title, detail: 'Only one usable CPU: nobody to steal from.', placement: null };
  const detail = 'Worker pools on all CPUs: three steal orders under six loads';
  return { key, title, detail, placement: { kind: 'pool', on: EMPTY_PLACEMENT } };
}

/** @param workload of the chosen benchmark: what another one would take is told from its usual settings. */
export function questions(topology: Topology, workload: Workload): BoardQuestion[] {
  const pair = farthestPair(topology);
  return [
    guided(topology, pair !== null),
    firstQuestion(topology, workload.kind === 'spsc' ? workload : DEFAULT_WORKLOAD, pair),
    nearness(topology, pair !== null),
    hugePages(topology, workload.kind === 'memory' ? workload : DEFAULT_MEMORY_WORKLOAD),
    {
      key: '4',
      title: 'Where are my program’s threads and pages?',
      detail: 'Chosen from a list: pages on nodes. Started from the tray: threads on CPUs too',
      placement: 'process',
    },
    twoPools(topology, workload.kind === 'separation' ? workload : DEFAULT_SEPARATION_WORKLOAD),
    pools(pair !== null),
  ];
}
