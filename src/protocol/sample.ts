/** Schema of `numa-pinboard/sample/1`. */

import * as v from 'valibot';
import { SAMPLE_SCHEMA } from '../model/live/sample.ts';
import type { ProcessList } from '../model/live/processes.ts';
import type { Asked, GroupSample } from '../model/live/group.ts';
import type { Sample } from '../model/live/sample.ts';
import { bytes, count, cpu, cpuList, finite, id, list, nullable, reading, record, text } from './primitives.ts';
import { serviceSampleSchema } from './service.ts';
import { hugePagesSchema } from './topology.ts';

const threadSchema = v.object({
  ...{ tid: id, name: text, cpu: id, migrations: nullable(count) },
  ...{ start: v.optional(bytes), allowed: v.optional(cpuList), cpuSeconds: v.optional(count) },
  ...{ busy: v.optional(v.pipe(count, v.maxValue(1))), migrated: v.optional(count) },
});

export const processSchema = v.object({
  ...{ pid: id, name: text, start: v.optional(bytes), own: v.optional(v.boolean()) },
  ...{ cpus: v.optional(nullable(cpuList)), mems: v.optional(nullable(cpuList)) },
  residentBytes: reading(record(bytes)),
  threads: list(threadSchema),
});

const byNode = record(bytes);

export const groupSchema = v.object({
  ...{ selection: text, count, pids: list(id), threads: count, pagesAgeMs: count },
  memory: reading(
    v.object({ source: text, anon: v.optional(byNode), file: v.optional(byNode), kernel: v.optional(byNode) }),
  ),
  pages: reading(
    v.object({
      ...{ nodes: byNode, margins: byNode, residentBytes: bytes, asked: count, found: count },
      ...{ all: v.boolean(), processes: count, unread: count },
    }),
  ),
}) satisfies v.GenericSchema<unknown, GroupSample>;

export const askedSchema = v.object({
  environment: reading(record(text)),
  cpuset: nullable(v.object({ path: text, cpus: nullable(cpuList), mems: nullable(cpuList) })),
}) satisfies v.GenericSchema<unknown, Asked>;

const share = v.pipe(count, v.maxValue(1));

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

const perSecond = v.optional(count);

const deviceSchema = v.object({
  name: text,
  kind: v.picklist(['network', 'disk', 'interrupts']),
  node: nullable(id),
  receivedBytesPerSecond: perSecond,
  sentBytesPerSecond: perSecond,
  readBytesPerSecond: perSecond,
  writtenBytesPerSecond: perSecond,
  interruptsPerSecond: perSecond,
  farInterruptsPerSecond: perSecond,
});

export const sampleSchema = v.object({
  schema: v.literal(SAMPLE_SCHEMA),
  time: text,
  intervalMs: count,
  cpus: list(v.object({ id: cpu, busy: share })),
  nodes: list(
    v.object({
      id,
      freeBytes: nullable(bytes),
      usedBytes: nullable(bytes),
      fileBytes: nullable(bytes),
      anonBytes: v.optional(nullable(bytes)),
      slabBytes: v.optional(nullable(bytes)),
      hitPerSecond: nullable(count),
      missPerSecond: nullable(count),
      foreignPerSecond: nullable(count),
      localPerSecond: nullable(count),
      otherPerSecond: nullable(count),
      user: v.optional(nullable(share)),
      system: v.optional(nullable(share)),
      iowait: v.optional(nullable(share)),
      steal: v.optional(nullable(share)),
      hugepages: list(hugePagesSchema),
    }),
  ),
  processes: list(processSchema),
  groups: v.optional(list(groupSchema)),
  unavailable: v.optional(record(text)),
  figures: v.optional(v.record(text, record(finite))),
  devices: v.optional(list(deviceSchema)),
  service: v.optional(serviceSampleSchema),
}) satisfies v.GenericSchema<unknown, Sample>;
