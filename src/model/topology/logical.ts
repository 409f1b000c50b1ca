/**
 * lstopo's logical indexes (`L#`): the place of a part among those of its kind when the machine is walked from the outside
 * in, parts in the order of their lowest CPU. What the host numbers at random (`P#`) so gets a number that neighbours share.
 *
 * As `lstopo --disallowed` counts: CPUs outside the cpuset have one, offline CPUs and what holds nothing else have none.
 */

import { parseCpuList } from '../text/cpulist.ts';
import type { Core, NumaNode, Package, Topology } from './topology.ts';

export interface Logical {
  /** From the kernel's id to `L#`, in the order of `L#`. */
  readonly cpus: ReadonlyMap<number, number>;
  readonly nodes: ReadonlyMap<number, number>;
  readonly cores: ReadonlyMap<Core, number>;
  readonly packages: ReadonlyMap<Package, number>;
}

/** A set of CPUs that something holds, inside the sets around it. */
interface Branch {
  readonly cpus: readonly number[];
  readonly children: Branch[];
  /** NUMA nodes that are this set's own. */
  readonly nodes: number[];
}

/**
 * The CPUs that each node is near to, as hwloc says it of a node that has none of its own: those that list it too, those
 * that firmware rates it from, else those of the nodes that it is least far from, else none. In the order of ids, and what one node got counts for
 * the next.
 */
function nearTo({ nodes }: Topology, online: (cpus: string) => number[]): Map<number, readonly number[]> {
  const near = new Map(nodes.map(({ id, cpus }): [number, readonly number[]] => [id, online(cpus)]));
  const of = (ids: readonly number[]): number[] => [...new Set(ids.flatMap((id) => near.get(id) ?? []))];
  const nearest = ({ id, distances }: NumaNode): number[] => {
    const others = nodes.filter((other) => other.id !== id).map((other) => other.id);
    const distance = (to: number): number => distances[String(to)] ?? Infinity;
    const least = Math.min(...others.map(distance));
    const there = others.filter((other) => distance(other) === least);
    const said = least < Infinity && least > (distances[String(id)] ?? 0) && there.length < others.length;
    return said ? there : [];
  };
  for (const node of [...nodes].sort((a, b) => a.id - b.id)) {
    if (near.get(node.id)?.length !== 0) continue;
    if (node.nearCpus !== undefined) {
      near.set(node.id, online(node.nearCpus));
      continue;
    }
    const rated = of(node.rated?.initiators ?? []);
    near.set(
      node.id,
      (rated.length > 0 ? rated : of(nearest(node))).sort((a, b) => a - b),
    );
  }
  return near;
}

/** Sets that cut through one another are left out: those of a topology that was read do not. */
function nest(all: readonly number[], sets: readonly (readonly number[])[]): ReadonlyMap<string, Branch> {
  const key = (cpus: readonly number[]): string => cpus.join();
  const root: Branch = { cpus: all, children: [], nodes: [] };
  const branches = new Map([[key(all), root]]);
  const around = new Map(all.map((cpu) => [cpu, root]));
  for (const cpus of [...sets].sort((a, b) => b.length - a.length)) {
    const parent = around.get(cpus[0] ?? -1);
    if (!parent || branches.has(key(cpus)) || cpus.some((cpu) => around.get(cpu) !== parent)) continue;
    const branch: Branch = { cpus, children: [], nodes: [] };
    branches.set(key(cpus), branch);
    parent.children.push(branch);
    for (const cpu of cpus) around.set(cpu, branch);
  }
  return branches;
}

function number<T>(things: readonly T[]): Map<T, number> {
  return new Map(things.map((thing, at) => [thing, at]));
}

function build(topology: Topology): Logical {
  const { packages, dies, clusters, cores, caches } = topology;
  const all = topology.cpus
    .filter((cpu) => cpu.online)
    .map((cpu) => cpu.id)
    .sort((a, b) => a - b);
  const known = new Set(all);
  const online = (cpus: string): number[] => parseCpuList(cpus).filter((cpu) => known.has(cpu));
  const near = nearTo(topology, online);
  const sets = [packages, dies, clusters, cores, caches].flatMap((parts) => parts.map(({ cpus }) => online(cpus)));
  const branches = nest(
    all,
    [...sets, ...near.values(), ...all.map((cpu) => [cpu])].filter((cpus) => cpus.length > 0),
  );
  const root = branches.get(all.join());
  // A node that is near to nothing in particular is the machine's own, and comes after those of a part that is all of it.
  const whole = sets.some((cpus) => cpus.join() === all.join());
  const machine: number[] = [];
  for (const [id, cpus] of near) {
    const branch = branches.get(cpus.join());
    if (branch && (branch !== root || whole)) branch.nodes.push(id);
    else machine.push(id);
  }

  const order: number[] = [];
  const memory: number[] = [];
  const walk = ({ cpus, children, nodes: own }: Branch): void => {
    if (cpus.length === 1) order.push(...cpus);
    // Each CPU is a set of its own: what a set holds is in its children.
    for (const child of children.sort((a, b) => (a.cpus[0] ?? 0) - (b.cpus[0] ?? 0))) walk(child);
    memory.push(...own.sort((a, b) => a - b));
  };
  if (root) walk(root);
  memory.push(...machine.sort((a, b) => a - b));

  const cpus = number(order);
  const inOrder = <T extends { readonly cpus: string }>(parts: readonly T[]): T[] =>
    parts
      .map((part) => ({ part, first: Math.min(...online(part.cpus).map((cpu) => cpus.get(cpu) ?? Infinity)) }))
      .filter(({ first }) => first < Infinity)
      .sort((a, b) => a.first - b.first)
      .map(({ part }) => part);
  return { cpus, nodes: number(memory), cores: number(inOrder(cores)), packages: number(inOrder(packages)) };
}

const indexes = new WeakMap<Topology, Logical>();

/** Built once a topology. */
export function logicalOf(topology: Topology): Logical {
  const known = indexes.get(topology) ?? build(topology);
  indexes.set(topology, known);
  return known;
}

/** Nodes so that near ones stand beside each other. */
export function nodesInOrder(topology: Topology): NumaNode[] {
  const { nodes } = logicalOf(topology);
  return [...topology.nodes].sort((a, b) => (nodes.get(a.id) ?? 0) - (nodes.get(b.id) ?? 0) || a.id - b.id);
}
