/** Schema of `numa-pinboard/topology/1`. */

import * as v from 'valibot';
import { TOPOLOGY_SCHEMA } from '../model/topology.ts';
import type { Topology } from '../model/topology.ts';
import { bytes, count, cpuList, id, list, nullable, record, text } from './primitives.ts';

const group = v.object({ id, package: id, cpus: cpuList });

export const hugePagesSchema = v.object({ sizeBytes: bytes, total: count, free: count });

const ratedSchema = v.object({
  readLatencyNs: nullable(count),
  writeLatencyNs: nullable(count),
  readBandwidthMBs: nullable(count),
  writeBandwidthMBs: nullable(count),
  initiators: list(id),
});

export const topologySchema = v.object({
  schema: v.literal(TOPOLOGY_SCHEMA),
  machine: v.object({
    name: text,
    architecture: text,
    kernel: text,
    cpuModel: nullable(text),
    hypervisor: nullable(text),
    emulated: v.boolean(),
  }),
  packages: list(v.object({ id, cpus: cpuList })),
  dies: list(group),
  clusters: list(group),
  nodes: list(
    v.object({
      id,
      cpus: cpuList,
      memoryBytes: nullable(bytes),
      freeBytes: nullable(bytes),
      distances: record(count),
      hugepages: list(v.object({ ...hugePagesSchema.entries, free: nullable(count) })),
      rated: nullable(ratedSchema),
      memorySideCaches: list(v.object({ level: count, sizeBytes: bytes })),
    }),
  ),
  caches: list(
    v.object({
      level: count,
      type: v.picklist(['data', 'instruction', 'unified']),
      sizeBytes: nullable(bytes),
      lineBytes: nullable(bytes),
      cpus: cpuList,
    }),
  ),
  cores: list(group),
  cpus: list(v.object({ id, online: v.boolean(), allowed: v.boolean(), kind: nullable(text) })),
  warnings: list(text),
}) satisfies v.GenericSchema<unknown, Topology>;
