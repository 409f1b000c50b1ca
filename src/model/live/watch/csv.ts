/** Samples as CSV, a row a node: what a spreadsheet or a plot is made of. Empty is what the host does not say. */

import type { Topology } from '../../topology/topology.ts';
import { nodeBusy } from '../rates.ts';
import type { NodeSample, Sample } from '../sample.ts';

/** Names say their units. */
const COLUMNS: readonly (readonly [name: string, value: (node: NodeSample) => number | null | undefined])[] = [
  ['user', ({ user }) => user],
  ['system', ({ system }) => system],
  ['iowait', ({ iowait }) => iowait],
  ['steal', ({ steal }) => steal],
  ['free_bytes', ({ freeBytes }) => freeBytes],
  ['used_bytes', ({ usedBytes }) => usedBytes],
  ['file_bytes', ({ fileBytes }) => fileBytes],
  ['anon_bytes', ({ anonBytes }) => anonBytes],
  ['slab_bytes', ({ slabBytes }) => slabBytes],
  ['hit_pages_per_second', ({ hitPerSecond }) => hitPerSecond],
  ['miss_pages_per_second', ({ missPerSecond }) => missPerSecond],
  ['foreign_pages_per_second', ({ foreignPerSecond }) => foreignPerSecond],
  ['local_pages_per_second', ({ localPerSecond }) => localPerSecond],
  ['other_pages_per_second', ({ otherPerSecond }) => otherPerSecond],
];

export const CSV_HEAD = ['time', 'interval_ms', 'node', 'busy', ...COLUMNS.map(([name]) => name)].join(',');

/** Six digits are more than any counter behind it has. */
const cell = (value: number | null | undefined): string =>
  value == null ? '' : String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));

export function csvRows(topology: Topology, sample: Sample): string[] {
  const busy = nodeBusy(topology, sample);
  return sample.nodes.map((node) =>
    [
      ...[sample.time, cell(sample.intervalMs), String(node.id), cell(busy.get(node.id))],
      ...COLUMNS.map(([, value]) => cell(value(node))),
    ].join(','),
  );
}
