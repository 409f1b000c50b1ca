/**
 * Changing a pool of huge pages and putting it back. Every change is in the journal before it is made, compares what is there with
 * what was planned from, and counts what is read back.
 */

import { randomBytes } from 'node:crypto';
import { persistent, reservedBefore } from '../../model/hugepages/change.ts';
import type { ChangeOutcome, PoolChange } from '../../model/hugepages/change.ts';
import { PinboardError } from '../../model/problem.ts';
import { POOL_JOURNAL_SCHEMA } from '../../protocol/hugepages-journal.ts';
import type { PoolEntry } from '../../protocol/hugepages-journal.ts';
import type { Host } from '../host.ts';
import type { PoolJournal } from './journal.ts';
import { MaybeChanged, setPool } from './set-pool.ts';

export interface ChangeOptions {
  readonly journal: PoolJournal;
  /** Of the host, as `readHugePages` gave it. */
  readonly boot: string | null;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a change that a person confirmed.
 * @throws PinboardError `permission` with the command to type, `busy` where the pool is not what it was planned from; then nothing
 * is changed. MaybeChanged: the change may have been made, and is in the journal.
 */
export function changeHugePages(host: Host, change: PoolChange, options: ChangeOptions): Promise<ChangeOutcome> {
  const { journal, boot, signal } = options;
  const { name, kind } = host.transport;
  if (kind === 'recorded')
    throw new PinboardError('unsupported', 'This machine is a recording: nothing can be changed on it.');
  return journal.exclusively(async () => {
    const entry: PoolEntry = {
      schema: POOL_JOURNAL_SCHEMA,
      id: randomBytes(6).toString('hex'),
      time: new Date().toISOString(),
      host: { name, transport: kind },
      boot,
      node: change.node,
      inferred: change.inferred,
      sizeBytes: change.sizeBytes,
      before: reservedBefore(change),
      asked: change.to,
      after: null,
    };
    await journal.write(entry);
    return settle(host, entry, change, { journal, signal }, () => journal.remove(entry));
  });
}

/** Puts back what was there before an entry's change; the entry goes when it is there again. @throws as `changeHugePages`. */
export function undoHugePages(
  host: Host,
  entry: PoolEntry,
  change: PoolChange,
  { journal, signal }: ChangeOptions,
): Promise<ChangeOutcome> {
  return journal.exclusively(async () => {
    // From here on nobody knows what is there, until it is read back.
    await journal.write({ ...entry, after: null });
    return settle(host, entry, change, { journal, signal }, () => journal.write(entry));
  });
}

/** Makes it and has the journal say what is there then. @param unchanged what the journal is to say where nothing was changed. */
async function settle(
  host: Host,
  entry: PoolEntry,
  change: PoolChange,
  { journal, signal }: Pick<ChangeOptions, 'journal' | 'signal'>,
  unchanged: () => Promise<void>,
): Promise<ChangeOutcome> {
  try {
    const outcome = await make(host, change, signal);
    const after = persistent(outcome.reading);
    if (after === entry.before) await journal.remove(entry);
    else await journal.write({ ...entry, after });
    return outcome;
  } catch (error) {
    if (!(error instanceof MaybeChanged)) await unchanged();
    throw error;
  }
}

async function make(host: Host, change: PoolChange, signal: AbortSignal | undefined): Promise<ChangeOutcome> {
  const { how, ...reading } = await setPool(host.transport, change, signal);
  const { total, surplus } = reading;
  return { change, reading, how, short: Math.max(0, change.to - persistent(reading)), inUse: Math.min(surplus, total) };
}
