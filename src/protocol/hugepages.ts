/** Huge pages between page and session, and the journal of changed pools: what was there before, written before a change is made. */

import * as v from 'valibot';
import { bytes, count, id, list, nullable, text } from './primitives.ts';

export const POOL_JOURNAL_SCHEMA = 'numa-pinboard/hugepages-journal/1';

const pages = v.pipe(count, v.safeInteger());

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

const node = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What a page asks for: so many pages free on a node. */
export const poolWishSchema = v.object({
  node,
  sizeBytes: v.pipe(bytes, v.minValue(4096)),
  pages: v.pipe(pages, v.minValue(1), v.maxValue(1e9)),
});

/** The exact change that a person confirmed: `from` is the total it was planned from. */
export const poolRequestSchema = v.object({ node, sizeBytes: v.pipe(bytes, v.minValue(4096)), from: pages, to: pages });

export const poolPlanSchema = v.object({
  needed: pages,
  free: pages,
  missing: pages,
  /** The plan and its outlook, for people; then what to do where the pages cannot be had. */
  sentences: list(text),
  otherwise: list(text),
  /** Null where nothing is missing; `sentence` says exactly what it does. */
  change: nullable(v.object({ ...poolRequestSchema.entries, sentence: text })),
  /** For root, to make the change by hand and to take it back. */
  commands: list(text),
  undo: list(text),
  /** The same from boot on, and for programs that use it, to paste. */
  paste: list(v.object({ tool: text, title: text, text, note: text })),
});

export const poolOutcomeSchema = v.object({
  total: pages,
  free: pages,
  /** Pages that are missing of what was asked for. */
  short: pages,
  sentences: list(text),
});

export const poolUndoSchema = v.object({
  /** Why a person has to confirm it, as somebody changed the pool since: nothing was done. Null: it was done. */
  differs: nullable(text),
  sentences: list(text),
});
