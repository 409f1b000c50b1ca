/** Schema of what was sampled: where a sample lies, and a piece of the past (`model/live/past/chunk.ts`). */

import * as v from 'valibot';
import type { Chunk } from '../model/live/past/chunk.ts';
import { chunkBefore, framesOf } from '../model/live/past/chunk.ts';
import { restored } from '../model/live/past/frame.ts';
import { Past } from '../model/live/past/past.ts';
import { count, finite, list, nullable, text } from './primitives.ts';
import { sampleSchema } from './sample.ts';

/** On the axis of `model/live/past/past.ts`. */
export const placeEntries = { at: finite, after: nullable(finite) };

/** Frames of the same parts differ in their figures alone: one of each kind speaks for all. */
function areSamples({ parts, frames }: Chunk): boolean {
  const kinds = new Map(frames.map((frame) => [frame.parts.join(), frame]));
  return framesOf({ parts, frames: [...kinds.values()], more: false }, new Past(0)).every((frame) =>
    v.is(sampleSchema, restored(frame)),
  );
}

/** What a Date can hold (ms). */
const moment = v.pipe(finite, v.minValue(0), v.maxValue(8.64e15));

export const pastSchema = v.pipe(
  v.object({
    parts: list(v.object({ name: text, like: v.unknown() })),
    frames: list(
      v.object({ at: finite, from: finite, time: moment, parts: list(count), figures: list(nullable(finite)) }),
    ),
    more: v.boolean(),
  }),
  v.check((chunk) => areSamples(chunk), 'holds something that is no sample'),
);
export type Piece = v.InferOutput<typeof pastSchema>;

/** The newest piece of what was sampled before a place on the time axis; null: before now. */
export function pieceBefore(past: Past, before: number | null): Piece {
  // The schema's types are the model's without `readonly`; what is sent is never changed on this side.
  return chunkBefore(past, before) as unknown as Piece;
}
