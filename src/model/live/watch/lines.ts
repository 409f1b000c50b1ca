/** Lines for a terminal, with the tone of their parts, and tables that fit its width. No tone says anything that the text does not. */

export type Tone = 'plain' | 'strong' | 'faint' | 'warm' | 'hot';

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

export type Line = readonly Span[];

export const span = (text: string, tone: Tone = 'plain'): Span => ({ text, tone });

export const textOf = (line: Line): string =>
  line
    .map(({ text }) => text)
    .join('')
    .trimEnd();

export interface Column<T> {
  readonly head: string;
  /** Texts stand on the left, numbers on the right. */
  readonly left?: boolean;
  readonly cell: (row: T) => string;
  readonly tone?: (row: T) => Tone;
}

const BETWEEN = '  ';
/** A text that is cut keeps so much, or goes. */
const LEAST_TEXT = 10;

/** At most `width` characters; what is cut ends with "…". */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : width < 1 ? '' : `${text.slice(0, width - 1)}…`;
}

/** A table whose first columns matter most: those that the width leaves no room for are left out from the end, the last text is cut. */
export function tableLines<T>(columns: readonly Column<T>[], rows: readonly T[], width: number): Line[] {
  const shown: { column: Column<T>; size: number }[] = [];
  let used = 0;
  for (const column of columns) {
    const size = Math.max(column.head.length, ...rows.map((row) => column.cell(row).length));
    const between = shown.length === 0 ? 0 : BETWEEN.length;
    const room = width - used - between;
    const own = column.left === true && room >= LEAST_TEXT ? Math.min(size, room) : size;
    if (own > room) break;
    shown.push({ column, size: own });
    used += own + between;
  }
  const padded = (text: string, { column, size }: (typeof shown)[number]): string =>
    column.left === true ? cut(text, size).padEnd(size) : text.padStart(size);
  const line = (of: (one: (typeof shown)[number]) => Span): Line =>
    shown.flatMap((one, at) => (at === 0 ? [of(one)] : [span(BETWEEN), of(one)]));
  return [
    line((one) => span(padded(one.column.head, one), 'strong')),
    ...rows.map((row) => line((one) => span(padded(one.column.cell(row), one), one.column.tone?.(row) ?? 'plain'))),
  ];
}
