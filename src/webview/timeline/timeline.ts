/** Owns the timeline: what was sampled of the chosen measure, lane by lane, and the moment that the whole board shows. */

import { measureOf } from '../measures/known.ts';
import type { Measure } from '../../model/live/measures/measure.ts';
import { laneReader, lanesOf } from '../../model/live/past/lanes.ts';
import { CPUS_BY_PROCESS, processLanes, processReader } from '../../model/live/past/process-lanes.ts';
import type { Lane, PartKind } from '../../model/live/past/lanes.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { frameAt, momentWords, spanMs } from '../state/moments.ts';
import type { MomentActions } from '../state/moments.ts';
import type { Part } from '../state/part.ts';
import { isStill } from '../state/select.ts';
import type { State } from '../state/store.ts';
import { el, slot, watchWidth } from '../ui/dom.ts';
import { axisOf, ticksBack, ticksByClock } from './axis.ts';
import { createBar } from './bar.ts';
import { draw, valueWords } from './draw.ts';
import { clockOffset, marksAt, marksOf } from './marks.ts';
import { createSlider } from './scrub.ts';
import { Series } from './series.ts';

/** Px beside the lanes, for their names and figures. */
const LEFT = 72;
const RIGHT = 72;

interface Told {
  readonly measure: Measure;
  readonly lanes: readonly Lane[];
  readonly series: Series;
}

/** The lanes of a measure or of the processes that are followed, kept as long as they are the same. */
function createReader(): (state: State, topology: Topology) => Told {
  let of: readonly unknown[] = [];
  let made: Told | null = null;
  const keep = (now: readonly unknown[], make: () => Told): Told => {
    if (!made || now.some((one, i) => one !== of[i])) made = make();
    of = now;
    return made;
  };
  const ofMachine = (topology: Topology, kind: PartKind, measure: Measure): Told =>
    keep([topology, kind, measure], () => {
      const lanes = lanesOf(topology, kind, measure);
      return { measure, lanes, series: new Series(laneReader(measure, lanes)) };
    });
  return ({ view, sample }, topology) => {
    if (view.lanes !== 'process') return ofMachine(topology, view.lanes, measureOf(view.measure));
    const lanes = sample ? processLanes(sample) : [];
    if (lanes.length === 0) return ofMachine(topology, 'node', measureOf(view.measure));
    return keep(['process', lanes.map(({ name }) => name).join()], () => ({
      ...{ measure: CPUS_BY_PROCESS, lanes },
      series: new Series(processReader(lanes)),
    }));
  };
}

export interface Timeline extends Part {
  /** Puts the focus on the slider. */
  focus(): void;
}

/** @param redraw asked for when there is more to draw, or another width. */
export function createTimeline(moments: MomentActions, redraw: () => void): Timeline {
  const bar = createBar(moments);
  const slider = createSlider(moments);
  const element = el('section.time', { 'aria-label': 'Timeline' }, bar.element, slider.element);
  const widthOf = watchWidth(slider.element, redraw);
  const content = slot(slider.element);
  const reader = createReader();

  const speak = (state: State, measure: Measure, lanes: readonly Lane[], values: Float32Array | null): void => {
    const { frames, moment } = state;
    const shown = moment?.frame ?? frames.at(-1) ?? null;
    const figures = lanes.map(({ name }, lane) => `${name} ${valueWords(measure, values?.[lane])}`).join(', ');
    const when = moment ? momentWords(state, moment) : 'live';
    const spoken = shown ? `${when}: ${measure.name}, ${figures}` : 'nothing sampled yet';
    slider.element.setAttribute('aria-valuemin', '0');
    slider.element.setAttribute('aria-valuemax', String(Math.max(0, frames.length - 1)));
    slider.element.setAttribute('aria-valuenow', String(shown ? frameAt(frames, shown.at) : 0));
    slider.element.setAttribute('aria-valuetext', spoken);
  };

  return {
    element,
    focus: () => slider.element.focus(),
    update(state) {
      const { board, frames, moment, ends, view } = state;
      const topology = board?.topology;
      element.hidden = !topology || isStill(state);
      if (!topology || element.hidden) return;
      const { measure, lanes, series } = reader(state, topology);
      const width = Math.max(LEFT + RIGHT + 40, widthOf());
      const newest = frames.at(-1);
      const now = newest?.at ?? state.heard;
      const axis = axisOf(moment?.end ?? now, spanMs(state), LEFT, width - LEFT - RIGHT);
      const begin = frameAt(frames, axis.begin);
      const seen = frames.slice(begin, frameAt(frames, axis.end) + 1);
      const shown = moment?.frame ?? newest ?? null;
      const whole = series.read(shown ? [...seen, shown] : seen);
      const marks = marksOf(state);
      slider.axis = axis;
      slider.usable = frames.length > 0;
      slider.marks = marks.map(({ from }) => from);
      slider.now = shown?.at ?? now;
      const near = ((axis.end - axis.begin) / axis.width) * 4;
      const told = moment ? marksAt(marks, moment.frame.at, near) : [];
      bar.tell(
        state,
        measure,
        told.map(({ words }) => words),
      );
      speak(state, measure, lanes, shown && series.of(shown));
      const { running, runs } = board;
      const deps = [topology, measure, series, view.span, view.shown, frames, moment, ends, width];
      content.update([...deps, running, runs, board.marks, whole ? true : {}], () =>
        draw({
          axis,
          ticks: moment ? ticksByClock(axis, clockOffset(state)) : ticksBack(axis),
          measure,
          lanes,
          series,
          frames: seen,
          marks,
          shown,
          cursor: moment !== null,
          ends,
        }),
      );
      if (!whole) redraw();
    },
  };
}
