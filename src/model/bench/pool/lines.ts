/** Pools for the terminal: a table a load, a row a first touch, a column an order, and what the workers of the nearest first did. */

import type { Result } from '../../run/run.ts';
import type { Topology } from '../../topology/topology.ts';
import { poolsMeasured, poolsWrong, poolTables } from './tables.ts';
import type { PoolTable } from './tables.ts';

/** The first column flush left, the others flush right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `    ${row.map((words, at) => (at === 0 ? words.padEnd(widths[0] ?? 0) : words.padStart(widths[at] ?? 0))).join('  ')}`.trimEnd(),
  );
}

const table = ({ title, orders, rows, did }: PoolTable): string[] => [
  `  ${title}`,
  ...aligned([['', ...orders], ...rows.map(({ touch, cells }) => [touch, ...cells])]),
  ...did.map((words) => `    ${words}`),
];

/** Null for fewer than two results, which a line each says best. */
export function poolLines(topology: Topology, results: readonly Result[]): string[] | null {
  const tables = poolTables(topology, results);
  return (
    tables && [
      ...tables.flatMap(table),
      `  ${poolsMeasured(topology, results)}`,
      ...poolsWrong(topology, results).map((why) => `  ! ${why}`),
    ]
  );
}
