/** A change of one pool, as it is shown before it is made, and the commands that a person with root would type for it. */

import { plural, formatBytes } from '../text/format.ts';
import { poolFile } from './pools.ts';

/** Sets the reservation of one size on one node. */
export interface PoolChange {
  readonly node: number;
  /** Where the host shows no nodes: the pool is the machine's. */
  readonly inferred: boolean;
  readonly sizeBytes: number;
  /** `nr_hugepages` when it was planned: where it is another by then, nothing is changed. */
  readonly from: number;
  /** `surplus_hugepages` then: they are part of `from`, not of the reservation. */
  readonly surplus: number;
  /** What is written to `nr_hugepages`. */
  readonly to: number;
}

/** What the pool was after a change. */
export interface PoolReading {
  readonly total: number;
  readonly free: number;
  readonly surplus: number;
}

/** What came of a change. */
export interface ChangeOutcome {
  readonly change: PoolChange;
  readonly reading: PoolReading;
  /** As root, or through `sudo -n`. */
  readonly how: 'directly' | 'sudo';
  /** Pages that the reservation is short of what was asked for: the kernel gives fewer without an error. */
  readonly short: number;
  /** Pages above the reservation that remain because programs use them. */
  readonly inUse: number;
}

/** The reservation itself: what writing this number again would leave as it is. */
export const persistent = ({ total, surplus }: Pick<PoolReading, 'total' | 'surplus'>): number =>
  Math.max(0, total - surplus);

/** The reservation before the change. */
export const reservedBefore = ({ from, surplus }: PoolChange): number => persistent({ total: from, surplus });

export const setCommand = (pool: Pick<PoolChange, 'node' | 'inferred' | 'sizeBytes'>, pages: number): string =>
  `echo ${pages} | sudo tee ${poolFile({ id: pool.node, inferred: pool.inferred }, pool.sizeBytes)}`;

/** What puts back what was there before the change. */
export const undoCommand = (change: PoolChange): string => setCommand(change, reservedBefore(change));

/** "node 1", or "this host" where there are none. */
export const whereOf = ({ node, inferred }: Pick<PoolChange, 'node' | 'inferred'>): string =>
  inferred ? 'this host' : `node ${node}`;

/** "512 pages of 2 MB (1 GB)", "no pages of 2 MB". */
export function pagesOf(pages: number, sizeBytes: number): string {
  if (pages === 0) return `no pages of ${formatBytes(sizeBytes)}`;
  return `${plural(pages, 'page')} of ${formatBytes(sizeBytes)} (${formatBytes(pages * sizeBytes)})`;
}

/** Pages more (or, negative, fewer) that the change asks for. */
export const differenceOf = (change: PoolChange): number => change.to - reservedBefore(change);

/** One sentence that says exactly what is done. */
export function changeSentence(change: PoolChange): string {
  const { to, sizeBytes } = change;
  const more = differenceOf(change);
  const verb = more > 0 ? `reserves ${pagesOf(more, sizeBytes)} more` : `releases ${pagesOf(-more, sizeBytes)}`;
  const file = poolFile({ id: change.node, inferred: change.inferred }, sizeBytes);
  return `This ${verb} on ${whereOf(change)}: ${file} goes from ${reservedBefore(change)} to ${to}.`;
}
