/**
 * What is to be placed, as numbers: blocks by cores and memory, nodes and L3s by what is free beside what stays. A place is a node with
 * one of its L3s, or with several where no single one has room.
 */

import { sharesOf } from '../crossing.ts';
import type { Shares } from '../crossing.ts';
import { parseCpuList } from '../../text/cpulist.ts';
import { coresOn } from '../machine.ts';
import type { PlanCore, PlanMachine } from '../machine.ts';
import { ordinaryBytes, ordinaryOn, pagesOn } from '../pages.ts';
import { asideOf, placePlan } from '../place.ts';
import type { Block, Plan } from '../plan.ts';

/** A block without a place: on a node, or wherever it may be. */
export interface Item {
  readonly index: number;
  readonly block: Block;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Nodes that it may be on, ascending. */
  readonly nodes: readonly number[];
  /** Where its memory is whatever its node; null: on its node. */
  readonly memory: Shares | null;
  readonly l3: number | 'own' | null;
  /** Warnings that it has on a node whatever the others do: far devices, far memory, far emulator threads. */
  readonly unease: ReadonlyMap<number, number>;
  /** From it or to it. */
  readonly flows: readonly FlowCost[];
}

export interface Domain {
  /** Which of the machine's L3s; null for cores without one. */
  readonly l3: number | null;
  readonly node: number;
  /** Whole cores that nothing has. */
  readonly free: readonly PlanCore[];
  readonly sizeBytes: number | null;
  /** What blocks that stay want of it. */
  readonly wishes: readonly (number | 'own' | null)[];
}

export interface NodeRoom {
  readonly id: number;
  /** Cores for blocks: free ones less the host's. */
  readonly cores: number;
  /** For blocks and the host; null where the host does not say. */
  readonly memoryBytes: number | null;
  /** What the host is to have of it: a warning where it has not. */
  readonly keptBytes: number;
  /** Positions among the domains. */
  readonly domains: readonly number[];
}

/** What pools of a node leave beside blocks that stay; below 0 where it is too little for them. */
export interface Pools {
  readonly node: number;
  /** By size. */
  readonly pages: ReadonlyMap<number, number>;
  /** For memory in ordinary pages, the host's aside; null where that is all there is. */
  readonly ordinaryBytes: number | null;
}

export interface FlowCost {
  readonly from: number;
  readonly to: number;
  /** The middle of its bounds. A batch counts as one a second. */
  readonly bytes: number;
}

export interface Task {
  readonly plan: Plan;
  readonly machine: PlanMachine;
  /** The largest first. */
  readonly items: readonly Item[];
  readonly nodes: ReadonlyMap<number, NodeRoom>;
  readonly domains: readonly Domain[];
  /** Where the memory and the CPUs of blocks that stay are, by their place in the plan. */
  readonly fixed: ReadonlyMap<number, { readonly memory: Shares; readonly cpus: Shares }>;
  readonly flows: readonly FlowCost[];
  /** What a byte costs between two nodes: 0 on one node. */
  readonly weight: (from: number, to: number) => number;
  /** Of nodes that tell of their pools of huge pages. */
  readonly pools: readonly Pools[];
  /** VMs with the blocks whose cores their emulator threads run on. */
  readonly served: readonly { readonly vm: number; readonly by: readonly number[] }[];
}

/** Whether a block stays where the plan has it. Several nodes are a decision, too. */
const stays = ({ cpus, nodes }: Block): boolean => cpus !== null || (nodes?.length ?? 0) > 1;

function uneaseOf(block: Block, machine: PlanMachine, nodes: readonly number[]): Map<number, number> {
  const devices = block.devices.flatMap(({ name, node }) => {
    const known = machine.topology.devices.find((device) => device.name === name || device.address === name);
    return node ?? known?.node ?? [];
  });
  const beside = (block.kind === 'vm' ? [block.emulatorCpus, block.iothreadCpus] : []).map(
    (list) => new Set(parseCpuList(list ?? '').flatMap((cpu) => machine.coreOf.get(cpu)?.node ?? [])),
  );
  return new Map(
    nodes.map((node) => {
      const far = devices.filter((on) => on !== node).length;
      const apart = beside.filter((on) => on.size > 0 && !on.has(node)).length;
      const away = block.memoryBytes === null ? [] : (block.memoryNodes ?? []).filter((on) => on !== node);
      // As the check has it: a node without CPUs is nobody's, and who names it means it.
      const astray = away.some((on) => machine.node(on)?.cpus !== '');
      return [node, far + apart + (astray ? 1 : 0)];
    }),
  );
}

/** @param plan with the places taken out of the blocks that may move. */
export function taskOf(plan: Plan, machine: PlanMachine): Task {
  const { topology } = machine;
  const still = plan.blocks.map((block, index) => ({ block, index })).filter(({ block }) => stays(block));
  const held = placePlan({ ...plan, blocks: still.map(({ block }) => block), reserve: [] }, machine);
  const named = new Set(held.blocks.flatMap(({ cpus }) => cpus));
  const aside = new Set(asideOf(plan.blocks).filter((cpu) => !named.has(cpu)));
  const taken = new Set([...named, ...aside]);
  const withCpus = topology.nodes.filter(({ cpus }) => cpus !== '').map(({ id }) => id);

  const domains: Domain[] = [];
  const nodes = new Map<number, NodeRoom>();
  for (const { id, memoryBytes } of topology.nodes) {
    const free = coresOn(machine, id).filter(({ cpus }) => cpus.every((cpu) => !taken.has(cpu)));
    const first = domains.length;
    for (const l3 of new Set(free.map((core) => core.l3))) {
      const cache = l3 === null ? null : machine.l3s[l3];
      const under = new Set(cache?.cpus ?? []);
      domains.push({
        l3,
        node: id,
        free: free.filter((core) => core.l3 === l3),
        sizeBytes: cache?.sizeBytes ?? null,
        wishes: held.blocks.flatMap(({ block, cpus }) =>
          block.kind !== 'emulator' && cpus.some((cpu) => under.has(cpu)) ? [block.l3] : [],
        ),
      });
    }
    const kept = plan.reserve.find(({ node }) => node === id);
    // The host's own work runs where emulator threads do.
    const shared = coresOn(machine, id).filter(
      ({ cpus }) => cpus.some((cpu) => aside.has(cpu)) && cpus.every((cpu) => !named.has(cpu)),
    ).length;
    const used = held.blocks.reduce((sum, { memory }) => sum + (memory.get(id) ?? 0), 0);
    nodes.set(id, {
      id,
      cores: free.length - Math.max(0, (kept?.cores ?? 0) - shared),
      memoryBytes: memoryBytes === null ? null : memoryBytes - used,
      keptBytes: kept?.memoryBytes ?? 0,
      domains: domains.slice(first).map((_, i) => first + i),
    });
  }

  const positions = new Map(plan.blocks.map(({ name }, index) => [name, index]));
  const flows = plan.flows.map(({ from, to, bytes }): FlowCost => ({
    from: positions.get(from) ?? -1,
    to: positions.get(to) ?? -1,
    bytes: (bytes[0] + bytes[1]) / 2,
  }));
  const items = plan.blocks
    .flatMap((block, index): Item[] => {
      if (stays(block)) return [];
      const threads = block.cores === null ? (block.threads ?? 0) : block.cores * machine.smt;
      const may = block.nodes ?? withCpus;
      const { memoryNodes } = block;
      return [
        {
          index,
          block,
          cores: Math.ceil(threads / machine.smt),
          memoryBytes: block.memoryBytes ?? 0,
          nodes: may,
          memory: memoryNodes === null ? null : sharesOf(memoryNodes.map((node) => [node, 1])),
          l3: block.kind === 'emulator' ? null : block.l3,
          unease: uneaseOf(block, machine, may),
          flows: flows.filter(({ from, to }) => from === index || to === index),
        },
      ];
    })
    .toSorted((a, b) => b.cores - a.cores || b.memoryBytes - a.memoryBytes || a.index - b.index);

  const local = (node: number): number => machine.node(node)?.distances[String(node)] ?? 10;
  return {
    plan,
    machine,
    items,
    nodes,
    domains,
    fixed: new Map(
      held.blocks.map(({ cpus, nodes: on, memory }, i) => {
        const cpuShares = sharesOf(
          on.map((node) => [node, cpus.filter((cpu) => machine.coreOf.get(cpu)?.node === node).length]),
        );
        const memoryShares = sharesOf(memory);
        return [still[i]?.index ?? -1, { cpus: cpuShares, memory: memoryShares.size > 0 ? memoryShares : cpuShares }];
      }),
    ),
    flows,
    pools: topology.nodes.flatMap((node): Pools[] => {
      if (node.hugepages.length === 0) return [];
      const sizes = new Set([
        ...node.hugepages.map(({ sizeBytes }) => sizeBytes),
        ...plan.blocks.flatMap(({ hugepages }) => hugepages?.sizeBytes ?? []),
      ]);
      const wanted = (size: number): number =>
        held.blocks.reduce(
          (sum, one) => sum + (one.block.hugepages?.sizeBytes === size ? pagesOn(one, node.id) : 0),
          0,
        );
      const ordinary = ordinaryBytes(node);
      const kept = plan.reserve.find((one) => one.node === node.id)?.memoryBytes ?? 0;
      return [
        {
          node: node.id,
          pages: new Map(
            [...sizes].map((size) => [
              size,
              (node.hugepages.find(({ sizeBytes }) => sizeBytes === size)?.total ?? 0) - wanted(size),
            ]),
          ),
          ordinaryBytes:
            ordinary === null
              ? null
              : ordinary - kept - held.blocks.reduce((sum, one) => sum + ordinaryOn(one, node.id), 0),
        },
      ];
    }),
    weight: (from, to) => (from === to ? 0 : (machine.node(to)?.distances[String(from)] ?? 2 * local(to)) / local(to)),
    served: plan.blocks.flatMap((block, vm) => {
      const by = plan.blocks.flatMap(({ serves }, index) => (serves.includes(block.name) ? [index] : []));
      return block.kind === 'vm' && by.length > 0 ? [{ vm, by }] : [];
    }),
  };
}
