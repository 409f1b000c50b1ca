/** What a page asks of the plan that is open. */

import * as v from 'valibot';
import type { BlockValues, PlanEdit } from '../model/plan/edit/change.ts';
import { MEMORY_POLICIES } from '../model/plan/plan.ts';
import { MAX_ID } from '../model/text/cpulist.ts';
import { bytes, cpuList } from './primitives.ts';

const name = v.pipe(v.string(), v.maxLength(100));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_ID));
const nodes = v.pipe(
  v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_ID))),
  v.maxLength(1024),
);
const cpus = v.pipe(cpuList, v.minLength(1), v.maxLength(10_000));
const maybe = <S extends v.GenericSchema>(schema: S) => v.exactOptional(v.nullable(schema));

/** Which values make sense together, the plan's own schema says when it is read back. */
const values = v.strictObject({
  nodes: maybe(v.pipe(nodes, v.minLength(1))),
  cpus: maybe(cpus),
  cores: maybe(whole),
  threads: maybe(whole),
  memoryBytes: maybe(bytes),
  memoryNodes: maybe(v.pipe(nodes, v.minLength(1))),
  memoryPolicy: v.exactOptional(v.picklist(MEMORY_POLICIES)),
  hugepages: maybe(v.strictObject({ sizeBytes: bytes, memoryBytes: bytes })),
  l3: maybe(v.union([bytes, v.literal('own')])),
  guest: maybe(v.strictObject({ sockets: whole, cores: whole, threads: whole, nodes: whole })),
  emulatorCpus: maybe(cpus),
}) satisfies v.GenericSchema<unknown, BlockValues>;

const edit = v.object({
  words: v.pipe(v.string(), v.maxLength(300)),
  changes: v.pipe(
    v.array(v.object({ block: name, was: values, to: values })),
    v.minLength(1),
    // As many blocks as a plan has.
    v.maxLength(1000),
  ),
}) satisfies v.GenericSchema<unknown, PlanEdit>;

export const planActSchema = v.variant('act', [
  v.object({ act: v.literal('edit'), edit }),
  v.object({ act: v.picklist(['undo', 'redo']) }),
]);
export type PlanAct = v.InferOutput<typeof planActSchema>;
