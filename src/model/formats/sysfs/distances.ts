/** How far firmware says nodes are from each other: ACPI's SLIT, as nodeN/distance prints it. */

import type { Source } from './source.ts';

/** Distances by node id, as in the topology's `distances`. */
export type Row = Readonly<Record<string, number>>;

function readRow(source: Source, path: string, length: number): number[] | null {
  const words = source.text(path, 16_384)?.split(/\s+/) ?? [];
  return words.length === length && words.every((word) => /^\d{1,9}$/.test(word)) ? words.map(Number) : null;
}

/**
 * Row of each of `ids`, over `ids` alone. A row holds one figure for each of `columns`, the online nodes in ascending
 * order. All rows or none: part of a table could not be told from a machine of another shape.
 */
export function readDistances(
  source: Source,
  folder: string,
  ids: readonly number[],
  columns: readonly number[],
): ReadonlyMap<number, Row> {
  const kept = new Set(ids.map(String));
  const table = new Map<number, Row>();
  const broken: number[] = [];
  for (const id of ids) {
    const row = readRow(source, `${folder}/node${id}/distance`, columns.length);
    if (!row) {
      broken.push(id);
      continue;
    }
    const pairs = columns.map((column, i): [string, number] => [String(column), row[i] ?? 0]);
    table.set(id, Object.fromEntries(pairs.filter(([column]) => kept.has(column))));
  }
  if (broken.length === 0) return warnOfOddities(source, table);
  if (broken.some((id) => source.raw(`${folder}/node${id}/distance`) !== null)) {
    source.warn(
      `The distances of nodes ${broken.join(',')} are not one for each of ${columns.length} online nodes; none was used.`,
    );
  }
  return new Map();
}

function warnOfOddities(source: Source, table: ReadonlyMap<number, Row>): ReadonlyMap<number, Row> {
  for (const [id, row] of table) {
    const own = row[id] ?? 0;
    const nearer = Object.entries(row).find(([, distance]) => distance < own);
    if (!nearer) continue;
    source.warnOf(
      'nearer to another node',
      `Node ${id} claims to be nearer to node ${nearer[0]} (${nearer[1]}) than to itself (${own})`,
      (each) => `${each}; shown as reported.`,
    );
  }
  return table;
}
