/** What a page may ask its host for, as the host reads it: a page that asks carries none of it. */

import * as v from 'valibot';
import { OFFER_KINDS } from '../model/bench/index.ts';
import { MATRIX_KINDS } from '../model/cases/matrix.ts';
import { node, pages, poolRequestSchema } from './hugepages.ts';
import { empty, heldSchema, requestId, selectionSchema, workloadSchema } from './messages.ts';
import type { Method } from './messages.ts';
import { bytes, count, cpuList, finite, id, list, nullable, text } from './primitives.ts';
import { planActSchema } from './plan-act.ts';
import { MAX_NAME, runIdSchema } from './run.ts';

/** What a page asks for: so many pages free on a node. */
const poolWishSchema = v.object({
  node,
  sizeBytes: v.pipe(bytes, v.minValue(4096)),
  pages: v.pipe(pages, v.minValue(1), v.maxValue(1e9)),
});

/** In the order in which they are shown. */
const cpusAsked = v.pipe(list(id), v.maxLength(4096));
/** Every request by its method: what it takes. */
export const REQUESTS = {
  /** The whole board. Problem `version` when page and host do not fit. */
  open: v.object({ version: count }),
  /** Whether anybody looks: nothing is sampled while nobody does. */
  watch: v.object({ visible: v.boolean() }),
  /** The processes whose threads and pages are shown; null: none. */
  follow: v.object({ selection: nullable(selectionSchema) }),
  /** What was sampled before a place on the time axis (null: before now), from the newest piece on; a page asks for it piece by piece. */
  past: v.object({ before: nullable(finite) }),
  /** Begins to record what is sampled, also while nobody looks; null: a person who was asked where to declined. */
  record: empty,
  /** Ends it; null: nothing was recorded. */
  stopRecording: empty,
  /** What runs on the host, to choose from. */
  processes: empty,
  /** Whether NUMA is the problem of the host, or of somebody's work there ("pid:4711"); the answer stands on the board. */
  check: v.object({ of: nullable(v.pipe(text, v.maxLength(1100))) }),
  /** Ends that look, whoever asked for it. */
  stopCheck: empty,
  /** Puts a token on CPUs or nodes, and on nothing else, or (null) back into the tray. */
  place: v.object({ slot: text, on: nullable(heldSchema) }),
  /** Takes the last move back. */
  undo: empty,
  /** Chooses the benchmark; the tokens and settings that it had come back. */
  choose: v.object({ kind: v.picklist(OFFER_KINDS) }),
  /** Settings of the benchmark that is chosen. */
  configure: workloadSchema,
  baseline: v.object({ run: nullable(text) }),
  /**
   * Measures what is placed. Cancelling keeps what was measured so far. A run belongs to the board: a page that is
   * closed or loaded anew does not end it.
   */
  run: empty,
  /** Measures what pairs of CPUs (or nodes) cost, within a budget of time; else as `run`. */
  matrix: v.object({
    what: v.picklist(MATRIX_KINDS),
    budgetMs: v.pipe(v.number(), v.minValue(100), v.maxValue(600_000)),
  }),
  /** What pairs of CPUs cost by a run's matrix: row by row, each pair as measured, else as inferred; null where it says nothing of it. */
  pairs: v.object({ run: text, rows: cpusAsked, columns: cpusAsked }),
  /** Measures what crossing sockets costs, within a budget of time; else as `run`. */
  guide: v.object({ budgetMs: v.pipe(v.number(), v.minValue(1000), v.maxValue(600_000)) }),
  /**
   * Starts the user's own program: its words, which no shell reads, and (null: anywhere) where, as `0-3`, `0-3@1` or
   * `@interleave`. It is a run, and ends with `stop`.
   */
  program: v.object({ command: v.pipe(list(text), v.minLength(1)), pin: nullable(text) }),
  /** Looks for the best placement of a program that ends by itself, within a budget of time; else as `run`. */
  race: v.object({
    command: v.pipe(list(text), v.minLength(1)),
    budgetMs: v.pipe(v.number(), v.minValue(1000), v.maxValue(24 * 3_600_000)),
  }),
  /** Moves threads of that program onto CPUs. */
  pin: v.object({ threads: list(id), cpus: cpuList }),
  /** Lets threads run where they might before they were last moved from here. */
  undoPin: v.object({ threads: list(id) }),
  /** Moves its pages to a node, from all others. */
  pages: v.object({ to: id }),
  /** Moves the pages of the last move back to the nodes they came from. */
  back: empty,
  /** What it takes to have so many huge pages free on a node: nothing is changed. */
  planHugePages: poolWishSchema,
  /** Makes the change of a plan, which a person confirmed: only if the pool still is what it was planned from. */
  reserveHugePages: poolRequestSchema,
  /** Takes the last change back; `force`: also where somebody changed the pool since. */
  undoHugePages: v.object({ force: v.boolean() }),
  /**
   * Changes the file of the plan that is open, or takes the last change back; only where what was there still is there. Or begins and ends to
   * compare it with what runs on its host.
   */
  plan: planActSchema,
  /** Ends the run that goes on, whoever asked for it; it is kept as far as it came. */
  stop: empty,
  /** Writes the page of a run; the folder as the person should read it. */
  export: v.object({ run: text }),
  /** Opens the page that was written last of a run, or the place where it lies, with what opens such things where the program runs. */
  openExport: v.object({ run: text, how: v.picklist(['page', 'place']) }),
  /** What is kept of every host, and the files that could not be read. */
  shelf: empty,
  /** A run from a file, piece by piece; with the last one it is opened. */
  file: v.object({ name: text, text, last: v.boolean() }),
  /** Files that a person chooses where the program runs (an editor): asked for there, opened and kept. */
  pick: empty,
  /** A kept run, on a picture of its own. */
  apart: v.object({ run: runIdSchema }),
  /** Empty: without a name again. */
  rename: v.object({ run: runIdSchema, name: v.pipe(text, v.maxLength(MAX_NAME)) }),
  remove: v.object({ run: runIdSchema }),
  /** Takes a removal back. */
  restore: v.object({ run: runIdSchema }),
  /** The host that is connected stays until the other one stands. */
  connect: v.object({ target: text }),
  /** Gives up connecting, whoever asked for it; a host that is connected stays. */
  stay: empty,
  disconnect: empty,
  /** Null: declined. A host key is agreed to with "yes". */
  answer: v.object({ question: text, value: nullable(text) }),
} as const satisfies Readonly<Record<Method, v.GenericSchema>>;

/** A page that is closed or loaded anew does not end these. */
export const OUTLIVES_PAGE: readonly Method[] = [
  'record',
  'check',
  'run',
  'matrix',
  'guide',
  'program',
  'race',
  'reserveHugePages',
  'undoHugePages',
];

export type Params<M extends Method> = v.InferOutput<(typeof REQUESTS)[M]>;

export const toHostSchema = v.variant('type', [
  v.object({
    type: v.literal('request'),
    id: requestId,
    method: v.picklist(Object.keys(REQUESTS) as [Method, ...Method[]]),
    params: v.unknown(),
  }),
  v.object({ type: v.literal('cancel'), id: requestId }),
]);
export type ToHost = v.InferOutput<typeof toHostSchema>;
