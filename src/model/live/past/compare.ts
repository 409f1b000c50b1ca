/**
 * Owns what two moments of a machine differ in by one measure. Two samples are no experiment: what is said is what differed, never
 * why, nor that it will again.
 */

import { figureWords, rounded } from '../measures/measure.ts';
import type { Measure } from '../measures/measure.ts';
import type { Sample } from '../sample.ts';
import { capital, formatFigure, MINUS, plural } from '../../text/format.ts';
import type { Topology } from '../../topology/topology.ts';
import { figuresOf, laneReader, lanesOf } from './lanes.ts';
import type { PartKind } from './lanes.ts';

export interface Difference {
  readonly name: string;
  /** Null: no figure. */
  readonly a: number | null;
  readonly b: number | null;
  /** Of b against a; null where one of them has no figure. */
  readonly change: number | null;
}

export interface CpuDifference extends Difference {
  readonly id: number;
}

export interface Compared {
  readonly lanes: readonly Difference[];
  /** Ascending by id; empty where the measure is not counted by CPU. */
  readonly cpus: readonly CpuDifference[];
  readonly sentence: string;
}

/** Of percentages points, less than which is no difference that anybody sees. */
const LEAST_POINTS = 1;
/** Of other figures a share of the larger one. */
const LEAST_SHARE = 0.05;

const difference = (name: string, a: number | undefined, b: number | undefined): Difference => {
  const [of, against] = [a, b].map((value) => (value === undefined || Number.isNaN(value) ? null : value));
  const both = of != null && against != null;
  return { name, a: of ?? null, b: against ?? null, change: both ? against - of : null };
};

/** "+12 points", "−3.4 k pages/s". */
export function changeWords(measure: Measure, change: number | null): string {
  if (change === null) return 'no figure';
  const size = Math.abs(change);
  const sign = change < 0 ? MINUS : '+';
  if (measure.unit === '%') return Math.round(size) === 0 ? '0 points' : `${sign}${plural(Math.round(size), 'point')}`;
  return `${sign}${figureWords(measure, size)}`;
}

function differs({ unit }: Measure, { a, b, change }: Difference): boolean {
  if (a === null || b === null || change === null) return false;
  const least = unit === '%' ? LEAST_POINTS : LEAST_SHARE * Math.max(Math.abs(a), Math.abs(b));
  return Math.abs(change) >= least && change !== 0;
}

function sentenceOf(measure: Measure, lanes: readonly Difference[], kind: PartKind): string {
  const known = lanes.filter(({ change }) => change !== null);
  if (known.length === 0) return 'No figure to compare: at least one of the two moments has none.';
  const changed = known.filter((one) => differs(measure, one));
  const [most] = [...changed].sort((one, two) => Math.abs(two.change ?? 0) - Math.abs(one.change ?? 0));
  if (!most || most.a === null || most.b === null || most.change === null)
    return `${measure.name}: ${measure.paints === 'machine' ? 'no difference' : `no ${kind} differs`} between A and B.`;
  const words = (value: number): string =>
    measure.unit === '%'
      ? rounded(value, '%')
      : measure.words
        ? measure.words(value)
        : `${formatFigure(value)} ${measure.unit}`;
  const others = changed.length === 1 ? (known.length > 1 ? '; no other one differs' : '') : '';
  return `${capital(most.name)}: ${words(most.a)} at A, ${words(most.b)} at B${others}.`;
}

export function compareMoments(
  topology: Topology,
  measure: Measure,
  kind: PartKind,
  [a, b]: readonly [a: Sample, b: Sample],
): Compared {
  const all = lanesOf(topology, kind, measure);
  const read = laneReader(measure, all);
  const [of, against] = [read(a), read(b)];
  const lanes = all.map(({ name }, lane) => difference(name, of[lane], against[lane]));
  const byId = new Map(figuresOf(measure, b));
  const cpus =
    measure.paints === 'cpu'
      ? [...figuresOf(measure, a)].map(([id, value]) => ({ id, ...difference(`P#${id}`, value, byId.get(id)) }))
      : [];
  return { lanes, cpus, sentence: sentenceOf(measure, lanes, kind) };
}
