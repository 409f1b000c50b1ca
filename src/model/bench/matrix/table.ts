/** The table that core-to-core-latency prints on a terminal: CPUs across and down, and "28±1" (mean and spread, ns) for each pair. */

/** One CPU's cells, and the line of the file they stand in. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Colours, where a terminal was recorded. */
const COLOUR = /\u001b\[[\d;]*m/g;
const FIGURE = '\\d+(?:\\.\\d+)?';
const PAIR = new RegExp(`(${FIGURE})\\s?±\\s?${FIGURE}`, 'g');
const LINE = new RegExp(`^\\s*(\\d{1,6})((?:\\s+${FIGURE}\\s?±\\s?${FIGURE}|\\s+-)*)\\s*$`);
const HEAD = /^\s*\d{1,6}(?:\s+\d{1,6})+\s*$/;

export interface Table {
  readonly rows: readonly Row[];
  /** CPUs that its head names; null for a table pasted without it. */
  readonly named: number | null;
}

/**
 * The table in `text`, whatever stands around it; null where there is none. The place of a cell is its number in the
 * line, as the program prints the lower half only.
 */
export function readTable(text: string): Table | null {
  if (!text.includes('±')) return null;
  const lines = text.split(/\r\n?|\n/).map((line) => line.replace(COLOUR, ''));
  const firstPair = lines.findIndex((line) => line.includes('±') && LINE.test(line));
  if (firstPair === -1) return null;
  const head = lines.slice(0, firstPair).findLastIndex((line) => HEAD.test(line));
  const names = lines[head]?.trim().split(/\s+/) ?? null;
  const rows: Row[] = [];
  for (let at = head === -1 ? firstPair - 1 : head + 1; at < lines.length; at++) {
    const [, name, pairs = ''] = LINE.exec(lines[at] ?? '') ?? [];
    if (name === undefined || (names && name !== names[rows.length])) {
      if (rows.length > 0) break;
      continue;
    }
    rows.push({ line: at + 1, cells: [...pairs.matchAll(PAIR)].map(([, figure]) => figure ?? '') });
  }
  return { rows, named: names?.length ?? null };
}
