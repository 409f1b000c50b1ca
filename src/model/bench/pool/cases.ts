/** The cases that lists of loads, orders and touches come to, and what of them cannot be here. */

import { storesNothing } from '../../cases/pool.ts';
import type { PoolCase, PoolLoad, StealOrder, Touch } from '../../cases/pool.ts';
import type { PageKind } from '../../cases/pages.ts';
import { PinboardError } from '../../problem.ts';
import { nodeOf } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import { plural } from '../../text/format.ts';
import { LOAD_WORDS } from './labels.ts';
import { classWords } from './orders.ts';

export interface PoolAsked {
  readonly loads: readonly PoolLoad[];
  readonly orders: readonly StealOrder[];
  readonly touches: readonly Touch[];
  readonly cpus: readonly number[];
  /** Pools on the first so many of the CPUs' nodes, each measured; absent: on all. */
  readonly across?: readonly number[] | undefined;
  /** Of the touch `bind`. */
  readonly node?: number | undefined;
  /** Workers of the first pool, of the load with two; absent: what walks are of such a service. */
  readonly dispatchers?: number | undefined;
  readonly pages: PageKind;
  readonly sizeBytes: number;
}

export interface PoolPlan {
  readonly cases: readonly PoolCase[];
  /** What was left out, and why, a sentence each. */
  readonly leftOut: readonly string[];
}

/** As many workers as the agent starts. */
export const MOST_WORKERS = 512;

/** The part of its CPU time that a service of walks and distances spends on walks. */
const WALKS = 0.36;

/** Nodes of these CPUs, in their order; CPUs of no node are together one. */
export const nodesOf = (topology: Topology, cpus: readonly number[]): number[] => [
  ...new Set(cpus.map((cpu) => nodeOf(topology, cpu)?.id ?? -1)),
];

/** The workers of each pool that is measured: all, or those on the first so many nodes. */
function workersOf(topology: Topology, { cpus, across }: PoolAsked): (readonly number[])[] {
  const nodes = nodesOf(topology, cpus);
  return [...new Set(across ?? [nodes.length])].map((count) => {
    if (count < 1) throw new PinboardError('usage', 'A pool is on one node at least.', 'Give --across 1 or more.');
    if (count > nodes.length)
      throw new PinboardError(
        'usage',
        `There are no ${String(count)} nodes to measure across: the CPUs are on ${plural(nodes.length, 'node')}.`,
      );
    const own = new Set(nodes.slice(0, count));
    return cpus.filter((cpu) => own.has(nodeOf(topology, cpu)?.id ?? -1));
  });
}

/** The first pool's workers first, spread over the nodes as evenly as they go. */
function split(topology: Topology, cpus: readonly number[], dispatchers: number): number[] {
  const nodes = new Map<number, number[]>();
  for (const cpu of cpus) {
    const node = nodeOf(topology, cpu)?.id ?? -1;
    nodes.set(node, [...(nodes.get(node) ?? []), cpu]);
  }
  const lists = [...nodes.values()];
  const longest = Math.max(...lists.map(({ length }) => length));
  const dealt = Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
  const first = new Set(dealt.slice(0, dispatchers));
  return [...cpus.filter((cpu) => first.has(cpu)), ...cpus.filter((cpu) => !first.has(cpu))];
}

/** Cases that differ in their order alone come one after the other: they are held against each other round by round. */
export function poolCases(topology: Topology, asked: PoolAsked): PoolPlan {
  const { cpus, loads, orders, touches, node, pages, sizeBytes } = asked;
  if (cpus.length > MOST_WORKERS)
    throw new PinboardError(
      'usage',
      `A pool has ${String(MOST_WORKERS)} workers at most, and ${String(cpus.length)} CPUs were named.`,
      'Name fewer with --cpu, such as one a core.',
    );
  if (touches.includes('bind') !== (node !== undefined))
    throw new PinboardError('usage', 'Memory is bound to a node: --touch bind and --node NODE belong together.');
  const leftOut = new Set<string>();
  const cases = workersOf(topology, asked).flatMap((workers) =>
    loads.flatMap((load) => {
      const two = load === 'dispatch';
      const dispatchers = asked.dispatchers ?? Math.max(1, Math.round(workers.length * WALKS));
      if (two && workers.length < 2) {
        leftOut.add(`The load "${LOAD_WORDS[load]}" is left out: two pools need two CPUs.`);
        return [];
      }
      if (two && dispatchers >= workers.length)
        throw new PinboardError('usage', 'Both pools of the load dispatch need a worker.', 'Give fewer --dispatchers.');
      const own = two ? split(topology, workers, dispatchers) : workers;
      const classes = classWords(topology, own);
      return touches.flatMap((touch) => {
        if (touch === 'replicate' && storesNothing(load)) {
          leftOut.add(`The load "${LOAD_WORDS[load]}" has nothing that is only read: no copies of it were measured.`);
          return [];
        }
        return orders.map((order): PoolCase => ({
          ...{ kind: 'pool', load, cpus: own, order, classes, touch, pages, sizeBytes },
          ...(two ? { dispatchers } : {}),
          ...(touch === 'bind' ? { node } : {}),
        }));
      });
    }),
  );
  if (cases.length === 0) throw new PinboardError('usage', 'There is nothing to measure.', [...leftOut][0]);
  return { cases, leftOut: [...leftOut] };
}
