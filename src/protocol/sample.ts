/** Schema of `numa-pinboard/sample/1`. */

import * as v from 'valibot';
import { SAMPLE_SCHEMA } from '../model/live/sample.ts';
import type { ProcessList } from '../model/live/processes.ts';
import type { Sample } from '../model/live/sample.ts';
import { bytes, count, cpu, finite, id, list, nullable, reading, record, text } from './primitives.ts';
import { hugePagesSchema } from './topology.ts';

export const processSchema = v.object({
  pid: id,
  name: text,
  residentBytes: reading(record(bytes)),
  threads: list(v.object({ tid: id, name: text, cpu: id, migrations: nullable(count) })),
});

export const processListSchema = v.object({
  count,
  processes: list(
    v.object({
      ...{ pid: id, name: text, command: text, own: v.boolean(), busy: count, threads: count },
      residentBytes: bytes,
      onNodes: nullable(reading(record(bytes))),
    }),
  ),
}) satisfies v.GenericSchema<unknown, ProcessList>;

export const sampleSchema = v.object({
  schema: v.literal(SAMPLE_SCHEMA),
  time: text,
  intervalMs: count,
  cpus: list(v.object({ id: cpu, busy: v.pipe(count, v.maxValue(1)) })),
  nodes: list(
    v.object({
      id,
      freeBytes: nullable(bytes),
      usedBytes: nullable(bytes),
      fileBytes: nullable(bytes),
      hitPerSecond: nullable(count),
      missPerSecond: nullable(count),
      foreignPerSecond: nullable(count),
      localPerSecond: nullable(count),
      otherPerSecond: nullable(count),
      hugepages: list(hugePagesSchema),
    }),
  ),
  processes: list(processSchema),
  figures: v.optional(v.record(text, record(finite))),
}) satisfies v.GenericSchema<unknown, Sample>;
