/** Owns what is marked on the timeline: runs, findings, and what a recording says of itself. */

import type { Mark } from '../../model/live/recording.ts';
import type { State } from '../state/store.ts';

export interface PlacedMark {
  readonly kind: Mark['kind'];
  readonly words: string;
  /** Places on the axis; of a moment the same. */
  readonly from: number;
  readonly to: number;
  /** The run that is shown or goes on. */
  readonly shown: boolean;
}

/** Of times from places on the axis (ms): the clock may have been set back. */
export function clockOffset({ frames }: Pick<State, 'frames'>): number {
  const newest = frames.at(-1);
  return newest ? newest.time - newest.at : 0;
}

export function marksOf(state: State): PlacedMark[] {
  const { board, view } = state;
  if (!board) return [];
  const at = (time: string): number => Date.parse(time) - clockOffset(state);
  const now = state.frames.at(-1)?.at ?? state.heard;
  const { running, runs, marks } = board;
  const made: PlacedMark[] = runs.map((run) => {
    const from = at(run.time);
    const words = run.verdict?.sentence ?? 'Run';
    return { kind: 'run', words, from, to: from + run.seconds * 1000, shown: !running && run.id === view.shown };
  });
  if (running) made.push({ kind: 'run', words: running.question, from: at(running.startedAt), to: now, shown: true });
  for (const { kind, time, until, words } of marks)
    made.push({ kind, words, from: at(time), to: at(until ?? time), shown: false });
  return made.sort((a, b) => a.from - b.from);
}

/** Those at a moment, or within so many ms of it. */
export const marksAt = (marks: readonly PlacedMark[], at: number, within: number): PlacedMark[] =>
  marks.filter(({ from, to }) => from - within <= at && at <= to + within);
