/** Schema of `numa-pinboard/topology/1`, and the one way to read a file of it that somebody wrote. */

import * as v from 'valibot';
import { checkTopology } from '../model/topology/check.ts';
import { messageOf, PinboardError } from '../model/problem.ts';
import { TOPOLOGY_SCHEMA } from '../model/topology/topology.ts';
import type { Topology } from '../model/topology/topology.ts';
import { bytes, count, cpuList, firstIssue, id, list, nullable, record, text } from './primitives.ts';

const group = v.looseObject({ id, package: id, cpus: cpuList });

// Files from before these were told apart say nothing of them.
const inferred = v.optional(v.boolean(), false);
const allowedNode = v.optional(v.boolean(), true);
const isolated = v.optional(v.boolean(), false);

// Files from before wrote -1 for a core without an id.
const coreId = v.pipe(
  nullable(v.pipe(v.number(), v.integer(), v.minValue(-1))),
  v.transform((value) => (value === -1 ? null : value)),
);

export const hugePagesSchema = v.looseObject({ sizeBytes: bytes, total: count, free: count });

const ratedSchema = v.looseObject({
  readLatencyNs: nullable(count),
  writeLatencyNs: nullable(count),
  readBandwidthMBs: nullable(count),
  writeBandwidthMBs: nullable(count),
  initiators: list(id),
});

const deviceSchema = v.looseObject({
  kind: v.picklist(['network', 'storage', 'gpu', 'accelerator']),
  name: text,
  address: nullable(text),
  pci: nullable(text),
  node: nullable(id),
  cpus: cpuList,
});

export const topologySchema = v.looseObject({
  schema: v.literal(TOPOLOGY_SCHEMA),
  machine: v.looseObject({
    name: text,
    architecture: text,
    kernel: text,
    cpuModel: nullable(text),
    hypervisor: nullable(text),
    emulated: v.boolean(),
  }),
  packages: list(v.looseObject({ id, cpus: cpuList, inferred })),
  dies: list(group),
  clusters: list(group),
  nodes: list(
    v.looseObject({
      id,
      cpus: cpuList,
      nearCpus: v.optional(cpuList),
      allowed: allowedNode,
      inferred,
      memoryBytes: nullable(bytes),
      freeBytes: nullable(bytes),
      distances: record(count),
      hugepages: list(v.looseObject({ ...hugePagesSchema.entries, free: nullable(count) })),
      rated: nullable(ratedSchema),
      memorySideCaches: list(v.looseObject({ level: count, sizeBytes: bytes })),
    }),
  ),
  caches: list(
    v.looseObject({
      level: count,
      type: v.picklist(['data', 'instruction', 'unified']),
      sizeBytes: nullable(bytes),
      lineBytes: nullable(bytes),
      cpus: cpuList,
    }),
  ),
  cores: list(v.looseObject({ ...group.entries, id: coreId, inferred })),
  cpus: list(v.looseObject({ id, online: v.boolean(), allowed: v.boolean(), isolated, kind: nullable(text) })),
  // Files from before there were devices have none.
  devices: v.optional(list(deviceSchema), []),
  warnings: list(text),
}) satisfies v.GenericSchema<unknown, Topology>;

/**
 * A topology as `topology --format json` prints it, perhaps changed by hand.
 * @throws PinboardError `bad-file` that names the places in the file which are wrong.
 */
export function parseTopology(text: string): Topology {
  const bad = (words: string): never => {
    throw new PinboardError('bad-file', words, 'Start from what `topology --format json` prints.');
  };
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch (error) {
    bad(`This is no JSON: ${messageOf(error)}.`);
  }
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : null;
  if (schema !== TOPOLOGY_SCHEMA) {
    bad(`The schema of this topology is ${JSON.stringify(schema)}; this version reads "${TOPOLOGY_SCHEMA}".`);
  }
  const result = v.safeParse(topologySchema, value);
  if (!result.success) return bad(`The topology is not as it should be: ${firstIssue(result.issues)}.`);
  const wrong = checkTopology(result.output);
  if (wrong.length > 0) bad(`The topology contradicts itself: ${wrong.join('; ')}.`);
  return result.output;
}
