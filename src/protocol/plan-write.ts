/**
 * A plan as text that `readPlan` reads back to the same plan, laid out as a person would: one key a line, what the schema takes for
 * granted left out. For plans that no person wrote; `withPlaces` keeps the letters of one.
 */

import { Document, isCollection, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Node, YAMLMap } from 'yaml';
import type { PlanComment } from '../model/plan/comment.ts';
import type { Block, Flow, Phase, Plan, PlanHost, Reserve, Storage } from '../model/plan/plan.ts';
import { clean } from '../model/text/clean.ts';
import { formatCpuList } from '../model/text/cpulist.ts';

const MOST_COMMENT = 1000;

const UNITS = [
  ['TB', 2 ** 40],
  ['GB', 2 ** 30],
  ['MB', 2 ** 20],
  ['KB', 2 ** 10],
] as const;

/** In the largest unit of which it is a whole number, so that nothing is rounded. */
export function sizeOf(bytes: number): string | 0 {
  if (bytes === 0) return 0;
  const [unit, factor] = UNITS.find(([, one]) => bytes % one === 0) ?? ['B', 1];
  return `${bytes / factor}${unit}`;
}

type Keys = Readonly<Record<string, unknown>>;

/** Without keys of which the plan says nothing, and without empty lists. */
const said = (keys: Keys): Keys =>
  Object.fromEntries(
    Object.entries(keys).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
const unless = <T>(value: T, usual: T): T | null => (value === usual ? null : value);
const sizeOrNull = (bytes: number | null): string | 0 | null => (bytes === null ? null : sizeOf(bytes));
const idsOf = (ids: readonly number[] | null): string | null => (ids === null ? null : formatCpuList(ids));

const hostKeys = ({ topology, synthetic, ssh, distances }: PlanHost): Keys =>
  said({ topology, synthetic, ssh, distances });

export const deviceKeys = ({ name, node }: Block['devices'][number]): unknown =>
  node === null ? name : { name, node };
export const shareKeys = ({ on, bytes }: Block['storage'][number]): Keys => ({ on, size: sizeOf(bytes) });

const blockKeys = (block: Block): Keys =>
  said({
    name: block.name,
    kind: block.kind,
    runsAs: block.runsAs,
    node: block.nodes?.length === 1 ? (block.nodes[0] ?? null) : null,
    nodes: block.nodes?.length === 1 ? null : idsOf(block.nodes),
    cores: block.cores,
    threads: block.threads,
    cpus: block.cpus,
    memory: sizeOrNull(block.memoryBytes),
    memoryNodes: idsOf(block.memoryNodes),
    memoryPolicy: unless(block.memoryPolicy, 'strict'),
    hugepages: block.hugepages && {
      size: sizeOf(block.hugepages.sizeBytes),
      memory: sizeOf(block.hugepages.memoryBytes),
    },
    l3: typeof block.l3 === 'number' ? sizeOf(block.l3) : block.l3,
    guest: block.guest && said({ ...block.guest, nodes: unless(block.guest.nodes, 1) }),
    emulatorCpus: block.emulatorCpus,
    iothreads: block.iothreads,
    iothreadCpus: block.iothreadCpus,
    serves: block.serves,
    devices: block.devices.map(deviceKeys),
    storage: block.storage.map(shareKeys),
    taints: block.taints,
  });

const reserveKeys = ({ node, cores, memoryBytes }: Reserve): Keys => ({
  node,
  ...said({ cores: unless(cores, 0), memory: memoryBytes === 0 ? null : sizeOf(memoryBytes) }),
});
const storageKeys = ({ name, bytes, uses }: Storage): Keys => ({
  ...{ name, size: sizeOf(bytes) },
  ...(Object.keys(uses).length === 0
    ? {}
    : { uses: Object.fromEntries(Object.entries(uses).map(([use, taken]) => [use, sizeOf(taken)])) }),
});
const phaseKeys = ({ name, asynchronous }: Phase): Keys => said({ name, asynchronous: unless(asynchronous, false) });
const flowKeys = ({ from, to, bytes: [low, high], per, bound, phase }: Flow): Keys =>
  said({
    ...{ from, to, bytes: low === high ? sizeOf(low) : [sizeOf(low), sizeOf(high)] },
    ...{ per: unless(per, 'batch'), bound: unless(bound, 'bandwidth'), phase },
  });

/** Lists of a plan, item by item as the file says them. */
export const LIST_KEYS = {
  reserve: ({ reserve }: Pick<Plan, 'reserve'>) => reserve.map(reserveKeys),
  blocks: ({ blocks }: Pick<Plan, 'blocks'>) => blocks.map(blockKeys),
  storage: ({ storage }: Pick<Plan, 'storage'>) => storage.map(storageKeys),
  flows: ({ flows }: Pick<Plan, 'flows'>) => flows.map(flowKeys),
  phases: ({ phases }: Pick<Plan, 'phases'>) => phases.map(phaseKeys),
};

/** `blocks` is never left out: a plan without any is one, too. */
const planKeys = (plan: Plan): Keys => ({
  schema: plan.schema,
  ...said({ host: plan.host && hostKeys(plan.host), reserve: LIST_KEYS.reserve(plan) }),
  blocks: LIST_KEYS.blocks(plan),
  ...said({
    storage: LIST_KEYS.storage(plan),
    flows: LIST_KEYS.flows(plan),
    phases: LIST_KEYS.phases(plan),
  }),
});

/** A block's keys have a line each; whatever else is listed has one line, within { } or [ ]. */
function layOut(top: YAMLMap): void {
  for (const [at, { key, value }] of top.items.entries()) {
    if (at > 0 && isNode(key)) key.spaceBefore = true;
    if (isMap(value)) inFlow(value.items.map((pair) => pair.value));
    else if (isSeq(value) && keyOf({ key }) !== 'blocks') inFlow(value.items);
    else if (isSeq(value))
      inFlow(value.items.flatMap((item) => (isMap(item) ? item.items : [])).map((pair) => pair.value));
  }
}

function inFlow(nodes: readonly unknown[]): void {
  for (const node of nodes) if (isCollection(node) && node.items.length > 0) node.flow = true;
}

const keyOf = ({ key }: { readonly key: unknown }): string => (isScalar(key) ? String(key.value) : '');

/** Before what it is about; where that is not in the file, behind the rest of what is around it. */
function comment(document: Document, { path, text }: PlanComment): void {
  const line = ` ${clean(text, MOST_COMMENT)}`;
  const onto = (before: string | null | undefined): string => (before ? `${before}\n${line}` : line);
  let at: unknown = document.contents;
  let before: Node | Document = document;
  for (const part of path.slice(0, path[0] === 'blocks' ? 3 : 2)) {
    const pair = isMap(at) ? at.items.find((item) => keyOf(item) === part) : undefined;
    const inner: unknown = isSeq(at) ? at.items[Number(part)] : pair?.key;
    if (!isNode(inner)) {
      if (isCollection(at)) at.comment = onto(at.comment);
      return;
    }
    before = inner;
    at = pair ? pair.value : inner;
  }
  before.commentBefore = onto(before.commentBefore);
}

/** @param comments in the order in which they are to be read where several stand in one place. */
export function writePlan(plan: Plan, comments: readonly PlanComment[] = []): string {
  const document = new Document(planKeys(plan));
  layOut(document.contents as YAMLMap);
  for (const one of comments) comment(document, one);
  return document.toString({ lineWidth: 0 });
}
