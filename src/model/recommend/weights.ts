/** Weights for weighted interleave, from the bandwidth that a run measured between nodes. */

import { nodeGrid, usableCpusOf, validMedian } from '../bench/nodes/grid.ts';
import type { NodeGrid } from '../bench/nodes/grid.ts';
import { weightsFor } from '../bench/nodes/weights.ts';
import type { Weights } from '../bench/nodes/weights.ts';
import type { Result } from '../run/run.ts';
import { hasWeightedInterleave, WEIGHTED_SINCE } from '../placement/weighted.ts';
import { clean } from '../text/clean.ts';
import { formatPercent } from '../text/format.ts';
import type { Topology } from '../topology/topology.ts';
import { PLACEHOLDER } from './tools/placed.ts';
import type { Recommendation } from './tools/placed.ts';

const FOLDER = '/sys/kernel/mm/mempolicy/weighted_interleave';

/** Why this kernel has none, or null: it has, or does not say what it is. */
const lacking = (kernel: string): string | null =>
  hasWeightedInterleave(kernel) === false
    ? `kernel ${clean(kernel, 40)} has no weighted interleave; it came with ${WEIGHTED_SINCE.join('.')}`
    : null;

/** Bandwidth of each node as its best initiator gets it: the kernel's own weights, where it makes any, are of these too. */
function best(grid: NodeGrid): Map<number, number> {
  return new Map(
    grid.to.map((to) => [to, Math.max(0, ...grid.from.map((from) => validMedian(grid, 'bandwidth', from, to) ?? 0))]),
  );
}

/** "3 : 1". */
const proportion = ({ weights }: Weights): string => [...weights.values()].join(' : ');

/** Nodes whose CPUs see the memory in another proportion: weights hold for the whole machine, so one has to choose. */
function otherwise(grid: NodeGrid, all: Weights): string[] {
  if (grid.from.length < 2) return [];
  const rows = grid.from.flatMap((from) => {
    const row = weightsFor(new Map(grid.to.map((to) => [to, validMedian(grid, 'bandwidth', from, to) ?? 0])));
    return row && proportion(row) !== proportion(all) ? [`node ${from} alone ${proportion(row)}`] : [];
  });
  return rows.length === 0 ? [] : [`For programs on the CPUs of ${rows.join(', ')}, in the order of the nodes.`];
}

/** How many of their CPUs the nodes were measured with, where that is not all: fewer may not fill the memory's bandwidth. */
function fewer(topology: Topology, grid: NodeGrid): string[] {
  const short = grid.from.flatMap((from) => {
    const { placement } = grid.at('bandwidth', from, grid.to[0] ?? from) ?? {};
    const used = placement?.kind === 'memory' ? placement.cpus.length : 0;
    const all = usableCpusOf(topology, from).length;
    return used < all ? [`${used} of ${all} CPUs of node ${from}`] : [];
  });
  return short.length === 0 ? [] : [`Measured with ${short.join(', ')}: that may not be all that the memory gives.`];
}

/** Null where no bandwidth between several nodes was measured, or that of a node does not count. */
export function weightedInterleave(topology: Topology, results: readonly Result[]): Recommendation | null {
  const grid = nodeGrid(topology, results);
  if (!grid?.measures.includes('bandwidth')) return null;
  const found = weightsFor(best(grid));
  if (!found) return null;
  const nodes = [...found.weights.keys()].join(',');
  const why = lacking(topology.machine.kernel);
  const lines = [
    ...[...found.weights].map(([node, weight]) => `echo ${weight} | sudo tee ${FOLDER}/node${node}`),
    `numactl --weighted-interleave=${nodes} ${PLACEHOLDER}`,
  ];
  const words = [
    `Pages in the proportion of measured bandwidth, ${proportion(found)}, to within ${formatPercent(found.error)}, for programs that run on the CPUs of all nodes.`,
    ...(topology.machine.emulated ? ['Measured on an emulated host: real hardware has other proportions.'] : []),
    ...otherwise(grid, found),
    ...fewer(topology, grid),
    'Needs kernel 6.9 and numactl 2.0.19. The weights hold for the whole machine, for memory that is allocated from then on, and until it is restarted.',
    `Read what is there first, to put it back: grep . ${FOLDER}/*`,
  ];
  return {
    tool: 'weighted-interleave',
    title: 'Weighted interleave: pages in proportion to bandwidth',
    text:
      why === null
        ? lines.join('\n')
        : [
            `# unavailable: ${why}`,
            `# numactl --interleave=${nodes} spreads pages evenly`,
            ...lines.map((line) => `# ${line}`),
          ].join('\n'),
    note: words.join(' '),
  };
}
