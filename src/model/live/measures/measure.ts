/** What the board can be coloured by: each measure with its unit, its limits, where it is counted, and what it says in words. */

import { formatFigure } from '../../text/format.ts';
import type { Topology } from '../../topology/topology.ts';
import type { FigureSource } from '../rates.ts';
import type { NodeSample, Sample } from '../sample.ts';

export interface Measure {
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  /** Lower bounds of the six steps, ascending; below the first nothing is coloured. */
  readonly limits: readonly [number, number, number, number, number, number];
  /** A measure is painted only where it is counted. */
  readonly paints: 'cpu' | 'node';
  /** Whether it is one of the machine or of the process that a person chose. */
  readonly about: 'machine' | 'process';
  /** What the figure counts. */
  readonly meaning: string;
  /** The right that it needs, as a sentence; null: none. */
  readonly permission: string | null;
  /** Why there is no figure, where the host has none. */
  readonly missing: string;
  /** In `unit`; null where the host does not say. Of a CPU's or a node's id, as `paints` says. */
  value(sample: Sample, id: number): number | null;
  /** A value as words, where the unit alone would write it badly. */
  readonly words?: (value: number) => string;
  /** What the machine does now. It claims no more than is counted. */
  sentence(topology: Topology, sample: Sample): string;
  /** Where it is read from files that a sample does not hold anyway. */
  readonly source?: FigureSource;
}

export const PERCENT = [5, 20, 40, 60, 80, 95] as const;

/** Without a fraction; what is there and rounds to nothing is said to be less than 1. */
export const rounded = (value: number, unit: string): string =>
  value > 0 && value < 0.5 ? `less than 1 ${unit}` : `${Math.round(value)} ${unit}`;

/** A value with its unit. */
export function figureWords({ words, paints, unit }: Measure, value: number): string {
  if (words) return words(value);
  return paints === 'cpu' ? rounded(value, unit) : `${formatFigure(value)} ${unit}`;
}

export const explained = ({ meaning, permission }: Measure): string =>
  permission === null ? meaning : `${meaning} ${permission}`;

export const ofNode =
  (value: (node: NodeSample) => number | null) =>
  (sample: Sample, id: number): number | null => {
    const node = sample.nodes.find((one) => one.id === id);
    return node ? value(node) : null;
  };

/** The node with the most of something; null where no node has a figure. */
export function most(sample: Sample, of: (node: NodeSample) => number | null): { id: number; value: number } | null {
  const known = sample.nodes.flatMap((node) => {
    const value = of(node);
    return value === null ? [] : [{ id: node.id, value }];
  });
  return known.reduce<{ id: number; value: number } | null>(
    (best, one) => (best && best.value >= one.value ? best : one),
    null,
  );
}

const list = (ids: readonly number[]): string =>
  ids.length < 2 ? String(ids[0] ?? '') : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1) ?? ''}`;

/** "node 1", "nodes 0, 2 and 3". */
export const nodesNamed = (ids: readonly number[]): string => `${ids.length === 1 ? 'node' : 'nodes'} ${list(ids)}`;
