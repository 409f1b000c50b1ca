/** Owns one remembered sample: where it lies in time, what it stands for, and how it comes back. */

import type { Sample } from '../sample.ts';
import { filled } from './shape.ts';
import type { Shape } from './shape.ts';

export interface Frame {
  /** Its place on the axis (ms), unlike any other. */
  readonly at: number;
  /** Since when it stands for what was: from the frame before it on, unless nothing was sampled in between. Earlier once that had to go. */
  from: number;
  /** Time of the sample, as it says itself (ms). */
  readonly time: number;
  /** Each part of the sample by its name. */
  readonly parts: readonly Part[];
  readonly figures: Float32Array;
}

export interface Part {
  readonly name: string;
  readonly shape: Shape;
}

export function restored({ parts, figures, time }: Frame): Sample {
  let next = 0;
  const take = (): number => figures[next++] ?? NaN;
  const entries = parts.map(({ name, shape }) => [name, filled(shape.like, take, name)]);
  return { time: new Date(time).toISOString(), ...Object.fromEntries(entries) } as Sample;
}
