/** A place for every block that has none: the best there is, or the best found and how far from it that may be; and why each is where it is. */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import { formatBytes, plural } from '../../text/format.ts';
import { checkPlan } from '../check/examine.ts';
import type { CheckedPlan } from '../check/examine.ts';
import { planMachine } from '../machine.ts';
import type { Block, Plan } from '../plan.ts';
import type { Topology } from '../../topology/topology.ts';
import { conflictOf } from './conflict.ts';
import { search } from './search.ts';
import type { Searched } from './search.ts';
import type { Slices } from '../slices.ts';
import { taskOf } from './task.ts';
import type { Task } from './task.ts';
import { whyNone, whyThere } from './why.ts';

export interface Moved {
  /** Its place among the plan's blocks. */
  readonly index: number;
  readonly name: string;
  readonly node: number;
  /** Null where its node alone says all: one L3 there. */
  readonly cpus: string | null;
  readonly why: string;
}

export interface Proposal {
  /** Null: no placement has room for all; `why` says for which. */
  readonly plan: Plan | null;
  readonly moved: readonly Moved[];
  /** Names of blocks that stay where the plan has them. */
  readonly stay: readonly string[];
  readonly searched: Searched;
  readonly why: string;
  /** Without room: names of blocks that exclude each other, no more than it takes; empty where it took too long to tell. */
  readonly conflict: readonly string[];
  /** The proposed plan on the machine; null without one. */
  readonly checked: CheckedPlan | null;
}

/** Without the places of these blocks: who names CPUs alone wants as many. @param names of blocks, or "all". */
function freed(plan: Plan, names: readonly string[]): Plan {
  const free = (block: Block): Block => ({
    ...block,
    nodes: null,
    cpus: null,
    threads: block.threads ?? (block.cores === null && block.cpus !== null ? parseCpuList(block.cpus).length : null),
  });
  const all = names.includes('all');
  return { ...plan, blocks: plan.blocks.map((block) => (all || names.includes(block.name) ? free(block) : block)) };
}

/** CPUs by block out of cores by domain: each takes the lowest that are left, in the order of the file. */
function cpusOf(task: Task, places: NonNullable<Searched['best']>['places']): Map<number, string> {
  const left = task.domains.map(({ free }) => [...free]);
  const items = task.items.toSorted((a, b) => a.index - b.index);
  return new Map(
    items.map(({ index, block, cores }) => {
      const got = [...(places.get(index)?.cores ?? [])].flatMap(([at, count]) => left[at]?.splice(0, count) ?? []);
      const threads = block.cores === null ? (block.threads ?? 0) : cores * task.machine.smt;
      return [index, formatCpuList(got.flatMap(({ cpus }) => cpus).slice(0, threads))];
    }),
  );
}

/** Told to stop, it ends with what there is. @param free names of blocks to look for another place for, or "all". */
export function* proposePlan(written: Plan, topology: Topology, free: readonly string[] = []): Slices<Proposal> {
  const plan = freed(written, free);
  const machine = planMachine(topology);
  const task = taskOf(plan, machine);
  const searched = yield* search(task);
  const moving = new Set(task.items.map(({ index }) => index));
  const stay = plan.blocks.filter((_, index) => !moving.has(index)).map(({ name }) => name);
  if (!searched.best) {
    const conflict = conflictOf(task);
    const why = whyNone(task, conflict, searched.complete);
    return {
      plan: null,
      moved: [],
      stay,
      searched,
      why,
      conflict: (conflict?.items ?? []).map(({ block }) => block.name),
      checked: null,
    };
  }
  const { places } = searched.best;
  const cpus = cpusOf(task, places);
  const moved = task.items
    .toSorted((a, b) => a.index - b.index)
    .flatMap((item): Moved[] => {
      const place = places.get(item.index);
      if (!place) return [];
      const { index, block } = item;
      const several = (task.nodes.get(place.node)?.domains.length ?? 0) > 1;
      const { cores, threads } = written.blocks[index] ?? block;
      const exact = several || (cores === null && threads === null) ? (cpus.get(index) ?? null) : null;
      return [{ index, name: block.name, node: place.node, cpus: exact, why: whyThere(task, places, item) }];
    });
  const placed: Plan = {
    ...written,
    blocks: written.blocks.map((block, at) => {
      const move = moved.find(({ index }) => index === at);
      return move ? { ...block, nodes: [move.node], cpus: move.cpus } : block;
    }),
  };
  return {
    plan: placed,
    moved,
    stay,
    searched,
    why: verdictOf(searched),
    conflict: [],
    checked: checkPlan(placed, topology),
  };
}

function verdictOf({ best, bound, complete, steps }: Searched): string {
  if (!best) return '';
  if (complete) {
    return `This is the best placement: branch and bound left none out that could be better (${steps.toLocaleString('en-US')} steps).`;
  }
  const gap =
    best.cost.errors > bound.errors
      ? 'One could find all its huge pages, by the bound.'
      : best.cost.unease > bound.unease
        ? `One could have ${plural(best.cost.unease - bound.unease, 'warning')} less, by the bound.`
        : `It lets ${formatBytes(Math.round(best.cost.crossing))} cross, by distance; no placement can be below ${formatBytes(Math.round(bound.crossing))}.`;
  return `This is the best of those looked at (${steps.toLocaleString('en-US')} steps). ${gap}`;
}
