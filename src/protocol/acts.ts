/** What a command of the editor asks of a page: mostly what one of its keys does, for what is shown is the page's own. */

import * as v from 'valibot';
import { OFFER_KINDS } from '../model/bench/index.ts';
import { pagesSchema } from './cases.ts';
import { count, id, list, text } from './primitives.ts';

/** Those that need nothing more. */
export const PLAIN_ACTS = [
  'undo',
  'swap',
  'clear',
  'setting',
  'baseline',
  'swapCompared',
  'endComparison',
  'measures',
  'process',
  'pagesBack',
  'poolsBack',
  'pause',
  'earlier',
  'later',
  'momentA',
  'momentB',
  'table',
  'matrix',
  'victims',
  'devices',
  'numbers',
  'warnings',
  'keys',
  'find',
  'zoomIn',
  'zoomOut',
  'fit',
  'zoomToNode',
] as const;
export type PlainAct = (typeof PLAIN_ACTS)[number];

export const pageActSchema = v.variant('act', [
  v.object({ act: v.picklist(PLAIN_ACTS) }),
  /** The benchmark that Run measures. */
  v.object({ act: v.literal('choose'), kind: v.picklist(OFFER_KINDS) }),
  /** One of the board's questions, by its key. */
  v.object({ act: v.literal('ask'), key: text }),
  /** The first is the one that the others are held against. */
  v.object({ act: v.literal('compare'), runs: list(text) }),
  /** The page shows the exact change and asks a person. */
  v.object({ act: v.literal('reserve'), node: id, pages: pagesSchema, needed: count }),
  /** Pages of what is followed, to a node; the page asks a person. */
  v.object({ act: v.literal('movePages'), to: id }),
  /** All threads of what is followed, onto CPUs; the page asks a person. */
  v.object({ act: v.literal('pinThreads'), cpus: text }),
]);
export type PageAct = v.InferOutput<typeof pageActSchema>;
