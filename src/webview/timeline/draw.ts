/** Owns the picture of the timeline: lanes of a measure, what is marked, the moment that is shown and the two that are compared. */

import { textWidth } from '../../model/layout/label.ts';
import type { Frame } from '../../model/live/past/frame.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import { figureWords } from '../../model/live/measures/measure.ts';
import { topOf } from '../../model/live/past/lanes.ts';
import type { Lane } from '../../model/live/past/lanes.ts';
import { svg } from '../ui/dom.ts';
import type { Axis, Tick } from './axis.ts';
import type { PlacedMark } from './marks.ts';
import { columnsOf } from './series.ts';
import type { Column, Series } from './series.ts';
import { areaOf, lineOf, stretchesOf } from './stretches.ts';

/** Px of the ticks' words, and of letters and signs below them. */
const TICKS = 18;
const SIGNS = 12;
const SPACE = 2;
/** Px that a column of frames takes at least. */
const COLUMN = 2;

export interface Drawn {
  readonly axis: Axis;
  readonly ticks: readonly Tick[];
  readonly measure: Measure;
  readonly lanes: readonly Lane[];
  readonly series: Series;
  /** In sight, and the one before. */
  readonly frames: readonly Frame[];
  readonly marks: readonly PlacedMark[];
  /** The frame whose figures stand beside the lanes, and whether a cursor stands there. */
  readonly shown: Frame | null;
  readonly cursor: boolean;
  readonly ends: Readonly<Record<'a' | 'b', Frame | null>>;
}

const highOf = (lanes: number): number => (lanes > 2 ? 12 : 20);
/** Only where something is to stand there. */
const topOfLanes = ({ marks, ends, axis }: Pick<Drawn, 'marks' | 'ends' | 'axis'>): number => {
  const signed = marks.some(({ kind, to }) => kind !== 'run' && to >= axis.begin) || ends.a !== null || ends.b !== null;
  return TICKS + (signed ? SIGNS : 0);
};

/** "62 %", or that there is none. */
export const valueWords = (measure: Measure, value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? 'no figure' : figureWords(measure, value);

/** Px that the word before a run needs. */
const RAN = 24;
/** Px to the right of a lane that its figure has. */
const FIGURE = 64;

/** The figure alone where it has no room for its unit, which stands above the lanes. */
function figureBeside(measure: Measure, value: number): string {
  const words = valueWords(measure, value);
  const unit = ` ${measure.unit}`;
  return textWidth(words, 10) > FIGURE && words.endsWith(unit) ? words.slice(0, -unit.length) : words;
}

function shapes(columns: readonly Column[], axis: Axis, base: number, scale: number): SVGElement[] {
  const stretches = stretchesOf(columns);
  const y = (value: number): number => base - Math.max(0.5, value * scale);
  const filled = areaOf(stretches, { x: axis.x, y: ({ mean }) => y(mean) }, base);
  const peaks = lineOf(stretches, { x: axis.x, y: ({ peak }) => y(peak) });
  const gaps = columns.flatMap(({ gapUntil }, i) => {
    const before = columns[i - 1];
    return gapUntil !== null && before ? [`M${axis.x(before.at)} ${base - 1}H${axis.x(gapUntil)}`] : [];
  });
  return [
    svg('path.lane', { d: filled }),
    ...(columns.some(({ mean, peak }) => peak > mean) ? [svg('path.lane-peak', { d: peaks })] : []),
    ...(gaps.length > 0 ? [svg('path.lane-gap', { d: gaps.join('') })] : []),
  ];
}

function lanes(drawn: Drawn, top: number): SVGElement[] {
  const { axis, measure, series, frames, shown } = drawn;
  const high = highOf(drawn.lanes.length);
  const columnMs = ((axis.end - axis.begin) / Math.max(1, axis.width)) * COLUMN;
  const all = drawn.lanes.map((_, lane) => columnsOf(frames, series, lane, columnMs));
  const most = topOf(measure, Math.max(0, ...all.flatMap((columns) => columns.map(({ peak }) => peak))));
  return drawn.lanes.flatMap(({ name }, lane) => {
    const base = top + (lane + 1) * (high + SPACE) - SPACE;
    const words = figureBeside(measure, shown ? (series.of(shown)?.[lane] ?? NaN) : NaN);
    return [
      svg('line.lane-base', { x1: axis.left, x2: axis.left + axis.width, y1: base, y2: base }),
      ...shapes(all[lane] ?? [], axis, base, high / most),
      svg('text.t10.d.e', { x: axis.left - 8, y: base - high / 2 + 4 }, name),
      svg('text.t10', { x: axis.left + axis.width + 8, y: base - high / 2 + 4 }, words),
    ];
  });
}

function mark({ kind, from, to, shown }: PlacedMark, { axis }: Drawn, top: number, bottom: number): SVGElement[] {
  const [x1, x2] = [axis.x(from), axis.x(to)];
  if (kind === 'run') {
    const box = svg(shown ? 'rect.ran.now' : 'rect.ran.past', {
      x: x1,
      y: top,
      width: Math.max(2, x2 - x1),
      height: bottom - top,
    });
    // One that began before what is drawn has no room before it: there stand the names of the lanes.
    const [end, x] = x1 - axis.left < RAN ? ['', x1 + 4] : ['.e', x1 - 4];
    return shown ? [box, svg(`text.t10${end}.ran-t`, { x, y: top + 10 }, 'run')] : [box];
  }
  const y = top - SIGNS;
  // A triangle for what was found, a square for what somebody wrote.
  const sign =
    kind === 'finding' ? `M${x1 - 5} ${y + 10}L${x1} ${y + 2}L${x1 + 5} ${y + 10}Z` : `M${x1 - 4} ${y + 2}h8v8h-8Z`;
  return [
    svg('path.found-line', { d: `M${x1} ${y + 10}V${bottom}` }),
    ...(x2 > x1 ? [svg('path.found-line', { d: `M${x1} ${top}H${x2}` })] : []),
    svg(`path.found.${kind}`, { d: sign }),
  ];
}

function flag(letter: string, frame: Frame | null, { axis }: Drawn, top: number, bottom: number): SVGElement[] {
  if (!frame || frame.at < axis.begin || frame.at > axis.end) return [];
  const x = axis.x(frame.at);
  return [
    svg('path.end-line', { d: `M${x} ${top - SIGNS + 2}V${bottom}` }),
    svg('rect.end-box', { x: x - 6, y: top - SIGNS, width: 12, height: SIGNS }),
    svg('text.t10.m.end-t', { x, y: top - 2 }, letter),
  ];
}

export function draw(drawn: Drawn): SVGSVGElement {
  const { axis, ticks, shown } = drawn;
  const top = topOfLanes(drawn);
  const bottom = top + drawn.lanes.length * (highOf(drawn.lanes.length) + SPACE);
  const cursor = drawn.cursor && shown ? axis.x(shown.at) : null;
  return svg(
    'svg',
    { width: axis.left + axis.width + axis.left, height: bottom + 4, 'aria-hidden': 'true' },
    ticks.map(({ x, words, anchor }) => [
      svg('line.tick-line', { x1: Math.round(x) + 0.5, x2: Math.round(x) + 0.5, y1: TICKS, y2: bottom }),
      svg(anchor === 'end' ? 'text.t10.d.e' : anchor === 'middle' ? 'text.t10.d.m' : 'text.t10.d', { x, y: 11 }, words),
    ]),
    lanes(drawn, top),
    drawn.marks
      .filter(({ from, to }) => to >= axis.begin && from <= axis.end)
      .map((one) => mark(one, drawn, top, bottom)),
    flag('A', drawn.ends.a, drawn, top, bottom),
    flag('B', drawn.ends.b, drawn, top, bottom),
    cursor !== null && [
      svg('path.cursor', { d: `M${cursor} ${TICKS - 2}V${bottom + 2}` }),
      svg('path.cursor-head', { d: `M${cursor - 5} ${TICKS - 7}h10l-5 6Z` }),
    ],
  );
}
