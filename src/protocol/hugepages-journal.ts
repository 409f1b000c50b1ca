/** The journal of changed pools: what was there before, written before a change is made. */

import * as v from 'valibot';
import { pages } from './hugepages.ts';
import { bytes, id, nullable, text } from './primitives.ts';

export const POOL_JOURNAL_SCHEMA = 'numa-pinboard/hugepages-journal/1';

export const poolEntrySchema = v.object({
  schema: v.literal(POOL_JOURNAL_SCHEMA),
  id: v.pipe(text, v.regex(/^[0-9a-f]{12}$/)),
  time: v.pipe(text, v.isoTimestamp()),
  host: v.object({ name: text, transport: v.picklist(['local', 'ssh']) }),
  /** Which boot of the host it was: what was reserved at run time is gone with it. Null where the host does not say. */
  boot: nullable(text),
  node: id,
  /** True where the host shows no nodes: the pool is the machine's. */
  inferred: v.boolean(),
  sizeBytes: v.pipe(bytes, v.minValue(4096)),
  /** The reservation before the change, and the one asked for. */
  before: pages,
  asked: pages,
  /** The reservation read back after the change; null while it is being made, and where the client ended before it knew. */
  after: nullable(pages),
});

export type PoolEntry = v.InferOutput<typeof poolEntrySchema>;
