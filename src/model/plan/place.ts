/**
 * Which CPUs each block gets: those that it names, else whole cores of its nodes in the order of the file, those of one node, then the
 * host's, then those of several nodes. The same for checks, the board, what is exported and what is proposed.
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
  /** CPUs that VMs name for their emulator and I/O threads, and that no block has: the host's own work runs there, too. */
  readonly aside: readonly number[];
  /** Online CPUs that nothing is planned for. */
  readonly free: readonly number[];
}

const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0);

export function wantedThreads(machine: PlanMachine, { cpus, cores, threads }: Block): number {
  if (cpus !== null) return parseCpuList(cpus).length;
  return cores === null ? (threads ?? 0) : cores * machine.smt;
}

/** Cores of which these CPUs are; what the machine does not have counts alone. */
export const coresOf = (machine: PlanMachine, cpus: readonly number[]): number =>
  new Set(cpus.map((cpu) => machine.coreOf.get(cpu) ?? cpu)).size;

/** Cores that a block has a part of, and those that it lacks. */
export const coreCount = (machine: PlanMachine, { cpus, missing }: Placed): number =>
  coresOf(machine, cpus) + Math.ceil(missing / machine.smt);

/** CPUs that VMs name for threads beside their vCPUs. */
export const asideOf = (blocks: readonly Block[]): number[] =>
  blocks
    .filter(({ kind }) => kind === 'vm')
    .flatMap(({ emulatorCpus, iothreadCpus }) => [emulatorCpus, iothreadCpus])
    .flatMap((list) => (list === null ? [] : parseCpuList(list)));

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

interface Counted {
  readonly cpus: readonly number[];
  readonly wanted: number;
}

/** Of a block that names no CPUs. */
function counted(
  block: Block,
  machine: PlanMachine,
  nodes: readonly number[],
  take: (node: number, count: number) => PlanCore[],
): Counted {
  const threads = wantedThreads(machine, block);
  const shares = evenly(Math.ceil(threads / machine.smt), nodes.length);
  const got = nodes.flatMap((node, i) => take(node, shares[i] ?? 0));
  const lacks = (): boolean =>
    block.cores === null ? got.flatMap(({ cpus }) => cpus).length < threads : got.length < block.cores;
  // Where one of them is full, or has cores with fewer threads, it takes more of the others.
  for (const node of nodes) {
    for (let more = lacks() ? take(node, 1) : []; more.length > 0; more = lacks() ? take(node, 1) : [])
      got.push(...more);
  }
  const cpus = got.flatMap((core) => core.cpus);
  return block.cores === null
    ? { cpus: cpus.slice(0, threads).toSorted((a, b) => a - b), wanted: threads }
    : { cpus: cpus.toSorted((a, b) => a - b), wanted: cpus.length + (block.cores - got.length) * machine.smt };
}

export function placePlan(plan: Plan, machine: PlanMachine): Placement {
  const taken = new Set(plan.blocks.flatMap(({ cpus }) => (cpus === null ? [] : parseCpuList(cpus))));
  const aside = new Set(asideOf(plan.blocks).filter((cpu) => !taken.has(cpu)));
  const takeOut = (cores: PlanCore[]): PlanCore[] => {
    for (const cpu of cores.flatMap(({ cpus }) => cpus)) taken.add(cpu);
    return cores;
  };
  const open = (node: number): PlanCore[] =>
    coresOn(machine, node).filter(({ cpus }) => cpus.every((cpu) => !taken.has(cpu)));
  const take = (node: number, count: number): PlanCore[] =>
    takeOut(
      takeCores(
        open(node).filter(({ cpus }) => cpus.every((cpu) => !aside.has(cpu))),
        count,
      ),
    );

  const withCpus = machine.topology.nodes.filter(({ cpus }) => cpus !== '');
  // With one node there is nothing to say.
  const only = withCpus[0] && withCpus.length === 1 ? [withCpus[0].id] : null;

  const counts = new Map<number, Counted>();
  const count = (several: boolean): void => {
    for (const [index, block] of plan.blocks.entries()) {
      const nodes = block.cpus === null ? (block.nodes ?? only) : null;
      if (nodes !== null && nodes.length > 1 === several) counts.set(index, counted(block, machine, nodes, take));
    }
  };
  count(false);
  const reserved = plan.reserve.map(({ node, cores }) => {
    // Emulator threads run where the host's own work does.
    const shared = open(node).filter(({ cpus }) => cpus.some((cpu) => aside.has(cpu)));
    const got = takeOut(shared.slice(0, cores));
    got.push(...take(node, cores - got.length));
    return { node, cpus: got.flatMap(({ cpus }) => cpus).toSorted((a, b) => a - b), missingCores: cores - got.length };
  });
  count(true);

  const blocks = plan.blocks.map((block, index): Placed => {
    const { cpus, wanted } = counts.get(index) ?? {
      cpus: block.cpus === null ? [] : parseCpuList(block.cpus),
      wanted: wantedThreads(machine, block),
    };
    const perNode = new Map<number, number>();
    for (const cpu of cpus) {
      const node = machine.coreOf.get(cpu)?.node;
      if (node !== null && node !== undefined) perNode.set(node, (perNode.get(node) ?? 0) + 1);
    }
    if (perNode.size === 0) for (const node of block.nodes ?? only ?? []) perNode.set(node, 1);
    const nodes = [...perNode.keys()].toSorted((a, b) => a - b);
    return { block, index, cpus, wanted, missing: wanted - cpus.length, nodes, memory: memoryOf(block, perNode) };
  });

  const free = machine.cores.flatMap(({ cpus }) => cpus).filter((cpu) => !taken.has(cpu) && !aside.has(cpu));
  return { machine, blocks, reserved, aside: [...aside].toSorted((a, b) => a - b), free };
}
