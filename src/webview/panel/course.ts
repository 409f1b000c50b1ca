/** Owns what the panel shows of a program over time: its lines, what was done to it, and what changed with that. */

import type { Course } from '../../model/cases/course.ts';
import { changeWords, markWords, severalWords, steps } from '../../model/bench/program/course.ts';
import type { Change, Step } from '../../model/bench/program/course.ts';
import type { LiveProgram } from '../../model/bench/program/threads.ts';
import { clockWords, courseMarks, courseWords } from '../../model/svg/course.ts';
import type { Result } from '../../model/run/run.ts';
import { formatMetric } from '../../model/text/format.ts';
import { paintMarks } from '../machine/paint.ts';
import { el, svg } from '../ui/dom.ts';
import type { Child } from '../ui/dom.ts';
import { section, verdict } from './elements.ts';

const PLOT = 40;

function chart(course: Course, width: number, emulated: boolean): Child {
  const found = courseMarks(course, { width, plot: PLOT }, emulated);
  if (!found) return null;
  const drawn = svg('svg.course', {
    width,
    height: found.height,
    role: 'img',
    'aria-label': courseWords(course, emulated),
  });
  paintMarks(drawn, found.marks);
  return drawn;
}

/** The figure stands out where there is one. */
function changeLine(change: Change, emulated: boolean): Child {
  const { metric, sides, weight, tone } = change;
  const words = changeWords(change, emulated);
  return el(
    'div.change',
    {},
    el('span', {}, `${metric}: `, weight === 'shown' ? el(`b.${tone}`, {}, words) : words),
    sides &&
      el('div.dim.sm', {}, `Median ${formatMetric(sides[0], metric)} before, ${formatMetric(sides[1], metric)} after`),
  );
}

function stepItem({ number, marks, changes }: Step, emulated: boolean): HTMLElement {
  const acts = marks.map((one, i) =>
    el(
      'div.act',
      {},
      el('span.act-n', {}, String(number + i)),
      el('span', {}, `${markWords(one)}, at ${clockWords(one.seconds)}`),
    ),
  );
  return el(
    'li',
    {},
    acts,
    changes.map((change) => changeLine(change, emulated)),
  );
}

/** Everything that was done, with the figures before and after. */
function done(course: Course, emulated: boolean): Child {
  const all = steps(course);
  const several = severalWords(all);
  return [
    all.length > 0 &&
      el(
        'ol.steps',
        {},
        all.map((step) => stepItem(step, emulated)),
      ),
    several !== null && el('div.dim.sm', {}, several),
  ];
}

/** While it runs. */
export function programNow({ name, pid, course }: LiveProgram, width: number, emulated: boolean): HTMLElement {
  return section(
    'Your own program',
    el(
      'div.in',
      { 'data-course': '' },
      verdict(`${name}, process ${pid}`, `Running for ${clockWords(course.seconds)}`),
      chart(course, width, emulated) ?? el('div.dim', {}, 'Its threads were not looked at yet.'),
    ),
  );
}

export function programDone({ course }: LiveProgram, emulated: boolean): HTMLElement {
  const hint =
    'Drag a thread onto a CPU, or move its pages: its figures before and after are then held against each other here.';
  return section(
    'What was done',
    el('div.in', { 'data-steps': '' }, course.marks.length > 0 ? done(course, emulated) : el('div.dim', {}, hint)),
  );
}

/** Of a run that has ended. */
export function courseOf({ course, emulated }: Result, width: number): Child {
  const drawn = course && chart(course, width, emulated);
  if (!course || !drawn) return null;
  return section(
    'While it ran',
    el('div.in', { 'data-course': '' }, drawn, el('div', { 'data-steps': '' }, done(course, emulated))),
  );
}
