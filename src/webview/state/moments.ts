/** Owns which moment the page shows: now, or one of the past; and the two that are held against each other. */

import type { Frame } from '../../model/live/past/frame.ts';
import type { LaneKind } from '../../model/live/past/lanes.ts';
import { clock } from './clock.ts';
import { isRecorded } from './select.ts';
import { SPANS } from './store.ts';
import type { Moment, State, Store } from './store.ts';

export interface MomentActions {
  /** Stops at what is shown, or goes on: with what is sampled now, or in a recording from where it stands. */
  toggle(): void;
  /** From where it stands on, at the pace at which it happened. */
  play(): void;
  /** Ten times as fast, sixty times, and as it happened again. */
  faster(): void;
  live(): void;
  /** So many samples on, or (negative) back; it pauses there. */
  step(by: number): void;
  /** To the sample that holds for a place on the axis. */
  moveTo(at: number): void;
  first(): void;
  last(): void;
  /** Makes the moment that is shown A or B; once more: not any more. */
  keep(end: 'a' | 'b'): void;
  /** Compares no moments any more. */
  forgetEnds(): void;
  /** Less time in sight (1), or more (-1). */
  zoom(by: 1 | -1): void;
  span(minutes: number): void;
  lanes(kind: LaneKind): void;
  /** Begins to record what is sampled, or ends it. */
  record(): void;
}

const LEAST_SPAN_MS = 10_000;
const NOTHING_YET = 'Nothing was sampled yet';

/** The state as of the moment that is shown: whatever shows a sample shows that one. */
export function atMoment(state: State): State {
  return state.moment ? { ...state, sample: state.past.sampleOf(state.moment.frame) } : state;
}

/** Minutes in sight, as ms; of all there are, what they span. */
export function spanMs(state: State): number {
  const { view, frames } = state;
  const all = Math.max(LEAST_SPAN_MS, (frames.at(-1)?.at ?? 0) - (frames[0]?.from ?? 0));
  const wanted = view.span === 0 ? all : view.span * 60_000;
  // Nothing is to come of a recording.
  return isRecorded(state) ? Math.min(all, wanted) : wanted;
}

/** Place of the frame that holds at a place on the axis: the last that was sampled by then, else the first. */
export function frameAt(frames: readonly Frame[], at: number): number {
  let [low, high] = [0, frames.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((frames[middle]?.at ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Nothing happens for longer than this when it is played (ms): gaps are passed over. */
const LONGEST_WAIT_MS = 2000;
/** What is played faster leaves samples out rather than to draw more often than this (ms). */
const SHORTEST_WAIT_MS = 100;
const FASTER: Readonly<Record<number, number>> = { 1: 10, 10: 60, 60: 1 };

interface Needs {
  readonly store: Store;
  readonly announce: (words: string) => void;
  readonly record: () => void;
}

export function createMoments({ store, announce, record }: Needs): MomentActions {
  let next = 0;
  const state = store.get;
  const shown = (): number => {
    const { frames, moment } = state();
    const at = moment ? frames.indexOf(moment.frame) : frames.length - 1;
    // A frame that had to make room is shown on, and left for its neighbour.
    return at < 0 && moment ? frameAt(frames, moment.frame.at) : at;
  };
  /** The stretch in sight stays as it is while the moment is in it. */
  const endFor = (frame: Frame): number => {
    const { frames, moment } = state();
    const newest = frames.at(-1)?.at ?? frame.at;
    const [end, span] = [moment?.end ?? newest, spanMs(state())];
    if (frame.at > end) return frame.at;
    return frame.at < end - span ? Math.min(newest, frame.at + span) : end;
  };
  const stop = (): void => {
    clearTimeout(next);
    next = 0;
  };
  const show = (frame: Frame | undefined, speed = 0): void => {
    if (!frame) return;
    stop();
    store.set({ moment: { frame, end: endFor(frame), speed } });
    if (speed > 0) schedule(frame, speed);
  };
  const live = (): void => {
    stop();
    if (isRecorded(state()) || !state().moment) return;
    store.set({ moment: null });
    announce('Live');
  };
  const schedule = (frame: Frame, speed: number): void => {
    const { frames } = state();
    const after = frameAt(frames, frame.at) + 1;
    const following = frames[Math.max(after, frameAt(frames, frame.at + speed * SHORTEST_WAIT_MS))];
    if (!following) {
      if (isRecorded(state())) show(frame);
      else live();
      return;
    }
    const wait = Math.min(LONGEST_WAIT_MS, (following.at - frame.at) / speed);
    next = window.setTimeout(() => {
      // Another host's past, or somebody went elsewhere: what is shown then has its own end.
      if (state().moment?.frame === frame) show(following, speed);
    }, wait);
  };
  const play = (): void => {
    const { frames, moment } = state();
    // At its end a recording begins anew.
    const over = moment?.frame === frames.at(-1);
    show(over ? frames[0] : frames[shown()], 1);
  };
  const span = (minutes: number): void => {
    const { moment, frames } = state();
    store.view({ span: minutes });
    if (!moment) return;
    // What was looked at stays in sight, with what came before and after it.
    const newest = frames.at(-1)?.at ?? moment.frame.at;
    store.set({ moment: { ...moment, end: Math.min(newest, moment.frame.at + spanMs(state()) / 2) } });
  };
  return {
    toggle() {
      const { moment, frames } = state();
      if (frames.length === 0) announce(NOTHING_YET);
      else if (moment && moment.speed > 0) show(moment.frame);
      else if (moment && isRecorded(state())) play();
      else if (moment) live();
      else {
        show(frames.at(-1));
        announce(`Paused at ${clock(frames.at(-1)?.time ?? 0)}`);
      }
    },
    play,
    faster() {
      const { moment } = state();
      if (moment) show(moment.frame, FASTER[moment.speed] ?? 1);
    },
    live,
    step(by) {
      const { frames } = state();
      show(frames[Math.max(0, Math.min(frames.length - 1, shown() + by))]);
    },
    moveTo(at) {
      const { frames } = state();
      show(frames[frameAt(frames, at)]);
    },
    first: () => show(state().frames[0]),
    last: () => show(state().frames.at(-1)),
    keep(end) {
      const { ends, frames } = state();
      const frame = frames[shown()];
      if (!frame) {
        announce(NOTHING_YET);
        return;
      }
      const already = ends[end] === frame;
      store.set({ ends: { ...ends, [end]: already ? null : frame } });
      const name = end.toUpperCase();
      announce(already ? `${name} is no moment any more` : `${name} is ${clock(frame.time)}`);
    },
    forgetEnds: () => store.set({ ends: { a: null, b: null } }),
    zoom(by) {
      const at = SPANS.findIndex((one) => one === state().view.span);
      const next = SPANS[Math.max(0, Math.min(SPANS.length - 1, at - by))];
      if (next !== undefined) span(next);
    },
    span,
    lanes: (kind) => store.view({ lanes: kind }),
    record,
  };
}

/** When it was, and how long ago; of a recording only when. */
export function whenWords(state: State, { frame }: Moment): string {
  if (isRecorded(state)) return clock(frame.time);
  const newest = state.frames.at(-1)?.at ?? frame.at;
  const seconds = Math.round((newest - frame.at) / 1000);
  return `${clock(frame.time)}, ${agoWords(seconds)}`;
}

export const momentWords = (state: State, moment: Moment): string =>
  `${moment.speed > 0 ? 'playing' : 'paused at'} ${whenWords(state, moment)}`;

/** "just now", "45 s ago", "2 min 10 s ago", "1 h 5 min ago". */
export function agoWords(seconds: number): string {
  if (seconds < 1) return 'just now';
  const [hours, minutes, left] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (hours > 0) return `${hours} h${minutes > 0 ? ` ${minutes} min` : ''} ago`;
  return `${minutes > 0 ? `${minutes} min` : ''}${minutes > 0 && left > 0 ? ' ' : ''}${left > 0 ? `${left} s` : ''} ago`;
}
