/** Owns how the past travels: piece by piece from the newest to the oldest, as much at a time as a message may hold. */

import type { Frame, Part } from './frame.ts';
import type { Past } from './past.ts';
import type { Shape } from './shape.ts';

export interface Chunk {
  /** Each once. */
  readonly parts: readonly { readonly name: string; readonly like: unknown }[];
  /** Ascending; `parts` by their place in that list. */
  readonly frames: readonly {
    readonly at: number;
    readonly from: number;
    readonly time: number;
    readonly parts: readonly number[];
    readonly figures: readonly (number | null)[];
  }[];
  /** There are older ones. */
  readonly more: boolean;
}

/** Figures of a piece, which take about 6 bytes each in JSON. */
const FIGURES = 50_000;
/** What 32 bits hold, and no digit more. */
const DIGITS = 7;

/** @param before the place that the page has what follows of; null: it has nothing. */
export function chunkBefore({ frames }: Past, before: number | null): Chunk {
  const older = before === null ? frames : frames.filter(({ at }) => at < before);
  let [begin, figures] = [older.length, 0];
  while (begin > 0) {
    figures += older[begin - 1]?.figures.length ?? 0;
    if (figures > FIGURES && begin < older.length) break;
    begin--;
  }
  const parts: Part[] = [];
  const places = new Map<Shape, number>();
  const placeOf = (part: Part): number => {
    const known = places.get(part.shape);
    if (known !== undefined) return known;
    places.set(part.shape, parts.length);
    return parts.push(part) - 1;
  };
  return {
    frames: older.slice(begin).map((frame) => ({
      at: frame.at,
      from: frame.from,
      time: frame.time,
      parts: frame.parts.map(placeOf),
      figures: Array.from(frame.figures, (figure) =>
        Number.isNaN(figure) ? null : Number(figure.toPrecision(DIGITS)),
      ),
    })),
    parts: parts.map(({ name, shape }) => ({ name, like: shape.like })),
    more: begin > 0,
  };
}

/** @param past what they are to be kept in. */
export function framesOf(chunk: Chunk, past: Past): Frame[] {
  const parts = chunk.parts.map(({ name, like }): Part => ({ name, shape: past.shapeOf(name, like, []) }));
  return chunk.frames.map((frame) => ({
    ...{ at: frame.at, from: frame.from, time: frame.time },
    parts: frame.parts.flatMap((at) => parts[at] ?? []),
    figures: Float32Array.from(frame.figures, (figure) => figure ?? NaN),
  }));
}
