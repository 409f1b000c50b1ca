/** Schema of a run, `numa-pinboard/snapshot/1`, and the one way to open a file of it. */

import * as v from 'valibot';
import { SNAPSHOT_SCHEMA } from '../model/run/run.ts';
import type { Snapshot } from '../model/run/run.ts';
import { PADDINGS, PAGE_KINDS } from '../model/cases/spsc.ts';
import {
  bytes,
  count,
  cpu,
  cpuList,
  finite,
  firstIssue,
  id,
  list,
  nullable,
  reading,
  record,
  text,
} from './primitives.ts';
import { topologySchema } from './topology.ts';

export const paddingSchema = v.picklist(PADDINGS);
export const pagesSchema = v.picklist(PAGE_KINDS);
export const memoryTargetSchema = v.union([id, v.picklist(['producer', 'consumer', 'interleave'])]);

export const spscCaseSchema = v.object({
  producer: cpu,
  consumer: cpu,
  memory: memoryTargetSchema,
  pin: v.boolean(),
  padding: paddingSchema,
  capacity: count,
  batch: count,
  pages: pagesSchema,
});

const memoryCaseSchema = v.object({
  what: v.picklist(['latency', 'bandwidth']),
  cpu,
  node: id,
  pages: pagesSchema,
  sizeBytes: bytes,
});

export const programPinSchema = v.object({
  name: text,
  cpus: cpuList,
  node: nullable(id),
  memory: v.exactOptional(text),
});

const programCaseSchema = v.object({
  name: v.exactOptional(text),
  command: list(text),
  pins: list(programPinSchema),
});

const matrixCaseSchema = v.object({
  matrix: v.picklist(['latency', 'throughput']),
  cpus: cpuList,
  line: v.picklist(['first', 'unknown']),
  simulated: nullable(text),
});

const pair = v.tuple([finite, finite]);

/** Pairs of 2,048 CPUs, both ways. */
const MAX_PAIRS = 2048 * 2047;
const pairs = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.maxLength(MAX_PAIRS));

const pairClassSchema = v.pipe(
  v.object({
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

export const resultSchema = v.object({
  benchmark: v.picklist([
    'spsc',
    'spsc-latency',
    'spsc-alternate',
    'memory-latency',
    'memory-bandwidth',
    'core-to-core',
    'run',
  ]),
  metric: text,
  median: nullable(finite),
  interval: nullable(pair),
  repetitions: list(nullable(finite)),
  placement: v.union([spscCaseSchema, memoryCaseSchema, programCaseSchema, matrixCaseSchema]),
  seen: v.object({
    cpus: record(cpuList),
    nodes: record(count),
    pageBytes: nullable(bytes),
    migrations: nullable(count),
  }),
  valid: v.boolean(),
  why: nullable(text),
  counters: record(reading(finite)),
  polls: nullable(v.object({ emptyPerItem: count, fullPerItem: count })),
  histogram: nullable(list(v.tuple([count, count]))),
  spread: nullable(count),
  noisy: v.boolean(),
  emulated: v.boolean(),
  resident: v.exactOptional(list(v.object({ seconds: count, nodes: record(bytes) }))),
  classes: v.exactOptional(list(pairClassSchema)),
  measuredPairs: v.exactOptional(count),
});

export const snapshotSchema = v.object({
  schema: v.literal(SNAPSHOT_SCHEMA),
  id: v.pipe(text, v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/, 'not a safe file name')),
  time: v.pipe(text, v.isoTimestamp()),
  seconds: count,
  tool: v.object({ name: v.literal('numa-pinboard'), version: text }),
  host: v.object({ name: text, transport: v.picklist(['local', 'ssh']) }),
  repeat: text,
  topology: topologySchema,
  environment: record(reading(v.union([text, finite, v.boolean()]))),
  results: list(resultSchema),
  comparison: nullable(v.object({ of: count, against: count, change: finite, interval: pair, shown: v.boolean() })),
  verdict: nullable(
    v.object({ question: text, sentence: text, tone: v.picklist(['loss', 'gain', 'even', 'neutral']) }),
  ),
  partial: nullable(text),
  notes: v.exactOptional(list(text)),
  guide: v.exactOptional(v.object({ budgetMs: count, leftOut: list(text) })),
}) satisfies v.GenericSchema<unknown, Snapshot>;

/** A snapshot that cannot be opened; `message` says why and what to do. */
export class SnapshotError extends Error {
  override name = 'SnapshotError';
}

/**
 * The run in a file's text.
 * @throws SnapshotError for text that is not JSON, another kind of file, or a newer schema than this one.
 */
export function parseSnapshot(source: string): Snapshot {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw new SnapshotError(
      `This is not a run: the file is not JSON (${error instanceof Error ? error.message : ''}).`,
    );
  }
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  const version = /^numa-pinboard\/snapshot\/(\d+)$/.exec(typeof schema === 'string' ? schema : '')?.[1];
  if (version === undefined) {
    throw new SnapshotError(`This is not a run: "schema" is not ${SNAPSHOT_SCHEMA}.`);
  }
  if (Number(version) > 1) {
    throw new SnapshotError(`This run was written by a newer NUMA Pinboard (${String(schema)}). Update to open it.`);
  }
  const checked = v.safeParse(snapshotSchema, value);
  if (!checked.success) throw new SnapshotError(`This run is damaged at ${firstIssue(checked.issues)}.`);
  return checked.output;
}
