/** What a host has of huge pages, and who uses them, for the terminal and as JSON. */

import { isUnavailable } from '../run/run.ts';
import type { Reading } from '../run/run.ts';
import { formatBytes, formatCount, plural } from '../text/format.ts';
import { table } from '../text/table.ts';
import type { HugePages } from './pools.ts';
import type { HugePageProcess, HugePageUse } from './users.ts';

const HUGEPAGES_SCHEMA = 'numa-pinboard/hugepages/1';

/** `hugepages list --format json`; what could not be read is null, or says why. */
export function hugePagesJson(host: string, { nodes, promised }: HugePages, use: HugePageUse): Record<string, unknown> {
  return {
    schema: HUGEPAGES_SCHEMA,
    host,
    nodes: nodes.map(({ id, cpus, memoryBytes, freeBytes, sizes }) => ({ id, cpus, memoryBytes, freeBytes, sizes })),
    promised,
    ...use,
  };
}

const orUnknown = (value: number | null): string => (value === null ? 'unknown' : formatCount(value));

export function hugePagesText(host: string, state: HugePages, use: HugePageUse): string[] {
  const rows = state.nodes.flatMap((node) =>
    node.sizes.map((pool) => [
      node.inferred ? 'host' : String(node.id),
      formatBytes(pool.sizeBytes),
      formatCount(pool.total),
      orUnknown(pool.free),
      orUnknown(pool.surplus),
      pool.free === null ? 'unknown' : formatCount(pool.total - pool.free),
    ]),
  );
  const head = ['node', 'page', 'reserved', 'free', 'surplus', 'in use'];
  const pools =
    rows.length === 0 ? ['  none: the host shows no pools'] : indented(table([head, ...rows], [1, 2, 3, 4, 5]));
  return [
    `Huge pages of ${host}`,
    ...pools,
    ...state.promised.map(
      ({ sizeBytes, pages }) =>
        `  ${plural(pages, 'free page')} of ${formatBytes(sizeBytes)} promised to programs that have not touched them yet (on which node the kernel does not say)`,
    ),
    ...part('Processes', use.processes, 'none', processLines),
    ...(use.othersHidden
      ? ['  unavailable: processes of other users, which this host hides (hidepid); root sees them']
      : []),
    ...part('Mounts of hugetlbfs', use.mounts, 'none', ({ path, sizeBytes, limitBytes }) => [
      `${path}: pages of ${sizeBytes === null ? 'the default size' : formatBytes(sizeBytes)}, ${limitBytes === null ? 'no limit' : `at most ${formatBytes(limitBytes)}`}`,
    ]),
    ...part(
      'Limits of control groups',
      use.limits,
      'none, and none uses any',
      ({ group, sizeBytes, limitBytes, usedBytes }) => [
        `${group}: pages of ${formatBytes(sizeBytes)}, ${limitBytes === null ? 'no limit' : `at most ${formatBytes(limitBytes)}`}, ${usedBytes === null ? 'use unknown' : `${formatBytes(usedBytes)} used`}`,
      ],
    ),
  ];
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

function part<T>(title: string, entries: Reading<readonly T[]>, none: string, lines: (entry: T) => string[]): string[] {
  if (isUnavailable(entries)) return [`${title}: unavailable: ${entries.unavailable}`];
  if (entries.length === 0) return [`${title}: ${none}`];
  return [title, ...indented(entries.flatMap(lines))];
}

function processLines({ pid, name, bytes, pages }: HugePageProcess): string[] {
  const where = isUnavailable(pages)
    ? `by node unavailable: ${pages.unavailable}`
    : pages
        .map((one) => `${plural(one.pages, 'page')} of ${formatBytes(one.sizeBytes)} on node ${one.node}`)
        .join(', ');
  return [`${pid} ${name}: ${formatBytes(bytes)}${where === '' ? '' : `; ${where}`}`];
}
