/**
 * A program's course as a picture: a line a figure over time, each from zero, and through all of them what was done to the program,
 * numbered. The page paints it in its colours; a report gets it with its own.
 */

import type { Course, CourseSeries } from '../cases/course.ts';
import { judged } from '../bench/program/course.ts';
import { textWidth } from '../layout/label.ts';
import { formatFigure, formatMetric, plural, scaleOf } from '../text/format.ts';
import type { Run } from '../run/run.ts';
import { mark, text } from './marks.ts';
import type { Mark } from './marks.ts';
import { at, CHART_STYLE, stepOf } from './plot.ts';
import { escapeXml, render } from './render.ts';

const LEFT = 40;
const RIGHT = 6;
/** Numbers of what was done. */
const TOP = 16;
const TITLE = 16;
const GAP = 10;
const AXIS = 18;
/** Steps of a clock (s). */
const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400] as const;
/** Numbers nearer than this (px) stand as one: "2–4". */
const APART = 16;

/** "0:45", "1:40", "2:00:00"; seconds alone below a minute. */
export function clockWords(seconds: number): string {
  const whole = Math.floor(seconds + 1e-9);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

const largest = ({ points }: CourseSeries): number => points.reduce((most, [, value]) => Math.max(most, value), 0);
const TITLES: Readonly<Record<CourseSeries['kind'], string | null>> = {
  cpus: 'CPUs kept busy',
  threads: 'Threads',
  printed: null,
};

const figureWords = (value: number, { kind, metric }: CourseSeries): string =>
  kind === 'threads' ? plural(value, 'thread') : formatMetric(value, metric);

/** Lines of figures that it prints. */
const MOST_PRINTED = 3;

/** Those that it is judged by first; a figure below zero has no axis here. */
function drawn(course: Course): CourseSeries[] {
  const first = judged(course);
  const rest = course.series.filter((one) => !first.includes(one));
  const printed = rest.filter(({ kind }) => kind === 'printed').slice(0, Math.max(0, MOST_PRINTED - first.length));
  const others = [...printed, ...rest.filter(({ kind }) => kind !== 'printed')];
  return [...first, ...others].filter(({ points }) => points.length > 0 && points.every(([, value]) => value >= 0));
}

interface Frame {
  readonly width: number;
  readonly plot: number;
  readonly x: (seconds: number) => number;
  readonly emulated: boolean;
}

function panel(series: CourseSeries, top: number, { width, plot, x, emulated }: Frame): Mark {
  const { kind, metric, points } = series;
  // What is hardly busy is drawn so.
  const reach = Math.max(largest(series), kind === 'printed' ? 1e-9 : 1);
  const step = stepOf(reach, 8);
  const most = Math.ceil(reach / step - 1e-9) * step;
  const { factor } = scaleOf(metric, most);
  const [high, base] = [top + TITLE, top + TITLE + plot];
  const y = (value: number): number => base - (value / most) * plot;
  const [first, last] = [points[0], points.at(-1)];
  const place = ([seconds, value]: readonly [number, number]): string => `${at(x(seconds))},${at(y(value))}`;
  // How many threads there are is known at each look, and holds until the next.
  const d =
    kind === 'threads'
      ? points.map(([seconds, value], i) =>
          i === 0 ? `M${place([seconds, value])}` : `H${at(x(seconds))}V${at(y(value))}`,
        )
      : points.map((point, i) => `${i === 0 ? 'M' : 'L'}${place(point)}`);
  // How many threads there are is so on any machine.
  const made = emulated && kind !== 'threads' ? ', emulated' : '';
  const line = (value: number): Mark[] => [
    mark('path.co-grid', { d: `M${at(LEFT)} ${at(Math.round(y(value)) + 0.5)}H${at(width - RIGHT)}` }),
    text('.co-d', LEFT - 5, y(value) + 3.5, formatFigure(value / factor)),
  ];
  return mark(
    'g',
    {},
    ...line(0),
    ...line(most),
    text('.co-t', 0, high - 6, (TITLES[kind] ?? scaleOf(metric, most).unit) + made),
    last ? text('.co-v', width - RIGHT, high - 6, figureWords(last[1], series)) : null,
    mark(kind === 'threads' ? 'path.co-line.co-count' : 'path.co-line', { d: d.join('') }),
    first && points.length === 1 ? mark('path.co-dot', { d: `M${place(first)}m-2.5 -2.5h5v5h-5z` }) : null,
  );
}

/** Each act a line through all panels, or a band where it took its time. */
function acts({ marks }: Course, bottom: number, { x }: Frame): Mark[] {
  const lines = marks.map(({ seconds, until }) => {
    const [from, to] = [x(seconds), x(until)];
    return to - from > 2
      ? mark('rect.co-band', { x: from, y: TOP, width: to - from, height: bottom - TOP })
      : mark('path.co-act', { d: `M${at(Math.round(from) + 0.5)} ${TOP}V${at(bottom)}` });
  });
  const labels: { x: number; from: number; to: number }[] = [];
  for (const [i, { seconds }] of marks.entries()) {
    const [last, here] = [labels.at(-1), x(seconds)];
    if (last && here - last.x < APART) last.to = i + 1;
    else labels.push({ x: here, from: i + 1, to: i + 1 });
  }
  const words = labels.map((label) =>
    text('.co-n', label.x, TOP - 4, label.from === label.to ? String(label.from) : `${label.from}\u2013${label.to}`),
  );
  return [...lines, ...words];
}

function axis(seconds: number, bottom: number, { x, width }: Frame): Mark[] {
  const room = Math.max(2, Math.floor((width - LEFT) / 70));
  const step = CLOCK.find((one) => seconds / one <= room) ?? Math.ceil(seconds / room / 86_400) * 86_400;
  const ticks: Mark[] = [];
  for (let tick = 0; tick <= seconds; tick += step) {
    const words = clockWords(tick);
    const half = textWidth(words, 10) / 2;
    ticks.push(text('.co-x', Math.min(x(tick), width - half), bottom + 13, words));
  }
  return ticks;
}

/** @param size its width, and the height of a line's plot, px. */
export function courseMarks(
  course: Course,
  { width, plot }: { readonly width: number; readonly plot: number },
  emulated: boolean,
): { marks: Mark[]; height: number } | null {
  const shown = drawn(course);
  if (shown.length === 0) return null;
  const scale = (seconds: number): number => LEFT + (seconds / Math.max(course.seconds, 1)) * (width - LEFT - RIGHT);
  const frame = { width, plot, x: scale, emulated };
  const one = TITLE + plot + GAP;
  const bottom = TOP + shown.length * one;
  const panels = shown.map((series, i) => panel(series, TOP + i * one, frame));
  const marks = [...acts(course, bottom - GAP, frame), ...panels, ...axis(course.seconds, bottom, frame)];
  return { marks, height: bottom + AXIS };
}

/** For those who do not see it: each line from where to where. */
export function courseWords(course: Course, emulated: boolean): string {
  const lines = drawn(course).map((series) => {
    const values = series.points.map(([, value]) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => figureWords(value, series));
    const between = low === high ? low : `${low} to ${high}`;
    return `${TITLES[series.kind] ?? series.metric}: ${between}, last ${figureWords(values.at(-1) ?? 0, series)}`;
  });
  return `Over ${clockWords(course.seconds)}${emulated ? ', emulated' : ''}. ${lines.join('. ')}.`;
}

const STYLE = `${CHART_STYLE}.co-line{fill:none;stroke:#ad1457;stroke-width:1.5;stroke-linejoin:round}.co-dot{fill:#ad1457}.co-count{stroke:#6b6b6b}.co-grid{stroke:#d8d8d8}.co-act{stroke:#3b3b3b;stroke-dasharray:3 3}.co-band{fill:#3b3b3b;fill-opacity:.15}.co-d{text-anchor:end;font-size:11px;fill:#616161}.co-x,.co-n{text-anchor:middle;font-size:11px}.co-x{fill:#616161}.co-n,.co-t,.co-v{font-weight:600;fill:#1b1b1b}.co-v{text-anchor:end}.co-t,.co-v{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}
@media (prefers-color-scheme:dark){.co-line{stroke:#f58fb4}.co-dot{fill:#f58fb4}.co-count{stroke:#a8a8a8}.co-grid{stroke:#3a3a3a}.co-act{stroke:#ccc}.co-band{fill:#ccc}.co-d,.co-x{fill:#9d9d9d}.co-n,.co-t,.co-v{fill:#f2f2f2}.co-t,.co-v{stroke:#1f1f1f}}`;

const INSET = 16;

/** Null for a run of no program, or one that was not looked at. */
export function courseSvg({ host, results }: Run): string | null {
  const { course, emulated = false } = results.find((result) => result.course) ?? {};
  const found = course && courseMarks(course, { width: 900, plot: 90 }, emulated);
  if (!course || !found) return null;
  const [width, height] = [900 + 2 * INSET, found.height + 2 * INSET];
  const words = escapeXml(`The program on ${host.name} over time. ${courseWords(course, emulated)}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="${words}">
<style>${STYLE}</style><rect class="g" width="${String(width)}" height="${String(height)}"/>
<g transform="translate(${String(INSET)} ${String(INSET)})">${found.marks.map(render).join('\n')}</g>
</svg>
`;
}
