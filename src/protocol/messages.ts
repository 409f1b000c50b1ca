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
import { MAX_PLAN_BYTES } from '../model/plan/plan.ts';
import type { Placement } from '../model/placement/slots.ts';
import type { Workload } from '../model/bench/index.ts';
import { FIGURES_ASKED, SPREADS } from '../model/bench/memory/workload.ts';
import type { MemoryWorkload } from '../model/bench/memory/workload.ts';
import type { NodesWorkload } from '../model/bench/node-to-node/workload.ts';
import { ORDER_SETS, POOL_LOAD_SETS, TOUCH_SETS } from '../model/bench/pool/workload.ts';
import type { OrderSet, PoolLoadSet, PoolWorkload, TouchSet } from '../model/bench/pool/workload.ts';
import { LAYOUT_SETS, LOAD_SETS } from '../model/bench/separation/workload.ts';
import type { LayoutSet, LoadSet, SeparationWorkload } from '../model/bench/separation/workload.ts';
import type { SpscWorkload } from '../model/bench/spsc/workload.ts';
import { pageActSchema } from './acts.ts';
import { bytes, count, cpuList, finite, id, list, nullable, reading, record, text } from './primitives.ts';
import { poolOutcomeSchema, poolPlanSchema, poolUndoSchema } from './hugepages.ts';
import { checkupSchema, diagnosisSchema } from './doctor.ts';
import { pastSchema, placeEntries } from './past.ts';
import { markSchema } from './mark.ts';
import { processListSchema, sampleSchema } from './sample.ts';
import { courseSchema, paddingSchema, pagesSchema } from './cases.ts';
import { headSchema, runSchema } from './run.ts';
import { topologySchema } from './topology.ts';

/** Raised with every change that an older page could misread. */
export const MESSAGES_VERSION = 10;

const problemSchema = v.object({
  code: v.picklist(PROBLEM_CODES),
  message: text,
  hint: nullable(text),
}) satisfies v.GenericSchema<unknown, Problem>;

export const heldSchema = v.union([v.pipe(list(id), v.minLength(1), v.readonly()), v.object({ of: text })]);

export const placementSchema = v.pipe(record(heldSchema), v.readonly()) satisfies v.GenericSchema<unknown, Placement>;

const powerOfTwo = v.check((n: number) => (n & (n - 1)) === 0, 'not a power of two');

const timingEntries = {
  rounds: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1000)),
  durationMs: v.pipe(v.number(), v.minValue(10), v.maxValue(600_000)),
};

const storeBytes = v.pipe(v.number(), v.safeInteger(), v.minValue(65_536), v.maxValue(2 ** 40));

export const spscWorkloadSchema = v.object({
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

const poolWorkloadSchema = v.object({
  kind: v.literal('pool'),
  ...timingEntries,
  loads: v.picklist(Object.keys(POOL_LOAD_SETS) as PoolLoadSet[]),
  orders: v.picklist(Object.keys(ORDER_SETS) as OrderSet[]),
  touches: v.picklist(Object.keys(TOUCH_SETS) as TouchSet[]),
  across: v.boolean(),
  sizeBytes: nullable(storeBytes),
}) satisfies v.GenericSchema<unknown, PoolWorkload>;

export const workloadSchema = v.variant('kind', [
  spscWorkloadSchema,
  memoryWorkloadSchema,
  nodesWorkloadSchema,
  separationWorkloadSchema,
  poolWorkloadSchema,
]) satisfies v.GenericSchema<unknown, Workload>;

const planText = v.pipe(v.string(), v.maxLength(MAX_PLAN_BYTES));

const pagesMovedSchema = v.object({ to: id, movedBytes: bytes, leftBytes: bytes });

export const selectionSchema = v.object({
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

const blockBesideSchema = v.object({
  standing: v.picklist(['kept', 'drifted', 'absent', 'unread']),
  ...{ name: text, runs: list(text), here: cpuList, away: cpuList, emulatorAway: cpuList },
  ...{ memory: reading(record(bytes)), drifts: list(count), unread: list(text) },
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
  plan: nullable(
    v.object({ file: text, text: planText, good: nullable(planText), undo: nullable(text), redo: nullable(text) }),
  ),
  beside: nullable(
    v.object({
      waits: nullable(text),
      problem: nullable(problemSchema),
      seen: nullable(
        v.object({ time: text, outdated: v.boolean(), diagnosis: diagnosisSchema, blocks: list(blockBesideSchema) }),
      ),
    }),
  ),
};
const boardSchema = v.object(boardEntries) satisfies v.GenericSchema<unknown, Board>;

const listChange = <Entry extends v.GenericSchema>(entry: Entry) => v.object({ ids: list(text), changed: list(entry) });
const boardPatchSchema = v.partial(
  v.object({ ...boardEntries, runs: listChange(runRecordSchema), costs: listChange(costTableSchema) }),
);

export const empty = v.object({});

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

/** Every request by its method (`requests.ts` says what it takes): what the answer holds. */
export const ANSWERS = {
  open: boardSchema,
  watch: empty,
  follow: empty,
  past: pastSchema,
  record: v.object({ path: nullable(text) }),
  stopRecording: v.object({ recorded: nullable(v.object({ path: text, samples: count })) }),
  processes: processListSchema,
  check: empty,
  stopCheck: empty,
  place: placementSchema,
  undo: placementSchema,
  choose: empty,
  configure: empty,
  baseline: empty,
  run: v.object({ run: text }),
  matrix: v.object({ run: text }),
  pairs: v.object({ figures: list(list(nullable(finite))) }),
  guide: v.object({ run: text }),
  program: v.object({ run: text }),
  race: v.object({ run: text }),
  pin: empty,
  undoPin: empty,
  pages: pagesMovedSchema,
  back: pagesMovedSchema,
  planHugePages: poolPlanSchema,
  reserveHugePages: poolOutcomeSchema,
  undoHugePages: poolUndoSchema,
  plan: empty,
  stop: empty,
  export: v.object({ folder: text, files: list(text), opens: v.boolean(), reveals: v.boolean() }),
  openExport: empty,
  shelf: shelfSchema,
  file: v.object({ opened: nullable(openedSchema) }),
  pick: v.object({ opened: list(openedSchema) }),
  apart: empty,
  rename: empty,
  remove: empty,
  restore: empty,
  connect: empty,
  stay: empty,
  disconnect: empty,
  answer: empty,
} as const;

export type Method = keyof typeof ANSWERS;

export type Returned<M extends Method> = v.InferOutput<(typeof ANSWERS)[M]>;

export const requestId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

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
