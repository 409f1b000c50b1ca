/** What runs measured between nodes, as the board shows it: on the links, and of a node's own memory on its bar. */

import { formatMetric } from '../../text/format.ts';
import type { Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { cellOf } from './grid.ts';

/** From the CPUs of one node to the memory of another, or its own. */
export interface NodeCost {
  readonly from: number;
  readonly to: number;
  /** Null: not measured. */
  readonly ns: number | null;
  readonly bytesPerSecond: number | null;
  readonly emulated: boolean;
}

/** Of a run; a measure that a pair was taken of more than once, in other pages or sizes, has no one figure. */
export function nodeCosts(topology: Topology, results: readonly Result[]): NodeCost[] {
  const pairs = new Map<string, { latency: Result[]; bandwidth: Result[]; from: number; to: number }>();
  for (const result of results) {
    const cell = result.placement.kind === 'memory' ? cellOf(topology, result.placement) : null;
    if (!cell || result.median === null || !result.valid) continue;
    const { measure, from, to } = cell;
    const key = `${from} ${to}`;
    const pair = pairs.get(key) ?? { latency: [], bandwidth: [], from, to };
    pair[measure].push(result);
    pairs.set(key, pair);
  }
  const only = (some: readonly Result[]): number | null => (some.length === 1 ? (some[0]?.median ?? null) : null);
  return [...pairs.values()].flatMap(({ from, to, latency, bandwidth }) => {
    const cost = { from, to, ns: only(latency), bytesPerSecond: only(bandwidth) };
    const emulated = [...latency, ...bandwidth].some((result) => result.emulated);
    return cost.ns === null && cost.bytesPerSecond === null ? [] : [{ ...cost, emulated }];
  });
}

/** Of a node's own memory: "82 ns, 100 GB/s, measured", then shorter for where there is less room; none where it was not measured. */
export function ownWords(costs: readonly NodeCost[], node: number): readonly string[] {
  const own = costs.find(({ from, to }) => from === node && to === node);
  if (!own) return [];
  const { ns, bytesPerSecond, emulated } = own;
  const figures = [
    ...(ns === null ? [] : [formatMetric(ns, 'ns')]),
    ...(bytesPerSecond === null ? [] : [formatMetric(bytesPerSecond, 'B/s')]),
  ];
  const all = figures.join(', ');
  return [...new Set([`${all}, ${originOf(emulated)}`, all, figures[0] ?? ''])];
}

export const originOf = (emulated: boolean): string => (emulated ? 'emulated' : 'measured');
