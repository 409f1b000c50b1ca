/**
 * Which CPUs each block gets: those that it names, else whole cores of its nodes in the order of the file. The same for checks, the
 * board, what is exported and what is proposed.
 */

import { parseCpuList } from '../text/cpulist.ts';
import { coresOn } from './machine.ts';
import type { PlanCore, PlanMachine } from './machine.ts';
import type { Block, Plan } from './plan.ts';

export interface Placed {
  readonly block: Block;
  /** Its place among the plan's blocks. */
  readonly index: number;
  /** Ascending; those that it names also where the machine has none such. */
  readonly cpus: readonly number[];
  /** Hardware threads that it is to get. */
  readonly wanted: number;
  /** Of them, those for which its nodes have no core left. */
  readonly missing: number;
  /** Nodes of its CPUs, ascending; those that it names where it has no CPUs. */
  readonly nodes: readonly number[];
  /** By node; empty where nothing says how much, or where. */
  readonly memory: ReadonlyMap<number, number>;
}

export interface Placement {
  readonly machine: PlanMachine;
  readonly blocks: readonly Placed[];
  /** What stays for the host by the plan's `reserve`. */
  readonly reserved: readonly {
    readonly node: number;
    readonly cpus: readonly number[];
    readonly missingCores: number;
  }[];
  /** Online CPUs that nothing is planned for. */
  readonly free: readonly number[];
}

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0);

export function wantedThreads(machine: PlanMachine, { cpus, cores, threads }: Block): number {
  if (cpus !== null) return parseCpuList(cpus).length;
  return cores === null ? (threads ?? 0) : cores * machine.smt;
}

/** Cores that a block has a part of, or wants. */
export const coreCount = (machine: PlanMachine, { block, cpus, wanted }: Placed): number =>
  block.cpus === null
    ? Math.ceil(wanted / machine.smt)
    : new Set(cpus.map((cpu) => machine.coreOf.get(cpu) ?? cpu)).size;

/** `total` over so many parts, whole, the first ones with what does not divide. */
export const evenly = (total: number, parts: number): number[] =>
  Array.from({ length: parts }, (_, i) => Math.floor(total / parts) + (i < total % parts ? 1 : 0));

/**
 * Whole cores out of those that are free: of the L3 with the least room that has enough, so that a block shares it with as few others as
 * can be; else of as few L3s as can be.
 */
export function takeCores(free: readonly PlanCore[], count: number): PlanCore[] {
  const groups = [...new Set(free.map(({ l3 }) => l3))].map((l3) => free.filter((core) => core.l3 === l3));
  const fits = groups.filter((group) => group.length >= count).toSorted((a, b) => a.length - b.length);
  if (fits[0]) return fits[0].slice(0, count);
  return groups
    .toSorted((a, b) => b.length - a.length)
    .flat()
    .slice(0, count);
}

function memoryOf(block: Block, perNode: ReadonlyMap<number, number>): Map<number, number> {
  const { memoryBytes, memoryNodes, memoryPolicy } = block;
  if (memoryBytes === null) return new Map();
  const nodes = memoryNodes ?? [...perNode.keys()];
  // Guests that run on several nodes have their memory where their CPUs are.
  const asCpus = memoryNodes === null && memoryPolicy !== 'interleave';
  const all = sum(perNode.values());
  const even = evenly(memoryBytes, nodes.length);
  return new Map(
    nodes.map((node, i) => [node, asCpus && all > 0 ? (memoryBytes * (perNode.get(node) ?? 0)) / all : (even[i] ?? 0)]),
  );
}

export function placePlan(plan: Plan, machine: PlanMachine): Placement {
  const taken = new Set(plan.blocks.flatMap(({ cpus }) => (cpus === null ? [] : parseCpuList(cpus))));
  const take = (node: number, count: number): PlanCore[] => {
    const free = coresOn(machine, node).filter(({ cpus }) => cpus.every((cpu) => !taken.has(cpu)));
    const cores = takeCores(free, count);
    for (const cpu of cores.flatMap(({ cpus }) => cpus)) taken.add(cpu);
    return cores;
  };

  const withCpus = machine.topology.nodes.filter(({ cpus }) => cpus !== '');
  // With one node there is nothing to say.
  const only = withCpus[0] && withCpus.length === 1 ? [withCpus[0].id] : null;

  const blocks = plan.blocks.map((block, index): Placed => {
    const wanted = wantedThreads(machine, block);
    const cpus = block.cpus === null ? counted(block, wanted) : parseCpuList(block.cpus);
    const perNode = new Map<number, number>();
    for (const cpu of cpus) {
      const node = machine.coreOf.get(cpu)?.node;
      if (node !== null && node !== undefined) perNode.set(node, (perNode.get(node) ?? 0) + 1);
    }
    if (perNode.size === 0) for (const node of block.nodes ?? only ?? []) perNode.set(node, 1);
    const nodes = [...perNode.keys()].toSorted((a, b) => a - b);
    return { block, index, cpus, wanted, missing: wanted - cpus.length, nodes, memory: memoryOf(block, perNode) };
  });

  function counted(block: Block, wanted: number): number[] {
    const nodes = block.nodes ?? only;
    if (nodes === null) return [];
    const shares = evenly(Math.ceil(wanted / machine.smt), nodes.length);
    const cores = nodes.flatMap((node, i) => take(node, shares[i] ?? 0));
    return cores
      .flatMap(({ cpus }) => cpus)
      .slice(0, wanted)
      .toSorted((a, b) => a - b);
  }

  const reserved = plan.reserve.map(({ node, cores }) => {
    const got = take(node, cores);
    return { node, cpus: got.flatMap(({ cpus }) => cpus).toSorted((a, b) => a - b), missingCores: cores - got.length };
  });
  const free = machine.cores.flatMap(({ cpus }) => cpus).filter((cpu) => !taken.has(cpu));
  return { machine, blocks, reserved, free };
}
