/** What a page asks of the plan that is open. */

import * as v from 'valibot';
import type { BlockValues, ChangedList, ListChange, PlanEdit } from '../model/plan/edit/change.ts';
import { BLOCK_KINDS, FLOW_BOUNDS, FLOW_RATES, MEMORY_POLICIES } from '../model/plan/plan.ts';
import type { Block } from '../model/plan/plan.ts';
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
  kind: v.exactOptional(v.picklist(BLOCK_KINDS)),
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

const KEYS = Object.keys(values.entries) as (keyof typeof values.entries)[];

/** A block that comes or goes is told whole. */
const block = v.pipe(
  v.strictObject({ name, ...values.entries }),
  v.check((one) => KEYS.every((key) => one[key] !== undefined), 'a block is told whole'),
  v.transform((one) => one as Block),
);

const listChange = <const K extends ChangedList, S extends v.GenericSchema>(list: K, item: S, most = 1000) =>
  v.strictObject({ list: v.literal(list), at: fromZero, was: listOf(item, most), to: listOf(item, most) });
const lists = v.variant('list', [
  listChange('reserve', v.strictObject({ node: fromZero, cores: fromZero, memoryBytes: bytes })),
  listChange('blocks', block),
  listChange('storage', v.strictObject({ name, bytes, uses: named(name, bytes) })),
  listChange(
    'flows',
    v.strictObject({
      ...{ from: name, to: name, bytes: v.tuple([bytes, bytes]) },
      ...{ per: v.picklist(FLOW_RATES), bound: v.picklist(FLOW_BOUNDS), phase: v.nullable(name) },
    }),
    10_000,
  ),
  listChange('phases', v.strictObject({ name, asynchronous: v.boolean() })),
]) satisfies v.GenericSchema<unknown, ListChange>;

const edit = v.pipe(
  v.object({
    words: v.pipe(v.string(), v.maxLength(300)),
    changes: v.pipe(
      v.array(v.object({ block: name, was: values, to: values })),
      // As many blocks as a plan has.
      v.maxLength(1000),
    ),
    lists: v.exactOptional(listOf(lists, lists.options.length)),
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
