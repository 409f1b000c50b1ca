/** Owns the strip: a zero-based axis, each repetition a tick, the median a tall line, its interval a shade. */

import { scaleLinear } from 'd3-scale';
import { formatFigure, scaleOf } from '../../model/text/format.ts';
import { svg } from './dom.ts';

export interface Series {
  readonly kind: 'of' | 'against';
  readonly label: string;
  readonly values: readonly number[];
  /** Null while it is being measured: points land, nothing is concluded. */
  readonly median: number | null;
  readonly interval: readonly [number, number] | null;
}

export interface Arrow {
  readonly words: string;
  readonly tone: 'loss' | 'gain' | 'even' | 'neutral';
}

const ROW = 46;
/** Without medians, whose figures need room. */
const LOW_ROW = 32;
/** The arrow and its words have a line of their own: medians may be anywhere, and so may the labels. */
const ARROW = 14;
const EDGE = 4;

/** Largest value with a little air, so that the last tick mark is not the figure itself. */
const top = (series: readonly Series[]): number => Math.max(1e-9, ...series.flatMap((one) => one.values)) * 1.08;

function row(one: Series, y: number, x: (value: number) => number, width: number, factor: number): SVGElement[] {
  const line = (value: number, half: number, cls: string): SVGElement =>
    svg('line', { class: `${one.kind} ${cls}`, x1: x(value), x2: x(value), y1: y - half, y2: y + half });
  const marks: SVGElement[] = [svg('text.t10.d', { x: EDGE + 4, y: y - 15 }, one.label)];
  if (one.interval) {
    const [low, high] = one.interval;
    marks.push(
      svg('rect', { class: `shade ${one.kind}`, x: x(low) - 1, y: y - 10, width: x(high) - x(low) + 2, height: 20 }),
    );
  }
  marks.push(...one.values.map((value) => line(value, 5, 'rep')));
  if (one.median !== null) {
    marks.push(line(one.median, 10, 'median'));
    const right = x(Math.max(...one.values)) + 6;
    const left = x(Math.min(...one.values)) - 6;
    const words = formatFigure(one.median / factor);
    // Repetitions from end to end leave room only on the line of the label.
    if (right < width - 40) marks.push(svg('text.s', { x: right, y: y + 4 }, words));
    else if (left > 40) marks.push(svg('text.s.e', { x: left, y: y + 4 }, words));
    else marks.push(svg('text.s.e', { x: width - EDGE, y: y - 15 }, words));
  }
  return marks;
}

/** Between the medians, from the baseline to what is held against it. */
function between(
  series: readonly Series[],
  { words, tone }: Arrow,
  x: (value: number) => number,
  width: number,
): SVGElement | null {
  const [of, against] = series;
  if (!of || !against || of.median === null || against.median === null) return null;
  const [from, to] = [x(against.median), x(of.median)];
  const back = from > to ? 1 : -1;
  const half = words.length * 3.6;
  const middle = Math.max(half, Math.min(width - half, (from + to) / 2));
  const far = Math.abs(from - to) >= 12;
  return svg(
    'g',
    { class: tone },
    far && svg('path.arrow', { d: `M${from},53H${to + back}m${5 * back},-3.5l${-5 * back},3.5l${5 * back},3.5` }),
    svg('text.arrow-t.m', { x: middle, y: far ? 48 : 52 }, words),
  );
}

/** @param words the strip for those who do not see it. */
export function strip(
  series: readonly Series[],
  metric: string,
  width: number,
  arrow: Arrow | null,
  words: string,
): SVGSVGElement {
  const { factor } = scaleOf(metric, top(series));
  const high = series.some(({ median }) => median !== null) ? ROW : LOW_ROW;
  const apart = high + (arrow ? ARROW : 0);
  const bottom = (series.length - 1) * apart + Math.max(36, high - 4);
  const scale = scaleLinear([0, top(series)], [EDGE, width - EDGE]).nice(4);
  const x = (value: number): number => Math.round(scale(value) * 10) / 10;
  const ticks = scale.ticks(4);
  return svg(
    'svg.strip',
    { width, height: bottom + 20, role: 'img', 'aria-label': words },
    ticks.map((tick, i) => [
      svg('line.tick-line', { x1: x(tick), x2: x(tick), y1: 2, y2: bottom }),
      svg(
        i === 0 ? 'text.t10.d' : i === ticks.length - 1 && x(tick) > width - 12 ? 'text.t10.d.e' : 'text.t10.d.m',
        { x: x(tick), y: bottom + 14 },
        formatFigure(tick / factor),
      ),
    ]),
    series.map((one, i) => row(one, 26 + i * apart, x, width, factor)),
    arrow && between(series, arrow, x, width),
  );
}
