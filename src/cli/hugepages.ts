/** Options that all sub-commands of `hugepages` share: which node, which page, how many. */

import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { madeWords } from '../model/hugepages/undo.ts';
import type { HugePages } from '../model/hugepages/pools.ts';
import type { Wish } from '../model/hugepages/plan.ts';
import { PinboardError } from '../model/problem.ts';
import { formatCpuList } from '../model/text/cpulist.ts';
import { plural } from '../model/text/format.ts';
import type { PoolEntry } from '../protocol/hugepages-journal.ts';
import type { PoolJournal } from '../remote/hugepages/journal.ts';
import type { HugePagesReading } from '../remote/hugepages/read.ts';
import { nodeId, sizeInBytes, wholeNumber } from './values.ts';
import type { Where } from './where.ts';

export interface PoolOptions extends Where {
  node?: number;
  pages?: number;
  count?: number;
  size?: number;
}

const MAX_PAGES = 1e9;

/** "2m", "1G", "64k", "2MB" in bytes. */
function pageSize(text: string): number {
  const bytes = /^\d{1,6}[kmg]b?$/i.test(text) ? sizeInBytes(text.replace(/b$/i, '')) : NaN;
  if (Number.isInteger(Math.log2(bytes))) return bytes;
  throw new InvalidArgumentError('Give a page size that the host has, such as 2m or 1g.');
}

export function withPool(command: Command): Command {
  return command
    .option('--node <node>', 'NUMA node; needed if the host has several', nodeId)
    .option('--pages <size>', 'page size, such as 2m or 1g (default: 2m, else the default size of the host)', pageSize);
}

export function withAmount(command: Command, what: string): Command {
  return withPool(command)
    .option('--count <n>', `${what}, as a number of pages`, wholeNumber(1, MAX_PAGES))
    .option('--size <bytes>', `${what}, as an amount of memory, such as 40G`, sizeInBytes);
}

const TWO_MB = 2 * 1024 ** 2;

/** Which pool is meant. @throws PinboardError `usage` where that has to be said. */
function chosenPool(pools: HugePages, { node, pages }: PoolOptions): Pick<Wish, 'node' | 'sizeBytes'> {
  const ids = pools.nodes.map(({ id }) => id);
  const [only] = ids;
  const id = node ?? (ids.length === 1 ? only : undefined);
  if (id === undefined)
    throw new PinboardError('usage', 'Give --node NODE.', `This host has nodes ${formatCpuList(ids)}.`);
  const sizes = pools.nodes.find((one) => one.id === id)?.sizes.map(({ sizeBytes }) => sizeBytes) ?? [];
  const usual = sizes.includes(TWO_MB) ? TWO_MB : (pools.defaultSizeBytes ?? sizes[0] ?? TWO_MB);
  return { node: id, sizeBytes: pages ?? usual };
}

/** @throws PinboardError `usage`. */
export function wishOf(pools: HugePages, options: PoolOptions): Wish {
  const { count, size } = options;
  const pool = chosenPool(pools, options);
  if (count !== undefined && size !== undefined)
    throw new PinboardError('usage', 'Give --count or --size, not both: they say the same.');
  if (count !== undefined) return { ...pool, pages: count };
  if (size !== undefined && size > 0) return { ...pool, pages: Math.ceil(size / pool.sizeBytes) };
  throw new PinboardError('usage', 'Give --size, such as 40G, or --count, a number of pages.');
}

/** The changes of this host that were not undone. */
export async function openEntries(
  journal: PoolJournal,
  { boot }: HugePagesReading,
  transport: Parameters<PoolJournal['of']>[0]['transport'],
): Promise<{ readonly open: PoolEntry[]; readonly stale: PoolEntry[] }> {
  return transport.kind === 'recorded' ? { open: [], stale: [] } : journal.of({ transport, boot });
}

export function entryLines({ open, stale }: { readonly open: PoolEntry[]; readonly stale: PoolEntry[] }): string[] {
  const lines = (entries: readonly PoolEntry[]): string[] =>
    entries.map((entry) => `  ${entry.time.slice(0, 16).replace('T', ' ')} UTC, ${madeWords(entry)}`);
  return [
    ...(open.length === 0
      ? []
      : [
          `${plural(open.length, 'change')} made from here and not undone (hugepages undo takes back the last)`,
          ...lines(open),
        ]),
    ...(stale.length === 0
      ? []
      : [
          `${plural(stale.length, 'change')} from before this host was restarted, or made on another host of this name (hugepages undo forgets ${stale.length === 1 ? 'it' : 'them'})`,
          ...lines(stale),
        ]),
  ];
}
