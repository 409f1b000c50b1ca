/**
 * Blocks moved and stretched on a machine, by whole cores: threads of a core stay together. What another block names stays that block's;
 * blocks that only count their cores give way.
 */

import { formatCpuList, parseCpuList } from '../../text/cpulist.ts';
import { formatCpus, nodeWords, plural } from '../../text/format.ts';
import { planMachine } from '../machine.ts';
import type { PlanCore, PlanMachine } from '../machine.ts';
import { asideOf, placePlan, wantedThreads } from '../place.ts';
import type { Placed } from '../place.ts';
import type { Block, Plan } from '../plan.ts';
import type { Topology } from '../../topology/topology.ts';
import type { BlockValues } from './change.ts';

/** What a block then has, in words too; or why it cannot. */
export type Move = { readonly to: BlockValues; readonly words: string } | { readonly wrong: string };

/** Which end of a block's cores moves. */
export type Edge = 'first' | 'last';

/** A plan on a machine. */
export interface Desk {
  readonly plan: Plan;
  readonly topology: Topology;
}

interface Found {
  readonly machine: PlanMachine;
  readonly block: Block;
  readonly placed: Placed;
}

const cpusOf = (cores: readonly PlanCore[]): number[] => cores.flatMap(({ cpus }) => cpus);
const listOf = (cpus: readonly number[]): string => formatCpuList(cpus);

function found({ plan, topology }: Desk, name: string): Found {
  const machine = planMachine(topology);
  const placed = placePlan(plan, machine).blocks.find(({ block }) => block.name === name);
  if (!placed) throw new Error(`no block ${name}`);
  return { machine, block: placed.block, placed };
}

/** Cores of a node that no other block names, an L3 after the other. */
function openCores({ plan }: Desk, { machine, block }: Found, node: number | null): PlanCore[] {
  const named = new Set([
    ...plan.blocks.flatMap(({ name, cpus }) => (cpus === null || name === block.name ? [] : parseCpuList(cpus))),
    ...(block.kind === 'emulator' ? [] : asideOf(plan.blocks)),
  ]);
  return machine.cores
    .filter((core) => core.node === node && core.cpus.every((cpu) => !named.has(cpu)))
    .toSorted((a, b) => (a.l3 ?? -1) - (b.l3 ?? -1) || (a.cpus[0] ?? 0) - (b.cpus[0] ?? 0));
}

const coresFor = (machine: PlanMachine, threads: number): number => Math.ceil(threads / machine.smt);

/** A block that names CPUs alone says how many it wants, before they are taken from it. */
const counted = ({ machine, block }: Found): BlockValues =>
  block.cores === null && block.threads === null ? { threads: wantedThreads(machine, block) } : {};

/** Onto nodes: which of their cores follows from the plan (`placePlan`). */
export function toNodes(desk: Desk, name: string, nodes: readonly number[]): Move {
  const at = found(desk, name);
  const empty = nodes.find((node) => at.machine.cores.every((core) => core.node !== node));
  if (empty !== undefined) return { wrong: `Node ${empty} has no CPUs.` };
  return { to: { ...counted(at), nodes, cpus: null }, words: `${name} on ${nodeWords(nodes)}` };
}

/** Onto exactly the cores from this CPU's on, or as near before it as there is room. */
export function toCores(desk: Desk, name: string, cpu: number): Move {
  const at = found(desk, name);
  const core = at.machine.coreOf.get(cpu);
  if (!core) return { wrong: `CPU ${cpu} is offline.` };
  const threads = wantedThreads(at.machine, at.block);
  const count = coresFor(at.machine, threads);
  const open = openCores(desk, at, core.node);
  const where = core.node === null ? 'There' : `Node ${core.node}`;
  if (open.length < count)
    return {
      wrong: `${where} has ${plural(open.length, 'core')} that no other block names; ${name} is to have ${count}.`,
    };
  const after = open.filter((one) => (one.cpus[0] ?? 0) >= (core.cpus[0] ?? 0) && one.l3 === core.l3);
  const start = Math.min(after[0] ? open.indexOf(after[0]) : open.length, open.length - count);
  const cpus = listOf(cpusOf(open.slice(start, start + count)).slice(0, threads));
  return {
    to: { cpus, ...(core.node === null ? {} : { nodes: [core.node] }) },
    words: `${name} on ${formatCpus(cpus)}`,
  };
}

/** Back into the tray: it keeps what it wants. */
export function toTray(desk: Desk, name: string): Move {
  return { to: { ...counted(found(desk, name)), nodes: null, cpus: null }, words: `${name} without a place` };
}

/** To the next node that has CPUs, or (-1) the one before. */
export function toNextNode(desk: Desk, name: string, by: 1 | -1): Move {
  const { machine, placed } = found(desk, name);
  const nodes = [...new Set(machine.cores.map(({ node }) => node))]
    .filter((node) => node !== null)
    .toSorted((a, b) => a - b);
  const at = nodes.indexOf(placed.nodes[0] ?? Number.NaN);
  const next = at === -1 ? nodes.at(by === 1 ? 0 : -1) : nodes[at + by];
  if (next === undefined) return { wrong: by === 1 ? 'There is no node after this one.' : 'There is no node before.' };
  return toNodes(desk, name, [next]);
}

/** What the guest is told grows and shrinks with it, where it was told what it has. */
function guestWith({ guest }: Block, before: number, after: number): BlockValues {
  if (!guest || guest.sockets * guest.cores * guest.threads !== before) return {};
  const cores = after / (guest.sockets * guest.threads);
  return Number.isInteger(cores) && cores > 0 ? { guest: { ...guest, cores } } : {};
}

/** The cores of a block that names CPUs, with one more beside an end, or without the one there; null: there is none more. */
function oneMoved(desk: Desk, at: Found, by: 1 | -1, edge: Edge): readonly PlanCore[] | null {
  const own = at.machine.cores.filter(({ cpus }) => cpus.some((cpu) => at.placed.cpus.includes(cpu)));
  if (by === -1) return own.length < 2 ? null : edge === 'last' ? own.slice(0, -1) : own.slice(1);
  const end = own.at(edge === 'last' ? -1 : 0);
  if (!end) return null;
  const open = openCores(desk, at, end.node).filter((core) => !own.includes(core));
  const first = (core: PlanCore): number => core.cpus[0] ?? 0;
  const beyond = (core: PlanCore): boolean => first(core) > first(end) === (edge === 'last');
  const near = open.toSorted((a, b) => Math.abs(first(a) - first(end)) - Math.abs(first(b) - first(end)));
  const more = near.find(beyond) ?? near[0];
  return more ? [...own, more] : null;
}

/** Threads of blocks and cores of the host for which there is no core. */
function lacking(plan: Plan, machine: PlanMachine): number {
  const { blocks, reserved } = placePlan(plan, machine);
  const open = (block: Block): boolean =>
    block.cpus === null && block.nodes === null && machine.topology.nodes.length > 1;
  return (
    blocks.reduce((sum, { block, missing }) => sum + (open(block) ? 0 : missing), 0) +
    reserved.reduce((sum, { missingCores }) => sum + missingCores, 0)
  );
}

/** So many whole cores more, or less. */
export function stretched(desk: Desk, name: string, by: number, edge: Edge = 'last'): Move {
  const at = found(desk, name);
  const { machine, block, placed } = at;
  const had = placed.wanted / machine.smt;
  const cores = (by > 0 ? Math.floor(had) : Math.ceil(had)) + by;
  if (cores < 1) return { wrong: `${name} has ${plural(Math.ceil(had), 'core')}: none can be taken from it.` };
  const where = placed.nodes.length === 0 ? 'The machine' : nodeWords(placed.nodes).replace(/^n/, 'N');
  const none = { wrong: `${where} ${placed.nodes.length > 1 ? 'have' : 'has'} no core left for ${name}.` };
  let threads = cores * machine.smt;
  let named: BlockValues = {};
  if (block.cpus === null) {
    const larger = desk.plan.blocks.map((one) => (one === block ? { ...one, cores, threads: null } : one));
    if (by > 0 && lacking({ ...desk.plan, blocks: larger }, machine) > lacking(desk.plan, machine)) return none;
  } else {
    let own: Found = at;
    let cpus = placed.cpus;
    for (let step = 0; step < Math.abs(by); step++) {
      const moved = oneMoved(desk, own, by > 0 ? 1 : -1, edge);
      if (!moved) return none;
      cpus = cpusOf(moved);
      own = { ...own, placed: { ...placed, cpus } };
    }
    threads = cpus.length;
    named = { cpus: listOf(cpus) };
  }
  return {
    to: {
      ...named,
      ...(block.cores === null ? {} : { cores }),
      ...(block.threads === null ? {} : { threads }),
      ...guestWith(block, placed.wanted, threads),
    },
    words: `${name} has ${plural(cores, 'core')}`,
  };
}

/** By how many cores a block grows (or, below 0, shrinks) when that end of it is drawn to this CPU. */
export function coresTo(desk: Desk, name: string, cpu: number, edge: Edge): number {
  const at = found(desk, name);
  const core = at.machine.coreOf.get(cpu);
  const own = at.machine.cores.filter(({ cpus }) => cpus.some((one) => at.placed.cpus.includes(one)));
  const start = own.at(edge === 'last' ? 0 : -1);
  if (!core || !start || core.node !== start.node) return 0;
  const open = new Set([...openCores(desk, at, core.node), ...own]);
  const inOrder = at.machine.cores.filter((one) => open.has(one) || one === core);
  const [from, to] = [inOrder.indexOf(start), inOrder.indexOf(core)];
  const count = edge === 'last' ? to - from + 1 : from - to + 1;
  return Math.max(1, count) - own.length;
}
