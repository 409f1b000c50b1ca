/** What the board can be coloured by: each measure with its unit, its limits, where it is counted, and what it says in words. */

import { formatFigure } from '../../text/format.ts';
import { indexTopology } from '../../topology/relation.ts';
import type { Topology } from '../../topology/topology.ts';
import type { FigureSource } from '../rates.ts';
import type { NodeSample, Sample } from '../sample.ts';

/** In the order in which they are listed. The four kinds of evidence about remote memory are apart, each in a group of its own. */
export const GROUPS = [
  'CPU',
  'Memory',
  'Allocations',
  'Pages on the move',
  'Pressure',
  'I/O',
  'Remote loads',
  'Traffic',
] as const;
export type Group = (typeof GROUPS)[number];

export interface Measure {
  readonly key: string;
  readonly name: string;
  readonly group: Group;
  readonly unit: string;
  /** Lower bounds of the six steps, ascending; below the first nothing is coloured. */
  readonly limits: readonly [number, number, number, number, number, number];
  /** A measure is painted only where it is counted: what is known of the whole machine alone colours nothing. */
  readonly paints: 'cpu' | 'node' | 'machine';
  /** Whether it is one of the machine or of the process that a person chose. */
  readonly about: 'machine' | 'process';
  /** What the figure counts. */
  readonly meaning: string;
  /** The right that it needs, as a sentence; null: none. */
  readonly permission: string | null;
  /** Why there is no figure, where neither the host nor a sample says it better. */
  readonly missing: string;
  /** In `unit`; null where the host does not say. Of a CPU's or a node's id, as `paints` says; of the machine whatever the id. */
  value(sample: Sample, id: number): number | null;
  /** A value as words, where the unit alone would write it badly. */
  readonly words?: (value: number) => string;
  /** What stands in the cell of a CPU: three characters or so. */
  readonly short?: (value: number) => string;
  /** What a node has of a measure of CPUs. */
  readonly onNode?: 'mean' | 'sum';
  /** What is counted beside it, of the whole machine: names and figures with their units. */
  beside?(sample: Sample): readonly (readonly [name: string, words: string])[];
  /** What the machine does now. It claims no more than is counted. */
  sentence(topology: Topology, sample: Sample): string;
  /** Where it is read from files that a sample does not hold anyway. */
  readonly source?: FigureSource;
}

export const PERCENT = [5, 20, 40, 60, 80, 95] as const;

/** 0 (below the first limit, or unknown) to 6. */
export function step(limits: readonly number[], value: number | null): number {
  return value === null ? 0 : limits.filter((limit) => value >= limit).length;
}

/** Without a fraction; what is there and rounds to nothing is said to be less than 1. */
export const rounded = (value: number, unit: string): string =>
  value > 0 && value < 0.5 ? `less than 1 ${unit}` : `${Math.round(value)} ${unit}`;

/** A value with its unit. */
export function figureWords({ words, paints, unit }: Measure, value: number): string {
  if (words) return words(value);
  return paints === 'cpu' ? rounded(value, unit) : `${formatFigure(value)} ${unit}`;
}

/** Why a sample has no figure of a measure: what the host said, else what is known of the measure. */
export const missingWords = ({ key, missing }: Measure, { unavailable }: Sample): string =>
  unavailable?.[key] ?? missing;

/** What a source of its own found, by id of a CPU or node or by name. */
export const found = ({ figures }: Sample, key: string, id: number | string): number | null =>
  figures?.[key]?.[id] ?? null;

/** Whether a sample says anything of it. */
export function hasFigure(measure: Measure, sample: Sample): boolean {
  if (measure.paints === 'machine') return measure.value(sample, 0) !== null;
  if (measure.paints === 'node') return sample.nodes.some(({ id }) => measure.value(sample, id) !== null);
  // One by one: a measure looks its CPU up in the sample.
  return sample.cpus.some((cpu) => measure.value({ ...sample, cpus: [cpu] }, cpu.id) !== null);
}

/** The least and the most that nodes have of it, of the machine its one figure; only where it has one. */
export function overall(measure: Measure, topology: Topology, sample: Sample): [least: number, most: number] {
  const ids = measure.paints === 'machine' ? [0] : topology.nodes.map(({ id }) => id);
  const all = ids.flatMap((id) => valueOnNode(measure, topology, sample, id) ?? []);
  return [Math.min(...all), Math.max(...all)];
}

/** Of a node: of a measure of CPUs what its CPUs have together. */
export function valueOnNode(measure: Measure, topology: Topology, sample: Sample, node: number): number | null {
  if (measure.paints !== 'cpu') return measure.value(sample, node);
  const own = new Set(indexTopology(topology).cpusOfNode.get(node));
  const known = sample.cpus
    .filter(({ id }) => own.has(id))
    .flatMap((cpu) => measure.value({ ...sample, cpus: [cpu] }, cpu.id) ?? []);
  if (known.length === 0) return null;
  const sum = known.reduce((all, one) => all + one, 0);
  return measure.onNode === 'sum' ? sum : sum / known.length;
}

export const explained = ({ meaning, permission }: Measure): string =>
  permission === null ? meaning : `${meaning} ${permission}`;

/** "1.2 k pages/s", "120 pages/s"; of less than one it is said that it is less. @param thing in its plural. */
export function eventWords(perSecond: number, thing: string): string {
  if (perSecond >= 999.5e3) return `${formatFigure(perSecond / 1e6)}\u00a0M ${thing}/s`;
  if (perSecond >= 999.5) return `${formatFigure(perSecond / 1000)}\u00a0k ${thing}/s`;
  return perSecond > 0 && perSecond < 1
    ? `less than 1 ${thing.replace(/s$/, '')}/s`
    : `${Math.round(perSecond)} ${thing}/s`;
}

export const ofNode =
  (value: (node: NodeSample) => number | null) =>
  (sample: Sample, id: number): number | null => {
    const node = sample.nodes.find((one) => one.id === id);
    return node ? value(node) : null;
  };

/** The node with the most of something; null where no node has a figure. */
export function most(
  sample: Pick<Sample, 'nodes'>,
  of: (node: NodeSample) => number | null,
): { id: number; value: number } | null {
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
