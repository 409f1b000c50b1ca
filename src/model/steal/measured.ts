/** How far nodes are from each other as a run measured it: core to core by a matrix, else the latency of their memory. */

import { costBetweenNodes, costTable } from '../bench/matrix/costs.ts';
import { nodeGrid } from '../bench/nodes/grid.ts';
import type { Run } from '../run/run.ts';
import { formatMetric } from '../text/format.ts';
import type { NodeDistance } from './classes.ts';

export interface MeasuredDistances {
  readonly distance: NodeDistance;
  /** What a node at such a distance is called. */
  readonly words: (ns: number) => string;
  /** "core to core", "of memory". */
  readonly what: string;
}

interface Figure {
  readonly median: number;
  readonly interval: readonly [low: number, high: number] | null;
}

const holds = ({ interval }: Figure, value: number): boolean =>
  interval !== null && value >= interval[0] && value <= interval[1];

/** By figure the one that stands for it: those that lie in each other's intervals are one distance, for no order of theirs was shown. */
function merged(figures: readonly Figure[]): Map<Figure, number> {
  const found = new Map<Figure, number>();
  let first: Figure | null = null;
  for (const figure of [...figures].sort((a, b) => a.median - b.median)) {
    if (!first || !holds(first, figure.median) || !holds(figure, first.median)) first = figure;
    // Three digits are what is shown, and what differs by less is not shown to differ.
    found.set(figure, Number(first.median.toPrecision(3)));
  }
  return found;
}

/** Of a run of `bench matrix`; a deque lies on its owner's node, so the line between two does too. */
function byMatrix(run: Run): NodeDistance | null {
  const table = costTable(run);
  if (table?.metric !== 'ns') return null;
  const known = table.classes.flatMap((one) => (one.median === null ? [] : [{ ...one, median: one.median }]));
  const distances = merged(known);
  const byName = new Map(known.map((one) => [one.name, distances.get(one) ?? one.median]));
  const classes = table.classes.map((one) => ({ ...one, median: byName.get(one.name) ?? null }));
  return (from, to) => costBetweenNodes({ ...table, classes }, run.topology, to.id, from.id);
}

/** Of a run of `bench nodes`. */
function byNodes({ topology, results }: Run): NodeDistance | null {
  const grid = nodeGrid(topology, results);
  if (!grid?.measures.includes('latency')) return null;
  const pairs = grid.from.flatMap((from) =>
    grid.to.flatMap((to) => {
      const result = grid.at('latency', from, to);
      return from === to || result?.valid !== true || result.median === null
        ? []
        : [{ from, to, median: result.median, interval: result.interval }];
    }),
  );
  const distances = merged(pairs);
  const found = new Map(pairs.map((pair) => [`${pair.from} ${pair.to}`, distances.get(pair) ?? null]));
  return (from, to) => found.get(`${from.id} ${to.id}`) ?? null;
}

/** @param nodes those of the workers. Null where the run says nothing of a pair of them. */
export function measuredDistances(run: Run, nodes: readonly number[]): MeasuredDistances | null {
  const covers = (distance: NodeDistance): boolean => {
    const own = run.topology.nodes.filter(({ id }) => nodes.includes(id));
    return own.every((from) => own.every((to) => from === to || distance(from, to) !== null));
  };
  for (const [what, distance] of [
    ['core to core', byMatrix(run)],
    ['of memory', byNodes(run)],
  ] as const) {
    if (distance && covers(distance)) return { what, distance, words: (ns) => `node at ${formatMetric(ns, 'ns')}` };
  }
  return null;
}
