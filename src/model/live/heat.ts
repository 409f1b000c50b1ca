/** What the board can be coloured by: each measure with its unit, its limits and where it is counted. */

import { isUnavailable } from '../run/run.ts';
import type { NodeSample, Sample } from './sample.ts';

export const HEAT_KEYS = ['busy', 'allocations', 'remote', 'free', 'huge', 'process'] as const;
export type HeatKey = (typeof HEAT_KEYS)[number];

export interface Measure {
  readonly key: HeatKey;
  readonly name: string;
  readonly unit: string;
  /** Lower bounds of the six steps, ascending; below the first nothing is coloured. */
  readonly limits: readonly [number, number, number, number, number, number];
  /** A measure is painted only where it is counted. */
  readonly paints: 'cpu' | 'node';
  /** In `unit`; null where the host does not say. Of a CPU's or a node's id, as `paints` says. */
  value(sample: Sample, id: number): number | null;
  /** What the figure counts, for the legend's explanation. */
  readonly meaning: string;
}

const PERCENT = [5, 20, 40, 60, 80, 95] as const;

const ofNode =
  (value: (node: NodeSample) => number | null) =>
  (sample: Sample, id: number): number | null => {
    const node = sample.nodes.find((one) => one.id === id);
    return node ? value(node) : null;
  };

export const MEASURES: readonly Measure[] = [
  {
    key: 'busy',
    name: 'CPU busy',
    unit: '%',
    limits: PERCENT,
    paints: 'cpu',
    value: (sample, id) => {
      const cpu = sample.cpus.find((one) => one.id === id);
      return cpu ? cpu.busy * 100 : null;
    },
    meaning: 'Share of the last interval that the CPU was not idle.',
  },
  {
    key: 'allocations',
    name: 'Allocations',
    unit: 'k pages/s',
    limits: [0.5, 1, 5, 10, 20, 40],
    paints: 'node',
    value: ofNode((node) => (node.otherPerSecond === null ? null : node.otherPerSecond / 1000)),
    meaning: 'Pages this node gave to CPUs of other nodes: allocations (numastat other_node), not accesses.',
  },
  {
    key: 'remote',
    name: 'Remote share',
    unit: '%',
    limits: PERCENT,
    paints: 'node',
    value: ofNode((node) => {
      if (node.otherPerSecond === null || node.localPerSecond === null) return null;
      const all = node.otherPerSecond + node.localPerSecond;
      return all === 0 ? null : (node.otherPerSecond / all) * 100;
    }),
    meaning: 'Of the pages this node gave out, the share given to CPUs of other nodes. No page given, no figure.',
  },
  {
    key: 'free',
    name: 'Free memory',
    unit: '%',
    limits: PERCENT,
    paints: 'node',
    value: ofNode((node) => {
      if (node.freeBytes === null || node.usedBytes === null) return null;
      const all = node.freeBytes + node.usedBytes;
      return all === 0 ? null : (node.freeBytes / all) * 100;
    }),
    meaning: 'Memory of the node that nobody uses, page cache counted as used.',
  },
  {
    key: 'huge',
    name: 'Huge pages',
    unit: '%',
    limits: PERCENT,
    paints: 'node',
    value: ofNode((node) => {
      const total = node.hugepages.reduce((sum, pages) => sum + pages.total * pages.sizeBytes, 0);
      const free = node.hugepages.reduce((sum, pages) => sum + pages.free * pages.sizeBytes, 0);
      return total === 0 ? null : ((total - free) / total) * 100;
    }),
    meaning: 'Of the huge pages reserved on the node, the share in use. None reserved, no figure.',
  },
  {
    key: 'process',
    name: 'Process',
    unit: '%',
    limits: PERCENT,
    paints: 'node',
    value: (sample, id) => {
      const [process] = sample.processes;
      if (!process || isUnavailable(process.residentBytes)) return null;
      const bytes = Object.values(process.residentBytes);
      const all = bytes.reduce((sum, one) => sum + one, 0);
      return all === 0 ? null : ((process.residentBytes[id] ?? 0) / all) * 100;
    },
    meaning: 'Of the memory the process has resident, the share on this node. Needs the right to trace it.',
  },
];

export function measureOf(key: HeatKey): Measure {
  const found = MEASURES.find((measure) => measure.key === key) ?? MEASURES[0];
  if (!found) throw new Error('no measure');
  return found;
}

/** 0 (below the first limit, or unknown) to 6. */
export function step(limits: readonly number[], value: number | null): number {
  return value === null ? 0 : limits.filter((limit) => value >= limit).length;
}
