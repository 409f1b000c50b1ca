/**
 * Messages between the page and whoever owns the truth (the extension or the command line's server).
 *
 * The page sends requests; each is answered exactly once: a result, a problem, or "cancelled". The host sends events.
 * A page that opens asks for `open` first and gets the whole board; afterwards `board` events carry only what changed (`model/board/patch.ts`).
 */

import * as v from 'valibot';
import { SELECTION_KINDS } from '../model/live/selection.ts';
import type { Selection } from '../model/live/selection.ts';
import type { Board } from '../model/board/board.ts';
import { PROBLEM_CODES } from '../model/problem.ts';
import type { Problem } from '../model/problem.ts';
import { MATRIX_KINDS } from '../model/cases/matrix.ts';
import type { Placement } from '../model/placement/slots.ts';
import { OFFER_KINDS } from '../model/bench/index.ts';
import type { Workload } from '../model/bench/index.ts';
import { FIGURES_ASKED, SPREADS } from '../model/bench/memory/workload.ts';
import type { MemoryWorkload } from '../model/bench/memory/workload.ts';
import type { NodesWorkload } from '../model/bench/node-to-node/workload.ts';
import { LAYOUT_SETS, LOAD_SETS } from '../model/bench/separation/workload.ts';
import type { LayoutSet, LoadSet, SeparationWorkload } from '../model/bench/separation/workload.ts';
import type { SpscWorkload } from '../model/bench/spsc/workload.ts';
import { pageActSchema } from './acts.ts';
import { bytes, count, cpuList, finite, id, list, nullable, reading, record, text } from './primitives.ts';
import { poolOutcomeSchema, poolPlanSchema, poolRequestSchema, poolUndoSchema, poolWishSchema } from './hugepages.ts';
import { checkupSchema } from './doctor.ts';
import { pastSchema, placeEntries } from './past.ts';
import { markSchema } from './recording.ts';
import { processListSchema, sampleSchema } from './sample.ts';
import { courseSchema, paddingSchema, pagesSchema } from './cases.ts';
import { headSchema, MAX_NAME, runIdSchema, runSchema } from './run.ts';
import { topologySchema } from './topology.ts';

/** Raised with every change that an older page could misread. */
export const MESSAGES_VERSION = 9;

const problemSchema = v.object({
  code: v.picklist(PROBLEM_CODES),
  message: text,
  hint: nullable(text),
}) satisfies v.GenericSchema<unknown, Problem>;

const heldSchema = v.union([v.pipe(list(id), v.minLength(1), v.readonly()), v.object({ of: text })]);

const placementSchema = v.pipe(record(heldSchema), v.readonly()) satisfies v.GenericSchema<unknown, Placement>;

/** As it was kept until 0.1: one id for each token, null in the tray. */
const formerPlacementSchema = v.pipe(
  record(nullable(id)),
  v.transform((former): Placement =>
    Object.fromEntries(Object.entries(former).flatMap(([slot, on]) => (on === null ? [] : [[slot, [on]]]))),
  ),
);

/** A placement that was kept in a file. */
export const keptPlacementSchema = v.union([placementSchema, formerPlacementSchema]);

const powerOfTwo = v.check((n: number) => (n & (n - 1)) === 0, 'not a power of two');

const timingEntries = {
  rounds: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1000)),
  durationMs: v.pipe(v.number(), v.minValue(10), v.maxValue(600_000)),
};

const storeBytes = v.pipe(v.number(), v.safeInteger(), v.minValue(65_536), v.maxValue(2 ** 40));

const spscWorkloadSchema = v.object({
  kind: v.literal('spsc'),
  ...timingEntries,
  padding: paddingSchema,
  capacity: v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(1 << 24), powerOfTwo),
  batch: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1 << 16)),
  pages: pagesSchema,
  latency: v.boolean(),
}) satisfies v.GenericSchema<unknown, SpscWorkload>;

const memoryWorkloadSchema = v.object({
  kind: v.literal('memory'),
  ...timingEntries,
  figures: v.picklist(FIGURES_ASKED),
  pages: v.union([v.literal('compare'), pagesSchema]),
  spread: v.picklist(SPREADS),
  sizeBytes: storeBytes,
}) satisfies v.GenericSchema<unknown, MemoryWorkload>;

const nodesWorkloadSchema = v.object({
  kind: v.literal('nodes'),
  ...timingEntries,
  figures: v.picklist(FIGURES_ASKED),
  pages: pagesSchema,
}) satisfies v.GenericSchema<unknown, NodesWorkload>;

const separationWorkloadSchema = v.object({
  kind: v.literal('separation'),
  ...timingEntries,
  layouts: v.picklist(Object.keys(LAYOUT_SETS) as LayoutSet[]),
  loads: v.picklist(Object.keys(LOAD_SETS) as LoadSet[]),
  sizeBytes: nullable(storeBytes),
  budgetMs: v.pipe(v.number(), v.minValue(1000), v.maxValue(600_000)),
}) satisfies v.GenericSchema<unknown, SeparationWorkload>;

const workloadSchema = v.variant('kind', [
  spscWorkloadSchema,
  memoryWorkloadSchema,
  nodesWorkloadSchema,
  separationWorkloadSchema,
]) satisfies v.GenericSchema<unknown, Workload>;

/** One that was kept in a file; until 0.1 there was one benchmark, and none was named. */
export const keptWorkloadSchema = v.union([
  workloadSchema,
  v.pipe(
    v.object({ ...spscWorkloadSchema.entries, kind: v.optional(v.literal('spsc'), 'spsc') }),
    v.transform((former): Workload => former),
  ),
]);

const pagesMovedSchema = v.object({ to: id, movedBytes: bytes, leftBytes: bytes });

const selectionSchema = v.object({
  kind: v.picklist(SELECTION_KINDS),
  value: v.pipe(text, v.maxLength(1100)),
}) satisfies v.GenericSchema<unknown, Selection>;

const liveThreadSchema = v.object({
  ...{ tid: id, start: v.optional(count), name: text, cpu: id, allowed: cpuList, busy: count, cpuSeconds: count },
  ...{ pinned: v.boolean(), moved: v.boolean() },
});

const runRecordSchema = v.omit(runSchema, ['topology']);

const costTableSchema = v.object({
  run: text,
  metric: text,
  emulated: v.boolean(),
  simulated: nullable(text),
  cpus: list(id),
  classes: list(
    v.object({
      name: text,
      pairs: count,
      median: nullable(finite),
      interval: nullable(v.tuple([finite, finite])),
      measuredPairs: count,
    }),
  ),
  rows: list(list(v.pipe(v.number(), v.safeInteger(), v.minValue(-1)))),
  measured: list(list(count)),
});

const boardEntries = {
  host: nullable(v.object({ name: text, transport: v.picklist(['local', 'ssh', 'recorded']) })),
  hosts: list(text),
  hostsFrom: text,
  connection: v.object({
    state: v.picklist(['none', 'connecting', 'connected', 'lost', 'failed']),
    step: nullable(text),
    problem: nullable(problemSchema),
    next: nullable(v.object({ name: text, step: text })),
    since: text,
  }),
  topology: nullable(topologySchema),
  measuring: nullable(problemSchema),
  placement: placementSchema,
  workload: workloadSchema,
  baseline: nullable(text),
  runs: list(runRecordSchema),
  kept: nullable(list(text)),
  costs: list(costTableSchema),
  running: nullable(
    v.object({
      startedAt: text,
      question: text,
      round: count,
      rounds: count,
      share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
      labels: list(text),
      points: list(list(finite)),
      metrics: list(text),
      at: nullable(v.union([v.literal('placed'), v.tuple([id, id])])),
      step: text,
    }),
  ),
  marks: list(markSchema),
  recording: nullable(v.object({ path: text, since: text })),
  samplingMs: count,
  following: nullable(selectionSchema),
  held: v.object({ threads: list(text), moved: nullable(pagesMovedSchema) }),
  asked: nullable(list(v.object({ who: text, asked: text, got: text, holds: nullable(v.boolean()) }))),
  question: nullable(
    v.object({ id: text, kind: v.picklist(['host-key', 'secret']), title: text, detail: text, accept: text }),
  ),
  busy: list(id),
  reserved: nullable(text),
  checkup: nullable(checkupSchema),
  program: nullable(
    v.object({
      name: text,
      command: list(text),
      pid: id,
      threads: list(liveThreadSchema),
      count,
      course: courseSchema,
      residentBytes: reading(record(bytes)),
      moved: nullable(pagesMovedSchema),
    }),
  ),
};
const boardSchema = v.object(boardEntries) satisfies v.GenericSchema<unknown, Board>;

const listChange = <Entry extends v.GenericSchema>(entry: Entry) => v.object({ ids: list(text), changed: list(entry) });
const boardPatchSchema = v.partial(
  v.object({ ...boardEntries, runs: listChange(runRecordSchema), costs: listChange(costTableSchema) }),
);

const empty = v.object({});

/** Of a file that a page opens, and of one piece of it. A run of 2,048 CPUs takes 2 MB. */
export const MAX_FILE = 16 * 1024 * 1024;
export const MAX_PIECE = 100_000;

const openedSchema = v.object({ run: text, host: text, here: v.boolean(), known: v.boolean() });
const shelfSchema = v.object({
  folder: text,
  runs: list(headSchema),
  unread: list(v.object({ file: text, why: text })),
  more: count,
});

/** In the order in which they are shown. */
const cpusAsked = v.pipe(list(id), v.maxLength(4096));

/** Every request by its method: what it takes and what it returns. */
export const METHODS = {
  /** The whole board. Problem `version` when page and host do not fit. */
  open: { params: v.object({ version: count }), result: boardSchema },
  /** Whether anybody looks: nothing is sampled while nobody does. */
  watch: { params: v.object({ visible: v.boolean() }), result: empty },
  /** The processes whose threads and pages are shown; null: none. */
  follow: { params: v.object({ selection: nullable(selectionSchema) }), result: empty },
  /** What was sampled before a place on the time axis (null: before now), from the newest piece on; a page asks for it piece by piece. */
  past: { params: v.object({ before: nullable(finite) }), result: pastSchema },
  /** Begins to record what is sampled, also while nobody looks; null: a person who was asked where to declined. */
  record: { params: empty, result: v.object({ path: nullable(text) }), outlivesPage: true },
  /** Ends it; null: nothing was recorded. */
  stopRecording: { params: empty, result: v.object({ recorded: nullable(v.object({ path: text, samples: count })) }) },
  /** What runs on the host, to choose from. */
  processes: { params: empty, result: processListSchema },
  /** Whether NUMA is the problem of the host, or of somebody's work there ("pid:4711"); the answer stands on the board. */
  check: { params: v.object({ of: nullable(v.pipe(text, v.maxLength(1100))) }), result: empty, outlivesPage: true },
  /** Ends that look, whoever asked for it. */
  stopCheck: { params: empty, result: empty },
  /** Puts a token on CPUs or nodes, and on nothing else, or (null) back into the tray. */
  place: { params: v.object({ slot: text, on: nullable(heldSchema) }), result: placementSchema },
  /** Takes the last move back. */
  undo: { params: empty, result: placementSchema },
  /** Chooses the benchmark; the tokens and settings that it had come back. */
  choose: { params: v.object({ kind: v.picklist(OFFER_KINDS) }), result: empty },
  /** Settings of the benchmark that is chosen. */
  configure: { params: workloadSchema, result: empty },
  baseline: { params: v.object({ run: nullable(text) }), result: empty },
  /**
   * Measures what is placed. Cancelling keeps what was measured so far. A run belongs to the board: a page that is
   * closed or loaded anew does not end it.
   */
  run: { params: empty, result: v.object({ run: text }), outlivesPage: true },
  /** Measures what pairs of CPUs (or nodes) cost, within a budget of time; else as `run`. */
  matrix: {
    params: v.object({
      what: v.picklist(MATRIX_KINDS),
      budgetMs: v.pipe(v.number(), v.minValue(100), v.maxValue(600_000)),
    }),
    result: v.object({ run: text }),
    outlivesPage: true,
  },
  /** What pairs of CPUs cost by a run's matrix: row by row, each pair as measured, else as inferred; null where it says nothing of it. */
  pairs: {
    params: v.object({ run: text, rows: cpusAsked, columns: cpusAsked }),
    result: v.object({ figures: list(list(nullable(finite))) }),
  },
  /** Measures what crossing sockets costs, within a budget of time; else as `run`. */
  guide: {
    params: v.object({ budgetMs: v.pipe(v.number(), v.minValue(1000), v.maxValue(600_000)) }),
    result: v.object({ run: text }),
    outlivesPage: true,
  },
  /**
   * Starts the user's own program: its words, which no shell reads, and (null: anywhere) where, as `0-3`, `0-3@1` or
   * `@interleave`. It is a run, and ends with `stop`.
   */
  program: {
    params: v.object({ command: v.pipe(list(text), v.minLength(1)), pin: nullable(text) }),
    result: v.object({ run: text }),
    outlivesPage: true,
  },
  /** Looks for the best placement of a program that ends by itself, within a budget of time; else as `run`. */
  race: {
    params: v.object({
      command: v.pipe(list(text), v.minLength(1)),
      budgetMs: v.pipe(v.number(), v.minValue(1000), v.maxValue(24 * 3_600_000)),
    }),
    result: v.object({ run: text }),
    outlivesPage: true,
  },
  /** Moves threads of that program onto CPUs. */
  pin: { params: v.object({ threads: list(id), cpus: cpuList }), result: empty },
  /** Lets threads run where they might before they were last moved from here. */
  undoPin: { params: v.object({ threads: list(id) }), result: empty },
  /** Moves its pages to a node, from all others. */
  pages: { params: v.object({ to: id }), result: pagesMovedSchema },
  /** Moves the pages of the last move back to the nodes they came from. */
  back: { params: empty, result: pagesMovedSchema },
  /** What it takes to have so many huge pages free on a node: nothing is changed. */
  planHugePages: { params: poolWishSchema, result: poolPlanSchema },
  /** Makes the change of a plan, which a person confirmed: only if the pool still is what it was planned from. */
  reserveHugePages: { params: poolRequestSchema, result: poolOutcomeSchema, outlivesPage: true },
  /** Takes the last change back; `force`: also where somebody changed the pool since. */
  undoHugePages: { params: v.object({ force: v.boolean() }), result: poolUndoSchema, outlivesPage: true },
  /** Ends the run that goes on, whoever asked for it; it is kept as far as it came. */
  stop: { params: empty, result: empty },
  /** Writes the page of a run; the folder as the person should read it. */
  export: {
    params: v.object({ run: text }),
    result: v.object({ folder: text, files: list(text), opens: v.boolean(), reveals: v.boolean() }),
  },
  /** Opens the page that was written last of a run, or the place where it lies, with what opens such things where the program runs. */
  openExport: { params: v.object({ run: text, how: v.picklist(['page', 'place']) }), result: empty },
  /** What is kept of every host, and the files that could not be read. */
  shelf: { params: empty, result: shelfSchema },
  /** A run from a file, piece by piece; with the last one it is opened. */
  file: {
    params: v.object({ name: text, text, last: v.boolean() }),
    result: v.object({ opened: nullable(openedSchema) }),
  },
  /** Files that a person chooses where the program runs (an editor): asked for there, opened and kept. */
  pick: { params: empty, result: v.object({ opened: list(openedSchema) }) },
  /** A kept run, on a picture of its own. */
  apart: { params: v.object({ run: runIdSchema }), result: empty },
  /** Empty: without a name again. */
  rename: { params: v.object({ run: runIdSchema, name: v.pipe(text, v.maxLength(MAX_NAME)) }), result: empty },
  remove: { params: v.object({ run: runIdSchema }), result: empty },
  /** Takes a removal back. */
  restore: { params: v.object({ run: runIdSchema }), result: empty },
  /** The host that is connected stays until the other one stands. */
  connect: { params: v.object({ target: text }), result: empty },
  /** Gives up connecting, whoever asked for it; a host that is connected stays. */
  stay: { params: empty, result: empty },
  disconnect: { params: empty, result: empty },
  /** Null: declined. A host key is agreed to with "yes". */
  answer: { params: v.object({ question: text, value: nullable(text) }), result: empty },
} as const;

export type Method = keyof typeof METHODS;
export type Params<M extends Method> = v.InferOutput<(typeof METHODS)[M]['params']>;
export type Returned<M extends Method> = v.InferOutput<(typeof METHODS)[M]['result']>;

const requestId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

export const toHostSchema = v.variant('type', [
  v.object({
    type: v.literal('request'),
    id: requestId,
    method: v.picklist(Object.keys(METHODS) as [Method, ...Method[]]),
    params: v.unknown(),
  }),
  v.object({ type: v.literal('cancel'), id: requestId }),
]);
export type ToHost = v.InferOutput<typeof toHostSchema>;

const eventSchema = v.variant('event', [
  v.object({ type: v.literal('event'), event: v.literal('board'), patch: boardPatchSchema }),
  v.object({ type: v.literal('event'), event: v.literal('sample'), sample: sampleSchema, ...placeEntries }),
  v.object({
    type: v.literal('event'),
    event: v.literal('notice'),
    level: v.picklist(['info', 'warning', 'error']),
    message: text,
  }),
  /** An action asked for outside the page (a command of the editor). */
  v.object({
    type: v.literal('event'),
    event: v.literal('show'),
    run: text,
    /** Held against the first. */
    beside: v.exactOptional(text),
  }),
  v.object({ type: v.literal('event'), event: v.literal('act'), asked: pageActSchema }),
  /** What the doctor found is looked at, at one of its findings, as the board numbers them: those, then the notes. */
  v.object({ type: v.literal('event'), event: v.literal('reveal'), finding: count }),
]);
export type HostEvent = v.InferOutput<typeof eventSchema>;

const responseSchema = v.variant('outcome', [
  v.object({ type: v.literal('response'), id: requestId, outcome: v.literal('result'), result: v.unknown() }),
  v.object({ type: v.literal('response'), id: requestId, outcome: v.literal('problem'), problem: problemSchema }),
  v.object({ type: v.literal('response'), id: requestId, outcome: v.literal('cancelled') }),
]);
export type Response = v.InferOutput<typeof responseSchema>;

export const toPageSchema = v.variant('type', [eventSchema, responseSchema]);
export type ToPage = HostEvent | Response;
