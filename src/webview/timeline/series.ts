/** Owns a measure of every frame, lane by lane: read once, the newest first, and only for so long in one frame of the page. */

import type { Frame } from '../../model/live/past/frame.ts';
import { restored } from '../../model/live/past/frame.ts';
import type { Sample } from '../../model/live/sample.ts';

/** Of one turn. */
const TURN_MS = 8;

export class Series {
  readonly #read: (sample: Sample) => Float32Array;
  readonly #values = new WeakMap<Frame, Float32Array>();

  /** @param read a figure for each lane. */
  constructor(read: (sample: Sample) => Float32Array) {
    this.#read = read;
  }

  /** NaN: no figure; null: it was not read yet. */
  of(frame: Frame): Float32Array | null {
    return this.#values.get(frame) ?? null;
  }

  /** @returns whether all of them are read. */
  read(frames: readonly Frame[]): boolean {
    const until = performance.now() + TURN_MS;
    for (let i = frames.length - 1; i >= 0; i--) {
      const frame = frames[i];
      if (!frame || this.#values.has(frame)) continue;
      this.#values.set(frame, this.#read(restored(frame)));
      if (performance.now() > until) return false;
    }
    return true;
  }
}

/** What stands for some frames that lie too near each other to be drawn apart. */
export interface Column {
  /** Place on the axis of the last of them. */
  readonly at: number;
  readonly mean: number;
  readonly peak: number;
  /** Nothing was sampled before it: since when it stands for what was. */
  readonly gapUntil: number | null;
}

/** @param columnMs frames of the same multiple of this are drawn as one. */
export function columnsOf(frames: readonly Frame[], series: Series, lane: number, columnMs: number): Column[] {
  const columns: Column[] = [];
  let [number, sum, count, peak, gapUntil]: [number, number, number, number, number | null] = [NaN, 0, 0, 0, null];
  let last: Frame | null = null;
  const close = (): void => {
    if (last && count > 0) columns.push({ at: last.at, mean: sum / count, peak, gapUntil });
    [sum, count, peak, gapUntil] = [0, 0, -Infinity, null];
  };
  for (const frame of frames) {
    const value = series.of(frame)?.[lane] ?? NaN;
    if (Number.isNaN(value)) continue;
    const gap = last === null || frame.from > last.at;
    const mine = Math.floor(frame.at / columnMs);
    if (mine !== number || gap) close();
    number = mine;
    if (gap) gapUntil = frame.from;
    sum += value;
    count++;
    peak = Math.max(peak, value);
    last = frame;
  }
  close();
  return columns;
}
