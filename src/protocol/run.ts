/** Schema of a run, `numa-pinboard/snapshot/1`, and the one way to open a file of it. */

import * as v from 'valibot';
import { RUN_SCHEMA } from '../model/run/run.ts';
import type { Run } from '../model/run/run.ts';
import { bytes, count, cpu, cpuList, finite, firstIssue, list, nullable, reading, record, text } from './primitives.ts';
import { BENCHMARKS } from '../model/cases/case.ts';
import { caseSchema, courseSchema, poolWorkerSchema, trafficSchema } from './cases.ts';
import { serviceSchema } from './service.ts';
import { topologySchema } from './topology.ts';

const pair = v.tuple([finite, finite]);

/** Pairs of 2,048 CPUs, both ways. */
const MAX_PAIRS = 2048 * 2047;
const pairs = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.maxLength(MAX_PAIRS));

const pairClassSchema = v.pipe(
  v.looseObject({
    name: text,
    pairs: pairs(v.tuple([cpu, cpu])),
    median: nullable(finite),
    interval: nullable(pair),
    measuredPairs: count,
    figures: pairs(finite),
    measured: pairs(count),
  }),
  v.check(
    (own) => own.figures.length === own.pairs.length || own.figures.length === 0,
    'figures and pairs differ in number',
  ),
  v.check((own) => own.measured.every((at) => at < own.pairs.length), 'a measured pair is none of the class'),
);

export const resultSchema = v.looseObject({
  benchmark: v.picklist([...new Set(Object.values(BENCHMARKS).flat())]),
  metric: text,
  median: nullable(finite),
  interval: nullable(pair),
  repetitions: list(nullable(finite)),
  placement: caseSchema,
  seen: v.looseObject({
    cpus: record(cpuList),
    nodes: record(count),
    pageBytes: nullable(bytes),
    migrations: nullable(count),
  }),
  valid: v.boolean(),
  why: nullable(text),
  counters: record(reading(finite)),
  polls: nullable(v.looseObject({ emptyPerItem: count, fullPerItem: count })),
  histogram: nullable(list(v.tuple([count, count]))),
  spread: nullable(count),
  noisy: v.boolean(),
  emulated: v.boolean(),
  threads: v.exactOptional(list(count)),
  loadBytesPerSecond: v.exactOptional(count),
  loads: v.exactOptional(count),
  workers: v.exactOptional(list(poolWorkerSchema)),
  traffic: v.exactOptional(trafficSchema),
  resident: v.exactOptional(list(v.looseObject({ seconds: count, nodes: record(bytes) }))),
  course: v.exactOptional(courseSchema),
  classes: v.exactOptional(list(pairClassSchema)),
  measuredPairs: v.exactOptional(count),
  stopped: v.exactOptional(v.literal(true)),
});

const comparisonSchema = v.looseObject({
  of: count,
  against: count,
  change: finite,
  interval: pair,
  shown: v.boolean(),
});

const raceSchema = v.looseObject({
  budgetMs: count,
  better: v.picklist(['more', 'less']),
  candidates: list(v.looseObject({ name: text, why: text, out: nullable(text) })),
  leftOut: list(text),
  final: nullable(v.looseObject({ from: count, rounds: count, comparisons: list(comparisonSchema) })),
  window: v.exactOptional(v.looseObject({ settleMs: count, windowMs: count })),
});

/** Of a run, by a person. */
export const MAX_NAME = 120;

export const runIdSchema = v.pipe(text, v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/, 'not a safe file name'));

export const runSchema = v.looseObject({
  schema: v.literal(RUN_SCHEMA),
  id: runIdSchema,
  name: v.exactOptional(v.pipe(text, v.maxLength(MAX_NAME))),
  time: v.pipe(text, v.isoTimestamp()),
  seconds: count,
  tool: v.looseObject({ name: v.literal('numa-pinboard'), version: text }),
  host: v.looseObject({ name: text, transport: v.picklist(['local', 'ssh']) }),
  repeat: text,
  topology: topologySchema,
  environment: record(reading(v.union([text, finite, v.boolean()]))),
  results: list(resultSchema),
  comparison: nullable(comparisonSchema),
  verdict: nullable(
    v.looseObject({ question: text, sentence: text, tone: v.picklist(['loss', 'gain', 'even', 'neutral']) }),
  ),
  partial: nullable(text),
  notes: v.exactOptional(list(text)),
  thresholds: v.exactOptional(record(count)),
  guide: v.exactOptional(v.looseObject({ budgetMs: count, leftOut: list(text) })),
  winner: v.exactOptional(nullable(count)),
  race: v.exactOptional(raceSchema),
  service: v.exactOptional(serviceSchema),
}) satisfies v.GenericSchema<unknown, Run>;

/** A run file that cannot be opened; `message` says why and what to do. */
export class RunFileError extends Error {
  override name = 'RunFileError';
}

/**
 * The run in a file's text.
 * @throws RunFileError for text that is not JSON, another kind of file, or a newer schema than this one.
 */
export function parseRun(source: string): Run {
  return parsedAs(runSchema, source);
}

/** What a list shows of a run in a file. */
export const headSchema = v.pick(runSchema, ['id', 'name', 'time', 'host', 'verdict', 'partial']);
export type RunHead = v.InferOutput<typeof headSchema>;

/** Only what a list shows; the rest is looked at when it is opened. @throws RunFileError as `parseRun`. */
export function parseRunHead(source: string): RunHead {
  const { id, name, time, host, verdict, partial } = parsedAs(headSchema, source);
  return { id, ...(name === undefined ? {} : { name }), time, host, verdict, partial };
}

function parsedAs<S extends v.GenericSchema>(as: S, source: string): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw new RunFileError(`This is not a run: the file is not JSON (${error instanceof Error ? error.message : ''}).`);
  }
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  const version = /^numa-pinboard\/snapshot\/(\d+)$/.exec(typeof schema === 'string' ? schema : '')?.[1];
  if (version === undefined) {
    throw new RunFileError(`This is not a run: "schema" is not ${RUN_SCHEMA}.`);
  }
  if (Number(version) > 1) {
    throw new RunFileError(`This run was written by a newer NUMA Pinboard (${String(schema)}). Update to open it.`);
  }
  const checked = v.safeParse(as, value);
  if (!checked.success) throw new RunFileError(`This run cannot be read: ${firstIssue(checked.issues)}.`);
  return checked.output;
}
