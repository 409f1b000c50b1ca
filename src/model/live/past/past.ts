/**
 * Owns what is remembered of a machine's samples, in bounded memory: as much as its budget holds, the older the sparser. Samples lie
 * on an axis that never runs back, whatever the clock does, and in the order in which they arrived.
 */

import type { Sample } from '../sample.ts';
import { restored } from './frame.ts';
import type { Frame } from './frame.ts';
import { gather, shapeOf } from './shape.ts';
import type { Shape } from './shape.ts';
import { thinned } from './thin.ts';

/** Where a sample lies. */
export interface Place {
  /** Its place on the axis (ms): the time of the sample, unless the clock was set back meanwhile. Unlike any other's. */
  readonly at: number;
  /** Place of the sample before it; null: it is the first. */
  readonly after: number | null;
}

/** A sample, and where it lies on the time axis. */
export interface PlacedSample extends Place {
  readonly sample: Sample;
}

/** What a frame takes beside its figures (bytes). */
const FRAME = 200;
/** Shapes that a part is compared with: hosts change seldom, the threads of a process often. */
const SHAPES = 8;
/** Samples restored that are kept, so that the same moment is the same object: what is shown, what it is compared with. */
const RESTORED = 4;
/** Samples that follow each other later than this have a gap between them: intervals, and at least so many ms. */
const GAP_INTERVALS = 3;
const GAP_MS = 2000;

/** A sample is followed without a gap by one so much later. */
const gapAfter = (intervalMs: number): number => Math.max(GAP_MS, GAP_INTERVALS * intervalMs);

export class Past {
  readonly #budget: number;
  readonly #shapes = new Map<string, Shape[]>();
  /** How many frames have it. */
  readonly #uses = new Map<Shape, number>();
  #frames: readonly Frame[] = [];
  #restored: { frame: Frame; sample: Sample }[] = [];
  #bytes = 0;
  /** What the clock was set back by. */
  #set = 0;
  #sparseUntil: number | null = null;

  /** @param budget bytes, roughly. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Ascending; another list after every change. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Up to here samples were left out for want of room; null: nowhere. */
  get sparseUntil(): number | null {
    return this.#sparseUntil;
  }

  clear(): void {
    this.#shapes.clear();
    this.#uses.clear();
    this.#frames = [];
    this.#restored = [];
    this.#bytes = 0;
    this.#set = 0;
    this.#sparseUntil = null;
  }

  /** Where a sample that has arrived now is to lie. */
  placeOf({ time, intervalMs }: Sample): Place {
    const after = this.#frames.at(-1)?.at ?? null;
    const told = Date.parse(time);
    if (after !== null && told + this.#set <= after) this.#set = after + Math.max(1, intervalMs) - told;
    return { at: told + this.#set, after };
  }

  /** Keeps a sample. @param every of a recording that holds only every n-th: n. */
  take(sample: Sample, { at, after }: Place, every = 1): void {
    const figures: number[] = [];
    const parts = Object.entries(sample)
      .filter(([name, value]) => name !== 'time' && value !== undefined)
      .map(([name, value]) => ({ name, shape: this.shapeOf(name, value, figures) }));
    const follows = after !== null && at - after <= gapAfter(sample.intervalMs * every);
    const from = follows ? after : at - sample.intervalMs;
    this.add([{ at, from, time: Date.parse(sample.time), parts, figures: Float32Array.from(figures) }]);
  }

  /** The shape of a part, the same one for all that have it; its figures are put into the row. */
  shapeOf(name: string, value: unknown, figures: number[]): Shape {
    const shapes = this.#shapes.get(name) ?? [];
    const begin = figures.length;
    for (const shape of shapes) {
      if (gather(value, shape.like, figures, name)) {
        if (shape !== shapes[0]) this.#shapes.set(name, [shape, ...shapes.filter((other) => other !== shape)]);
        return shape;
      }
      figures.length = begin;
    }
    const shape = shapeOf(value, name);
    this.#shapes.set(name, [shape, ...shapes.slice(0, SHAPES - 1)]);
    gather(value, shape.like, figures, name);
    return shape;
  }

  /** Keeps frames, in ascending order; those that are there already stay. */
  add(frames: readonly Frame[]): void {
    const last = this.#frames.at(-1)?.at ?? -Infinity;
    const behind = frames.every(({ at }) => at > last);
    const known = behind ? null : new Set(this.#frames.map(({ at }) => at));
    const fresh = known ? frames.filter(({ at }) => !known.has(at)) : frames;
    if (fresh.length === 0) return;
    for (const frame of fresh) this.#count(frame, 1);
    const all = [...this.#frames, ...fresh];
    this.#frames = behind ? all : all.sort((a, b) => a.at - b.at);
    if (this.#bytes > this.#budget) this.#thin();
  }

  /** The sample of that moment, to the 32 bits that its figures are kept with; the same object while it is looked at. */
  sampleOf(frame: Frame): Sample {
    const known = this.#restored.find((one) => one.frame === frame);
    if (known) return known.sample;
    const sample = restored(frame);
    this.#restored = [{ frame, sample }, ...this.#restored.slice(0, RESTORED - 1)];
    return sample;
  }

  #count(frame: Frame, by: 1 | -1): void {
    this.#bytes += by * (FRAME + frame.figures.byteLength);
    for (const { shape } of frame.parts) {
      const before = this.#uses.get(shape) ?? 0;
      const uses = before + by;
      if (before === 0 || uses === 0) this.#bytes += by * shape.size;
      if (uses === 0) this.#uses.delete(shape);
      else this.#uses.set(shape, uses);
    }
  }

  #thin(): void {
    let until = this.#sparseUntil ?? -Infinity;
    this.#frames = thinned(this.#frames, (left) => {
      for (const frame of left) {
        this.#count(frame, -1);
        until = Math.max(until, frame.at);
      }
      // Room for a while, so that it is not done at every sample.
      return this.#bytes <= (this.#budget * 7) / 8;
    });
    this.#sparseUntil = until;
  }
}
