/** What a page asks of the plan that is open. */

import * as v from 'valibot';
import type { BlockValues, PlanEdit, PlanLists } from '../model/plan/edit/change.ts';
import { FLOW_BOUNDS, FLOW_RATES, MEMORY_POLICIES } from '../model/plan/plan.ts';
import { MAX_ID } from '../model/text/cpulist.ts';
import { bytes, cpuList, named } from './primitives.ts';

const name = v.pipe(v.string(), v.maxLength(100));
const fromZero = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_ID));
const whole = v.pipe(fromZero, v.minValue(1));
const nodes = v.pipe(v.array(fromZero), v.maxLength(1024));
/** As many as a plan lists. */
const listOf = <S extends v.GenericSchema>(item: S, most = 1000) => v.pipe(v.array(item), v.maxLength(most));
const cpus = v.pipe(cpuList, v.minLength(1), v.maxLength(10_000));
const maybe = <S extends v.GenericSchema>(schema: S) => v.exactOptional(v.nullable(schema));

/** Which values make sense together, the plan's own schema says when it is read back. */
const values = v.strictObject({
  runsAs: maybe(v.pipe(v.string(), v.maxLength(1000))),
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
  iothreads: maybe(fromZero),
  iothreadCpus: maybe(cpus),
  serves: v.exactOptional(listOf(name)),
  devices: v.exactOptional(listOf(v.strictObject({ name, node: v.nullable(fromZero) }))),
  storage: v.exactOptional(listOf(v.strictObject({ on: name, bytes }))),
  taints: v.exactOptional(listOf(v.pipe(v.string(), v.maxLength(400)))),
}) satisfies v.GenericSchema<unknown, BlockValues>;

const lists = v.strictObject({
  reserve: v.exactOptional(listOf(v.strictObject({ node: fromZero, cores: fromZero, memoryBytes: bytes }))),
  storage: v.exactOptional(listOf(v.strictObject({ name, bytes, uses: named(name, bytes) }))),
  flows: v.exactOptional(
    listOf(
      v.strictObject({
        ...{ from: name, to: name, bytes: v.tuple([bytes, bytes]) },
        ...{ per: v.picklist(FLOW_RATES), bound: v.picklist(FLOW_BOUNDS), phase: v.nullable(name) },
      }),
      10_000,
    ),
  ),
  phases: v.exactOptional(listOf(v.strictObject({ name, asynchronous: v.boolean() }))),
}) satisfies v.GenericSchema<unknown, PlanLists>;

const edit = v.pipe(
  v.object({
    words: v.pipe(v.string(), v.maxLength(300)),
    changes: v.pipe(
      v.array(v.object({ block: name, was: values, to: values })),
      // As many blocks as a plan has.
      v.maxLength(1000),
    ),
    lists: v.exactOptional(v.object({ was: lists, to: lists })),
  }),
  v.check((made) => made.changes.length > 0 || made.lists !== undefined, 'it changes nothing'),
) satisfies v.GenericSchema<unknown, PlanEdit>;

export const planActSchema = v.variant('act', [
  v.object({ act: v.literal('edit'), edit }),
  v.object({ act: v.picklist(['undo', 'redo']) }),
  v.object({ act: v.literal('compare'), on: v.boolean() }),
]);
export type PlanAct = v.InferOutput<typeof planActSchema>;
/** What is done to its file. */
export type PlanChange = Exclude<PlanAct, { act: 'compare' }>;
