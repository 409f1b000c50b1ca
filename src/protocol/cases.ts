/** Schemas of what a result measured, one a kind. Keys that this version does not know are kept; a kind it does not know is refused. */

import * as v from 'valibot';
import type { Case } from '../model/cases/case.ts';
import { MARK_ACTS, SERIES_KINDS } from '../model/cases/course.ts';
import type { Course } from '../model/cases/course.ts';
import { KERNELS, MEMORY_WHATS, memoryCase, POLICIES } from '../model/cases/memory.ts';
import { parsePageKind } from '../model/cases/pages.ts';
import type { PageKind } from '../model/cases/pages.ts';
import { POOL_LOADS, STEAL_ORDERS, TOUCHES } from '../model/cases/pool.ts';
import type { PoolWorker } from '../model/cases/pool.ts';
import { LAYOUTS, SCENARIOS } from '../model/cases/separation.ts';
import { PADDINGS } from '../model/cases/spsc.ts';
import { clean } from '../model/text/clean.ts';
import { bytes, count, cpu, cpuList, finite, id, list, nullable, reading, record, text } from './primitives.ts';

export const paddingSchema = v.picklist(PADDINGS);
export const pagesSchema = v.custom<PageKind>(
  (value) => typeof value === 'string' && parsePageKind(value) !== null,
  'not a page size such as 4k, thp or 2m',
);

const spscCaseSchema = v.looseObject({
  kind: v.literal('spsc'),
  producer: cpu,
  consumer: cpu,
  memory: v.union([id, v.picklist(['producer', 'consumer', 'interleave'])]),
  pin: v.boolean(),
  padding: paddingSchema,
  capacity: count,
  batch: count,
  pages: pagesSchema,
});

/** Files from before 0.3 name one CPU and one node, and knew one kernel. */
const memoryCaseSchema = v.pipe(
  v.looseObject({
    kind: v.literal('memory'),
    what: v.picklist(MEMORY_WHATS),
    cpu: v.exactOptional(cpu),
    node: v.exactOptional(id),
    cpus: v.exactOptional(v.pipe(list(cpu), v.minLength(1))),
    policy: v.exactOptional(v.picklist(POLICIES)),
    nodes: v.exactOptional(list(id)),
    pages: pagesSchema,
    sizeBytes: bytes,
    kernel: v.exactOptional(v.picklist(KERNELS)),
    pauseNs: v.exactOptional(count),
  }),
  v.check(({ cpu: one, cpus }) => one !== undefined || cpus !== undefined, 'names no CPUs'),
  v.check(
    ({ node, nodes, policy }) => node !== undefined || nodes !== undefined || policy === 'local',
    'names no nodes',
  ),
  v.transform((of) => {
    const { cpu: one, node, cpus, nodes, policy = 'bind', ...rest } = of;
    const named = { cpus: cpus ?? [one ?? 0], nodes: nodes ?? (node === undefined ? [] : [node]) };
    return { ...rest, ...memoryCase({ ...rest, ...named, policy }) };
  }),
);

const poolCaseSchema = v.looseObject({
  kind: v.literal('pool'),
  load: v.picklist(POOL_LOADS),
  cpus: v.pipe(list(cpu), v.minLength(1)),
  dispatchers: v.exactOptional(count),
  order: v.picklist(STEAL_ORDERS),
  classes: list(text),
  touch: v.picklist(TOUCHES),
  node: v.exactOptional(id),
  pages: pagesSchema,
  sizeBytes: bytes,
});

const separationCaseSchema = v.looseObject({
  kind: v.literal('separation'),
  layout: v.picklist(LAYOUTS),
  scenario: v.picklist(SCENARIOS),
  walkers: v.pipe(list(cpu), v.minLength(1)),
  workers: v.pipe(list(cpu), v.minLength(1)),
  store: v.exactOptional(v.pipe(list(id), v.minLength(1))),
  classes: list(text),
  pages: pagesSchema,
  sizeBytes: bytes,
});

/** As the agent tells it and as it stands in a run, as the next one. */
export const trafficSchema = reading(v.looseObject({ source: text, nodes: record(count) }));

/** As the agent tells it and as it stands in a run. */
export const poolWorkerSchema = v.looseObject({
  cpu,
  node: id,
  polls: count,
  timedPolls: count,
  slowPolls: count,
  searches: v.exactOptional(count),
  tried: list(count),
  got: list(count),
  local: count,
  remote: count,
  seconds: count,
  idleSeconds: count,
  allocations: count,
  allocationNs: nullable(count),
  migrations: count,
}) satisfies v.GenericSchema<unknown, PoolWorker>;

const programCaseSchema = v.looseObject({
  kind: v.literal('program'),
  name: v.exactOptional(text),
  candidate: v.exactOptional(text),
  command: list(text),
  pins: list(v.looseObject({ name: text, cpus: cpuList, node: nullable(id), memory: v.exactOptional(text) })),
});

const matrixCaseSchema = v.looseObject({
  kind: v.literal('matrix'),
  matrix: v.picklist(['latency', 'throughput']),
  cpus: cpuList,
  line: v.union([id, v.picklist(['first', 'second', 'unknown'])]),
  freshPages: v.exactOptional(v.literal(true)),
  simulated: nullable(text),
});

/** One of the words that this version knows. @param what they are, for whoever has a file of a newer one. */
const known = <const Words extends readonly string[]>(words: Words, what: string) =>
  v.picklist(
    words,
    ({ input }) =>
      `"${clean(String(input), 40)}" is ${what} that this version of NUMA Pinboard does not know: update it to open the run`,
  );

export const courseSchema: v.GenericSchema<unknown, Course> = v.looseObject({
  seconds: count,
  series: list(
    v.looseObject({
      kind: known(SERIES_KINDS, 'a kind of series'),
      metric: text,
      points: list(v.tuple([count, finite])),
    }),
  ),
  marks: list(
    v.looseObject({ seconds: count, until: count, act: known(MARK_ACTS, 'an act on a program'), what: text }),
  ),
});

/**
 * The kind of a case in a file from before 0.2, which had none: it follows from a key that only this kind had.
 * Never asked of a case that has a kind.
 */
const KIND_OF_KEY = [
  ['matrix', 'matrix'],
  ['command', 'program'],
  ['what', 'memory'],
  ['producer', 'spsc'],
] as const satisfies readonly (readonly [key: string, kind: Case['kind']])[];

function withKind(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'kind' in value) return value;
  const kind = KIND_OF_KEY.find(([key]) => key in value)?.[1];
  return kind === undefined ? value : { kind, ...value };
}

/** @param input what stands where a kind should; the whole case where that is no object. */
function unknownKind(input: unknown): string {
  if (typeof input === 'string')
    return `"${clean(input, 40)}" is a kind of measurement that this version of NUMA Pinboard does not know: update it to open the run`;
  return input === undefined
    ? 'missing, and it does not follow from the other keys'
    : 'Expected the kind of a measurement';
}

export const caseSchema = v.pipe(
  v.unknown(),
  v.transform(withKind),
  v.variant(
    'kind',
    [spscCaseSchema, memoryCaseSchema, programCaseSchema, matrixCaseSchema, poolCaseSchema, separationCaseSchema],
    ({ input }) => unknownKind(input),
  ),
) satisfies v.GenericSchema<unknown, Case>;
