/**
 * A program before and after what was done to it: its figures between one act and the next, held against each other. They were not
 * measured in turn, so that a figure that moves by itself proves nothing: where either side does, no change is told.
 */

import type { Course, CourseMark, CourseSeries } from '../../cases/course.ts';
import { betterOf } from '../../run/better.ts';
import type { Weight } from '../../run/compare.ts';
import { isNegligible } from '../negligible.ts';
import { rankRatio } from '../../run/ranks.ts';
import { isNoisy, median, medianInterval } from '../../run/statistics.ts';
import { formatChange, formatInterval, plural } from '../../text/format.ts';

/** Of each side: fewer carry no interval at 95 %. */
const FEWEST = 4;
/**
 * Neighbouring figures are alike, and say less than as many that were taken apart: each side is so many blocks at most, each of at least
 * so many figures where there are enough, and of a block its median counts.
 */
const BLOCKS = 12;
const BLOCK = 5;
const CONFIDENCE = 0.95;
/** Figures that a program prints itself, and that are compared; the others are in the picture. */
const COMPARED = 3;

/** Acts between which too few figures came to tell them apart. */
export interface Step {
  /** Of the first, counted from 1. */
  readonly number: number;
  readonly marks: readonly CourseMark[];
  readonly changes: readonly Change[];
}

export interface Change {
  readonly metric: string;
  /** Medians of both sides; null where no change is shown. */
  readonly sides: readonly [before: number, after: number] | null;
  /** As of a comparison, and: it moves by itself, there are too few figures, or some are not above 0. */
  readonly weight: Exclude<Weight, 'invalid'> | 'moving' | 'too-few' | 'not-positive';
  readonly change: number;
  readonly interval: readonly [low: number, high: number] | null;
  readonly tone: 'gain' | 'loss' | 'neutral';
  /** Figures of each side. */
  readonly counts: readonly [before: number, after: number];
  /** Which side moves by itself. */
  readonly moving: 'before' | 'after' | null;
}

/** What a course is judged by: what the program says of itself again and again, else the time it uses. */
export function judged({ series }: Course): readonly CourseSeries[] {
  const often = series.filter(({ kind, points }) => kind === 'printed' && points.length >= 2 * FEWEST);
  const printed = often.slice(0, COMPARED);
  return printed.length > 0 ? printed : series.filter(({ kind }) => kind === 'cpus');
}

/** Each figure is of the time since the one before: only those count whose whole time lies between. */
function within({ points }: CourseSeries, from: number, to: number): number[] {
  return points.flatMap(([seconds, value], i) => ((points[i - 1]?.[0] ?? 0) >= from && seconds <= to ? [value] : []));
}

function blocks(values: readonly number[], least: number): number[] {
  const count = Math.min(values.length, Math.max(FEWEST, Math.min(BLOCKS, Math.floor(values.length / least))));
  const edge = (i: number): number => Math.round((i * values.length) / count);
  return Array.from({ length: count }, (_, i) => median(values.slice(edge(i), edge(i + 1))));
}

/** How far its second half lies from its first, at most, where the two can be told apart; else 0. */
function movesBy(values: readonly number[]): number {
  const side = blocks(values, 1);
  const half = Math.floor(side.length / 2);
  const [low, high] = rankRatio(side.slice(-half), side.slice(0, half), CONFIDENCE)?.interval ?? [0, 0];
  return low > 0 || high < 0 ? Math.max(Math.abs(low), Math.abs(high)) : 0;
}

function changeOf(series: CourseSeries, before: readonly number[], after: readonly number[]): Change {
  const { metric } = series;
  const [one, two] = [blocks(before, BLOCK), blocks(after, BLOCK)];
  const told = {
    metric,
    sides: null,
    counts: [before.length, after.length] as const,
    ...{ change: 0, interval: null, tone: 'neutral' as const, moving: null },
  };
  if ([...before, ...after].some((value) => value <= 0)) return { ...told, weight: 'not-positive' };
  const ratio = rankRatio(two, one, CONFIDENCE);
  if (!ratio) return { ...told, weight: 'too-few' };
  const { interval, change } = ratio;
  if (interval[0] <= 0 && interval[1] >= 0) return { ...told, weight: 'no-difference', interval };
  // What goes on as it did within a side comes to about twice as much between the middles of both.
  const least = Math.min(...interval.map(Math.abs));
  const moving = 2 * movesBy(before) >= least ? 'before' : 2 * movesBy(after) >= least ? 'after' : null;
  if (moving !== null) return { ...told, weight: 'moving', interval, moving };
  const noisy = [one, two].some((side) => isNoisy(median(side), medianInterval(side)));
  if (noisy) return { ...told, weight: 'noisy', interval };
  // Which way a change within 2 % goes is told, and not that it matters.
  const better = series.kind === 'printed' && !isNegligible(interval) ? betterOf(metric) : null;
  const tone = better === null ? 'neutral' : change > 0 === (better === 'more') ? 'gain' : 'loss';
  return { ...told, weight: 'shown', change, interval, tone, sides: [median(before), median(after)] };
}

/** Everything that was done, with what changed. */
export function steps(course: Course): Step[] {
  const { marks, seconds } = course;
  const series = judged(course);
  const [first] = series;
  const groups: CourseMark[][] = [];
  for (const mark of marks) {
    const last = groups.at(-1);
    const since = last?.at(-1)?.until ?? 0;
    if (last && (!first || within(first, since, mark.seconds).length < FEWEST)) last.push(mark);
    else groups.push([mark]);
  }
  const ends = (group: readonly CourseMark[] | undefined): readonly [number, number] | null => {
    const [begin, end] = [group?.[0], group?.at(-1)];
    return begin && end ? [begin.seconds, end.until] : null;
  };
  return groups.map((group, at): Step => {
    const [begin, end] = ends(group) ?? [0, 0];
    const from = ends(groups[at - 1])?.[1] ?? 0;
    const to = ends(groups[at + 1])?.[0] ?? seconds;
    const changes = series.map((one) => changeOf(one, within(one, from, begin), within(one, end, to)));
    const number = groups.slice(0, at).reduce((sum, { length }) => sum + length, 1);
    return { number, marks: group, changes };
  });
}

const WORDS = {
  pin: (what: string) => `Moved ${what}`,
  release: (what: string) => `Released ${what}`,
  undo: (what: string) => `Undid the move of ${what}`,
  pages: (what: string) => `Moved ${what}`,
  'pages-back': (what: string) => `Moved ${what} back`,
} satisfies Record<CourseMark['act'], (what: string) => string>;

export const markWords = ({ act, what }: CourseMark): string => WORDS[act](what);

/** "queries/s: +12 % (95 % +8 to +15 %)": a figure only where the evidence carries one. */
export function changeWords({ weight, change, interval, counts, moving }: Change, emulated: boolean): string {
  const bounds = interval ? formatInterval(interval) + (emulated ? ', emulated' : '') : '';
  switch (weight) {
    case 'shown':
      return `${formatChange(change)} (95\u00a0% ${bounds})`;
    case 'no-difference':
      return `no difference shown: between ${bounds.replace(' to ', ' and ')}`;
    case 'noisy':
      return `too noisy for one figure: between ${bounds.replace(' to ', ' and ')}`;
    case 'moving':
      return `no change told: it was moving by itself ${moving ?? ''} that, and may just have gone on`;
    case 'not-positive':
      return 'no change told: not all of its figures are above 0';
    case 'too-few':
      return `not compared: ${plural(counts[0], 'figure')} before and ${counts[1]} after, ${FEWEST} of each are needed`;
  }
}

/** What the intervals claim, where there are several; null: there is one or none. */
export function severalWords(all: readonly Step[]): string | null {
  const compared = all.flatMap(({ changes }) => changes).filter(({ interval }) => interval !== null).length;
  return compared < 2
    ? null
    : 'Each interval holds at 95 % by itself: of twenty changes that are none, about one is shown.';
}

/** "Moved worker \u00d7 24 to cpu 0, then released io 12". */
export const marksWords = (marks: readonly CourseMark[]): string =>
  marks
    .map((mark, i) => (i === 0 ? markWords(mark) : markWords(mark).replace(/^./, (letter) => letter.toLowerCase())))
    .join(', then ');

/** One a step, for what stands by itself: a page, a terminal. */
export function stepSentences(course: Course, emulated: boolean): string[] {
  return steps(course).map(({ marks, changes }) => {
    const words = changes.map((change) => `${change.metric} ${changeWords(change, emulated)}`);
    return `${marksWords(marks)}${words.length > 0 ? `: ${words.join('; ')}` : ''}.`;
  });
}

/** How its intervals are worked out, beside those of other figures. */
export const COURSE_METHOD =
  'Before and after were not measured in turn: their intervals are by ranks (Mann and Whitney), of blocks of figures of either side.';
