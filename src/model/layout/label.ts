/** What fits where: level of detail by size on screen, not by how many there are. */

import type { CpuName } from '../topology/numbering.ts';
import type { Box } from './box.ts';

/** Widths (px) from which a thread's cell shows more; heights where its label and value stand on two lines. */
const NAME = 50;
const VALUE = 36;
const NUMBER = 24;
const BESIDE_NAME = 62;
const TWO_LINES = 30;
/** Lowest cell that holds a line of 10 px type. */
const ONE_LINE = 11;

/** px: no type is smaller; where that does not fit there is none. */
export const SMALLEST_TYPE = 10;

/** Mean advance of a digit or letter, as a share of the type's size. */
const ADVANCE = 0.6;

export function textWidth(text: string, size: number): number {
  return text.length * size * ADVANCE;
}

/** As much of the words as goes into `room` px. */
export function fitting(words: string, size: number, room: number): string {
  const letters = Math.max(0, Math.floor(room / textWidth('x', size)));
  return words.length <= letters ? words : `${words.slice(0, Math.max(0, letters - 1)).trimEnd()}…`;
}

export interface CellText {
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly text: string;
}

export interface CellTexts {
  readonly label: CellText | null;
  readonly value: CellText | null;
}

/** The texts of a thread's cell, relative to the board: its name, and the value where there is one. */
export function cellTexts(box: Box, { long, short }: CpuName, value: string | null): CellTexts {
  const { x, y, w, h } = box;
  const least = short ?? long;
  if (w < NUMBER || h < ONE_LINE || textWidth(least, 10) > w - 2) return { label: null, value: null };
  const tall = h >= TWO_LINES;
  const middle = y + h / 2 + 3.5;
  const alone = value !== null && (w >= VALUE || tall) && textWidth(value, 11) < w - 6;
  // On one line a value that would run into the number stands in the pop-over only.
  const room = alone && (tall || textWidth(least, 10) + textWidth(value, 11) + 7 <= w);
  const beside = room && !tall;
  const inset = w < NAME ? 2.5 : 5;
  const both = textWidth(long, 10) + (beside ? textWidth(value, 11) + 8 : 0);
  const named = w >= NAME && (!beside || w >= BESIDE_NAME) && both < w - 8;
  const name = named ? long : least;
  const centred = w < NAME && !room;
  const label: CellText = centred
    ? { x: x + w / 2, y: middle, anchor: 'middle', text: name }
    : { x: x + inset, y: tall && (room || w >= NAME) ? y + 13 : middle, anchor: 'start', text: name };
  if (!room) return { label, value: null };
  return {
    label,
    value: { x: x + w - inset, y: tall ? y + h - 6 : middle + 0.5, anchor: 'end', text: value },
  };
}

/** A place in an order, in a cell that has no room for its name as well; null: not even for that. */
export function numberAlone(box: Box, value: string | null): CellTexts | null {
  const label = value === null ? null : cellTexts(box, { long: value, short: value }, null).label;
  return label && { label: null, value: { ...label, x: box.x + box.w / 2, anchor: 'middle' } };
}

/** px at the lower edge of a cell that its token leaves to its heat: a line of type where that much is left of both. */
export function heatEdge({ w, h }: Box): number {
  return h >= 34 && w >= 48 ? 13 : Math.max(1.5, Math.min(5, h * 0.2));
}

/** What an occupied cell says of its heat, where its edge holds a line. */
export function edgeText(box: Box, value: string | null): CellText | null {
  if (value === null || heatEdge(box) < ONE_LINE) return null;
  return { x: box.x + box.w - 5, y: box.y + box.h - 2.5, anchor: 'end', text: value };
}

/** Where a token stands in a cell: in full, as a letter, or as a flag above it. */
export function tokenSize(box: Box): 'full' | 'letter' | 'flag' {
  if (box.h < 14 || box.w < 28) return 'flag';
  return box.w >= 48 ? 'full' : 'letter';
}

/** A label of this size is readable in the box. */
export function holds(box: Box, text: string, size: number, inset = 4): boolean {
  return box.h >= size && box.w >= textWidth(text, size) + 2 * inset;
}
