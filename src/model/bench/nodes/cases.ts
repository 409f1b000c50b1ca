/** Which pairs of nodes are measured, and how: every node with CPUs to every node with memory, its own included. */

import { parseCpuList } from '../../text/cpulist.ts';
import { measurable } from '../matrix/pairs.ts';
import { memoryCase } from '../../cases/memory.ts';
import type { MemoryCase } from '../../cases/memory.ts';
import type { PageKind } from '../../cases/pages.ts';
import { firstTouchNode, memoryNodes } from '../../placement/usable.ts';
import { PinboardError } from '../../problem.ts';
import type { NumaNode, Topology } from '../../topology/topology.ts';
import type { NodeMeasure } from './grid.ts';

export interface NodesAsked {
  readonly measures: readonly NodeMeasure[];
  /** Only from these CPUs, and to the memory on their nodes; absent: from all to all. */
  readonly cpus?: readonly number[] | undefined;
  /** So many CPUs of a node take its bandwidth together; absent: all of them. */
  readonly threads?: number | undefined;
  readonly pages: PageKind;
  /** Absent: what no cache holds, as far as the nodes have room. */
  readonly sizeBytes?: number | undefined;
}

/** Larger than the caches of most CPUs. */
const USUAL_BYTES = 256 * 1024 ** 2;
/** Of the last-level caches of a node: of a buffer this many times as large little is found in them. */
const TIMES_CACHES = 4;
/** More takes longer to bring in than to measure; virtual machines often claim the cache of a whole socket. */
const MOST_BYTES = 1024 ** 3;
const LEAST_BYTES = 1024 ** 2;
/** Of what is free on the fullest node. */
const SHARE_OF_FREE = 1 / 4;

const powerOfTwo = (bytes: number, round: (exponent: number) => number): number => 2 ** round(Math.log2(bytes));

/** Bytes of all the last-level caches that CPUs of one node reach. */
export function cachesOf({ caches }: Topology, { cpus }: NumaNode): number {
  const own = new Set(parseCpuList(cpus));
  const near = caches.filter(
    (cache) => cache.type !== 'instruction' && parseCpuList(cache.cpus).some((cpu) => own.has(cpu)),
  );
  const last = Math.max(0, ...near.map(({ level }) => level));
  return near.filter(({ level }) => level === last).reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
}

/** What no cache holds, as far as the nodes have room. */
export function usualSize(topology: Topology, targets: readonly NumaNode[]): number {
  const caches = Math.max(0, ...topology.nodes.map((node) => cachesOf(topology, node)));
  const beyond = caches === 0 ? 0 : Math.min(MOST_BYTES, powerOfTwo(caches * TIMES_CACHES, Math.ceil));
  const wanted = Math.max(USUAL_BYTES, beyond);
  const room = Math.min(...targets.map(({ freeBytes }) => (freeBytes ?? Infinity) * SHARE_OF_FREE));
  return Math.max(LEAST_BYTES, Math.min(wanted, powerOfTwo(room, Math.floor)));
}

/** Nodes with usable memory, or those on which the memory of the named CPUs lies. */
function targetsOf(topology: Topology, named: readonly number[] | undefined): NumaNode[] {
  const targets = memoryNodes(topology);
  if (named === undefined) return targets;
  const homes = new Set(named.map((cpu) => firstTouchNode(topology, cpu)));
  return targets.filter(({ id }) => homes.has(id));
}

/**
 * A case a pair and measure: latency from the first CPU of a node, bandwidth of several of its CPUs together.
 * @throws PinboardError `unsupported` where there is no pair.
 */
export function nodeCases(topology: Topology, asked: NodesAsked): MemoryCase[] {
  const usable = new Set(asked.cpus ?? measurable(topology));
  const initiators = topology.nodes
    .map((node) => parseCpuList(node.cpus).filter((cpu) => usable.has(cpu)))
    .filter((cpus) => cpus.length > 0);
  const targets = targetsOf(topology, asked.cpus);
  if (initiators.length === 0 || targets.length === 0) {
    const lacking =
      targets.length === 0 ? 'No node has memory this session may use' : 'These CPUs belong to no NUMA node';
    throw new PinboardError('unsupported', `${lacking}: there is no pair of nodes to measure.`);
  }
  const sizeBytes = asked.sizeBytes ?? usualSize(topology, targets);
  return asked.measures.flatMap((what) =>
    initiators.flatMap((all) => {
      const cpus = all.slice(0, what === 'latency' ? 1 : asked.threads);
      return targets.map(({ id }) =>
        memoryCase({ what, cpus, policy: 'bind', nodes: [id], pages: asked.pages, sizeBytes }),
      );
    }),
  );
}

/** Bringing in small pages: 2 GB/s was seen here, a tenth of it where software plays the CPU. */
const BYTES_AN_MS = 2e6;
const BYTES_AN_MS_EMULATED = 2e5;

export const bytesAnMs = ({ machine }: Topology): number => (machine.emulated ? BYTES_AN_MS_EMULATED : BYTES_AN_MS);

/** Of the budget may go into bringing in pages for so many rounds: three make an interval. */
const BRINGING_IN = 1 / 3;
const FEWEST_ROUNDS = 3;
const LEAST_WITHIN_BYTES = 64 * 1024 ** 2;

/**
 * The cases with their usual buffer, or with the largest that can be brought in often enough within a budget of time: what a smaller
 * one leaves in the caches, the run says.
 * @throws as `nodeCases`.
 */
export function nodeCasesWithin(topology: Topology, budgetMs: number, asked: NodesAsked): MemoryCase[] {
  const usual = nodeCases(topology, asked);
  const [first] = usual;
  if (asked.sizeBytes !== undefined || !first) return usual;
  const bytes = budgetMs * bytesAnMs(topology) * BRINGING_IN;
  let { sizeBytes } = first;
  while (sizeBytes > LEAST_WITHIN_BYTES && sizeBytes * usual.length * FEWEST_ROUNDS > bytes) sizeBytes /= 2;
  return sizeBytes === first.sizeBytes ? usual : nodeCases(topology, { ...asked, sizeBytes });
}
