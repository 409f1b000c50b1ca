/** Huge pages between page and session. */

import * as v from 'valibot';
import { bytes, count, list, nullable, text } from './primitives.ts';

export const pages = v.pipe(count, v.safeInteger());

export const node = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

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
