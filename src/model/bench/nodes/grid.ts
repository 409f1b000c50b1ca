/** The memory cases of a run as a table of nodes: from the CPUs of one to the memory of another. */

import type { MemoryCase } from '../../cases/memory.ts';
import type { Result } from '../../run/run.ts';
import { cpuRefusal } from '../../placement/usable.ts';
import { indexTopology, nodeOf } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';

export const NODE_MEASURES = ['latency', 'bandwidth'] as const;
export type NodeMeasure = (typeof NODE_MEASURES)[number];

/** @typeParam R the results, or what is known of them before they are. */
export interface NodeGrid<R = Result> {
  /** What was measured, in the order of `NODE_MEASURES`. */
  readonly measures: readonly NodeMeasure[];
  /** Nodes whose CPUs were measured from, ascending. */
  readonly from: readonly number[];
  /** Nodes whose memory was measured, ascending; some may have no CPUs. */
  readonly to: readonly number[];
  at(measure: NodeMeasure, from: number, to: number): R | null;
}

/** The node that all these CPUs belong to; null where they belong to several, or to none. */
export function nodeOfAll(topology: Topology, cpus: readonly number[]): number | null {
  const ids = new Set(cpus.map((cpu) => nodeOf(topology, cpu)?.id ?? null));
  const [only = null] = ids;
  return ids.size === 1 ? only : null;
}

/** CPUs of a node that this session can measure from. */
export function usableCpusOf(topology: Topology, node: number): number[] {
  const { cpusOfNode } = indexTopology(topology);
  return (cpusOfNode.get(node) ?? []).filter((cpu) => cpuRefusal(topology, cpu) === null);
}

export interface Cell {
  readonly measure: NodeMeasure;
  readonly from: number;
  readonly to: number;
}

/** The pair and measure of a case; null where its CPUs or its memory are of several nodes, or something else was measured. */
export function cellOf(topology: Topology, one: MemoryCase): Cell | null {
  const { what, cpus, policy, nodes } = one;
  const measure = NODE_MEASURES.find((each) => each === what);
  const from = nodeOfAll(topology, cpus);
  const [to] = nodes;
  if (measure === undefined || from === null || to === undefined || nodes.length > 1 || policy !== 'bind') return null;
  return { measure, from, to };
}

const keyOf = ({ measure, from, to }: Cell): string => `${measure} ${from} ${to}`;
const ascending = (ids: Iterable<number>): number[] => [...new Set(ids)].sort((a, b) => a - b);

/**
 * Null where the results are no such table: something else was measured, a pair was measured twice or left out, or nodes with CPUs
 * were not measured from though there are several.
 */
export function nodeGrid<R extends Pick<Result, 'placement'>>(
  topology: Topology,
  results: readonly R[],
): NodeGrid<R> | null {
  const found = new Map<string, R>();
  const cells: Cell[] = [];
  for (const result of results) {
    const cell = result.placement.kind === 'memory' ? cellOf(topology, result.placement) : null;
    if (!cell || found.has(keyOf(cell))) return null;
    found.set(keyOf(cell), result);
    cells.push(cell);
  }
  const [from, to] = [ascending(cells.map((cell) => cell.from)), ascending(cells.map((cell) => cell.to))];
  const measures = NODE_MEASURES.filter((measure) => cells.some((cell) => cell.measure === measure));
  if (from.length * to.length < 2 || cells.length !== measures.length * from.length * to.length) return null;
  const initiators = topology.nodes.filter((node) => usableCpusOf(topology, node.id).length > 0);
  if (from.length < 2 && initiators.length > 1) return null;
  return { measures, from, to, at: (measure, a, b) => found.get(keyOf({ measure, from: a, to: b })) ?? null };
}

/** Every pair of a grid, row by row. */
export const pairsOf = ({ from, to }: Pick<NodeGrid, 'from' | 'to'>): (readonly [from: number, to: number])[] =>
  from.flatMap((a) => to.map((b) => [a, b] as const));

/** The figure of a pair that counts: null where there is none, or its placement slipped. */
export function validMedian(grid: NodeGrid, measure: NodeMeasure, from: number, to: number): number | null {
  const result = grid.at(measure, from, to);
  return result?.valid === true ? result.median : null;
}

/** "latency node 0 to node 1", for a case of a grid. */
export function nodeLabel(topology: Topology, one: MemoryCase): string {
  const cell = cellOf(topology, one);
  return cell ? `${cell.measure} node ${cell.from} to node ${cell.to}` : one.what;
}
