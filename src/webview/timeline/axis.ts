/** Owns which stretch of time is drawn, and where its ticks are. */

import { MINUS } from '../../model/text/format.ts';
import { clock, minuteClock } from '../state/clock.ts';

export interface Axis {
  /** Ends of the stretch (ms on the axis of the past). */
  readonly begin: number;
  readonly end: number;
  /** Px. */
  readonly left: number;
  readonly width: number;
  /** Px of a place, kept within. */
  readonly x: (at: number) => number;
  /** Place of px. */
  readonly at: (x: number) => number;
}

export function axisOf(end: number, span: number, left: number, width: number): Axis {
  const begin = end - span;
  const within = (share: number): number => Math.min(1, Math.max(0, share));
  const x = (at: number): number => Math.round((left + within((at - begin) / span) * width) * 10) / 10;
  return { begin, end, left, width, x, at: (px) => begin + within((px - left) / width) * span };
}

export interface Tick {
  readonly x: number;
  readonly words: string;
  readonly anchor: 'start' | 'middle' | 'end';
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 3, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((n) => n * HOUR),
];
/** Px that words of a tick need. */
const ROOM = 88;

/** Of some minutes no part of a minute is told. */
function stepFor({ begin, end, width }: Axis): number {
  const span = end - begin;
  return STEPS.find((step) => (span / step) * ROOM <= width && (step >= MINUTE || span <= 2 * MINUTE)) ?? span;
}

function before(ms: number): string {
  if (ms === 0) return 'now';
  if (ms % HOUR === 0) return `${MINUS}${ms / HOUR} h`;
  return ms % MINUTE === 0 ? `${MINUS}${ms / MINUTE} min` : `${MINUS}${ms / SECOND} s`;
}

/** Back from now. */
export function ticksBack(axis: Axis): Tick[] {
  const step = stepFor(axis);
  const count = Math.floor((axis.end - axis.begin) / step);
  return Array.from({ length: count + 1 }, (_, i) => {
    const x = axis.x(axis.end - i * step);
    return { x, words: before(i * step), anchor: i === 0 ? 'end' : x < axis.left + ROOM / 2 ? 'start' : 'middle' };
  });
}

/** By the clock. @param offset of times from places on the axis (ms): the clock may have been set back. */
export function ticksByClock(axis: Axis, offset: number): Tick[] {
  const step = stepFor(axis);
  // Whole hours are whole hours of the clock that is read.
  const zone = new Date(axis.end).getTimezoneOffset() * MINUTE;
  const first = Math.ceil((axis.begin + offset - zone) / step) * step + zone - offset;
  const ticks: Tick[] = [];
  for (let at = first; at <= axis.end; at += step) {
    const x = axis.x(at);
    const words = step < MINUTE ? clock(at + offset) : minuteClock(at + offset);
    const anchor = x < axis.left + ROOM / 4 ? 'start' : x > axis.left + axis.width - ROOM / 4 ? 'end' : 'middle';
    ticks.push({ x, words, anchor });
  }
  return ticks;
}
