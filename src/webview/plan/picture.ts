/** Owns what the drawn machine is told of a plan: blocks as tokens on many CPUs, and what is planned of each node. */

import type { SeenBeside } from '../../model/plan/drift/beside.ts';
import { INTRUDER } from '../../model/plan/drift/checks/intruders.ts';
import { plannedNodes } from '../../model/plan/drift/checks/memory.ts';
import { planMachine } from '../../model/plan/machine.ts';
import { placePlan } from '../../model/plan/place.ts';
import type { Placed, Placement as PlanPlacement } from '../../model/plan/place.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { PlanProblem, Severity } from '../../model/plan/problem.ts';
import { SEVERITIES } from '../../model/plan/problem.ts';
import { tagsOf } from '../../model/plan/edit/tags.ts';
import type { Part } from '../../model/placement/placement.ts';
import type { Slot } from '../../model/placement/slots.ts';
import { planMarks } from '../../model/svg/plan/marks.ts';
import type { BlockFace, NodePlan, SeenPart } from '../../model/svg/plan/marks.ts';
import type { AwayKind, AwayOnCpu, SeenOnCpus } from '../../model/svg/plan/seen.ts';
import type { NumberKind } from '../../model/topology/numbering.ts';
import type { Topology } from '../../model/topology/topology.ts';
import { isUnavailable } from '../../model/run/run.ts';
import { parseCpuList } from '../../model/text/cpulist.ts';
import { formatBytes } from '../../model/text/format.ts';
import * as machineLater from '../machine/later.ts';
import type { MachineView } from '../machine/view.ts';
import type { Desk } from './desk.ts';
import type { Reading } from './reading.ts';

/** A block's slot; its name is the block's. */
export function slotOf(name: string, letter: string): Slot {
  return {
    name,
    letter,
    label: name,
    spoken: `block ${name}`,
    on: 'cpus',
    many: true,
    shape: 'round',
    lineTo: null,
    follows: null,
    dropped: '',
  };
}

/** What is drawn beside blocks travels as a slot on nodes, for the machine draws anew what its slots say. */
interface NodesFace extends Slot {
  readonly nodes: readonly NodePlan[];
  readonly seen: SeenOnCpus | null;
}
const isNodes = (slot: Slot): slot is NodesFace => 'nodes' in slot;
const isBlock = (slot: Slot): slot is BlockFace => 'look' in slot;

/** What the machine draws of a plan in place of tokens and runs. */
export const PLAN_MARKS: typeof machineLater = {
  ...machineLater,
  chipLink: () => null,
  threadMarks: () => [],
  trailMarks: () => [],
  runMarks: (layout, { slots }) => {
    const { nodes, seen } = slots.find(isNodes) ?? { nodes: [], seen: null };
    return planMarks(layout, slots.filter(isBlock), nodes, seen);
  },
};

export function worstOf(problems: readonly PlanProblem[], block: string): Severity | null {
  const mine = problems.filter(({ blocks }) => blocks.includes(block)).map(({ severity }) => severity);
  return SEVERITIES.find((severity) => mine.includes(severity)) ?? null;
}

export const tagOf = (plan: Plan): ((name: string) => string) => {
  const names = plan.blocks.map(({ name }) => name);
  const tags = tagsOf(names);
  return (name) => tags[names.indexOf(name)] ?? '';
};

/** Huge pages of a block on a node go by its memory there. */
export function hugeOn({ block, memory }: Placed, node: number): number {
  const share = block.memoryBytes ? (memory.get(node) ?? 0) / block.memoryBytes : 0;
  return (block.hugepages?.memoryBytes ?? 0) * share;
}

/** Memory of blocks on a node as it was seen, in the plan's order. */
function seenOn(
  node: number,
  blocks: readonly Placed[],
  beside: SeenBeside,
  tag: (block: string) => string,
): SeenPart[] {
  return beside.blocks.flatMap(({ name, memory }) => {
    const bytes = isUnavailable(memory) ? 0 : (memory[String(node)] ?? 0);
    const placed = blocks.find(({ block }) => block.name === name);
    const planned = placed ? plannedNodes(placed) : [];
    return bytes > 0 ? [{ name, tag: tag(name), bytes, away: planned.length > 0 && !planned.includes(node) }] : [];
  });
}

/** CPUs on which threads were seen, by whose they are and whether the plan has them there. */
export function seenOnCpus(beside: SeenBeside, tag: (block: string) => string): SeenOnCpus {
  const { diagnosis } = beside;
  // Of a block that the plan has no longer, nothing is drawn.
  const blocks = beside.blocks.filter(({ name }) => tag(name) !== '');
  const away = (list: string, kind: AwayKind, letters: string): AwayOnCpu[] =>
    parseCpuList(list).map((cpu) => ({ cpu, kind, tag: letters }));
  return {
    here: blocks.flatMap(({ here }) => parseCpuList(here)),
    away: [
      ...blocks.flatMap(({ name, away: off, emulatorAway }) => [
        ...away(off, 'block', tag(name)),
        ...away(emulatorAway, 'emulator', tag(name)),
      ]),
      ...diagnosis.findings
        .filter(({ id }) => id === INTRUDER)
        .flatMap(({ where }) => where.cpus.map((cpu) => ({ cpu, kind: 'stranger' as const, tag: '?' }))),
    ],
  };
}

export function nodePlans(
  plan: Plan,
  { machine, blocks }: PlanPlacement,
  chosen: string | null,
  beside: SeenBeside | null,
): NodePlan[] {
  return machine.topology.nodes.map(({ id, memoryBytes: total }) => {
    const parts = blocks.flatMap((placed) => {
      const bytes = placed.memory.get(id) ?? 0;
      const { name } = placed.block;
      return bytes > 0 ? [{ name, bytes, chosen: name === chosen, huge: hugeOn(placed, id) }] : [];
    });
    const kept = plan.reserve.find(({ node }) => node === id)?.memoryBytes ?? 0;
    const planned = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    const of = total === null ? '' : ` of ${formatBytes(total)}`;
    const seen = beside && seenOn(id, blocks, beside, tagOf(plan));
    const away = (seen ?? []).filter((part) => part.away).reduce((sum, { bytes }) => sum + bytes, 0);
    const really = (seen ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
    const asPlanned = `${formatBytes(planned)}${of} planned`;
    const words = seen
      ? [
          ...(away > 0 ? [`${formatBytes(really)} seen, ${formatBytes(away)} of it off plan`] : []),
          away > 0 ? `${formatBytes(away)} off plan` : `${formatBytes(planned)} planned, ${formatBytes(really)} seen`,
        ]
      : [asPlanned, `${formatBytes(planned)} planned`];
    return { node: id, parts, seen, kept, total, words, over: total !== null && planned + kept > total };
  });
}

const papers = new WeakMap<Topology, Topology>();

/** Without what is free there now: a plan is held against what there is at all. */
function onPaper(topology: Topology): Topology {
  const known = papers.get(topology) ?? {
    ...topology,
    nodes: topology.nodes.map((node) => ({ ...node, freeBytes: null, hugepages: [] })),
  };
  papers.set(topology, known);
  return known;
}

export function planView(
  { plan: written, topology, checked }: Reading,
  desk: Desk,
  carried: { readonly slot: Slot; readonly over: Part | null } | null,
  { numbers, beside }: { readonly numbers: NumberKind; readonly beside: SeenBeside | null },
): MachineView {
  const plan = desk.tried() ?? written;
  const placement = plan === written ? checked.placement : placePlan(plan, planMachine(topology));
  const tag = tagOf(plan);
  const { chosen, trial } = desk;
  const faces = placement.blocks.map(({ block, cpus }): BlockFace => {
    const { name, kind } = block;
    const isChosen = name === chosen;
    return {
      ...slotOf(name, tag(name)),
      look: kind === 'emulator' ? 'emulator' : 'block',
      cpus,
      chosen: isChosen,
      carried: trial?.block === name,
      problem: worstOf(checked.problems, name),
      // Which cores a block has that counts them follows from the others: it grows at its end.
      handles: isChosen && !carried && cpus.length > 0 ? (block.cpus === null ? ['last'] : ['first', 'last']) : [],
    };
  });
  const kept = placement.reserved.map(({ node, cpus }): BlockFace => ({
    ...slotOf(`host ${node}`, 'host'),
    label: 'host',
    look: 'host',
    ...{ cpus, chosen: false, carried: false, problem: null, handles: [] },
  }));
  const bars: NodesFace = {
    ...slotOf('', ''),
    on: 'nodes',
    many: false,
    nodes: nodePlans(plan, placement, trial?.block ?? chosen, beside),
    seen: beside && seenOnCpus(beside, tag),
  };
  return {
    topology: onPaper(topology),
    recorded: true,
    slots: [...faces, ...kept, bars],
    placement: Object.fromEntries(faces.filter(({ cpus }) => cpus.length > 0).map(({ name, cpus }) => [name, cpus])),
    measure: 'busy',
    numbers,
    devices: topology.devices.length > 0 && plan.blocks.some(({ devices }) => devices.length > 0),
    carried,
    planned: false,
    links: [],
    ...{ setting: null, sample: null, running: null, group: null, result: null, baseline: null, ends: null },
    ...{ beside: null, costs: null, victims: null, stale: null },
  };
}
