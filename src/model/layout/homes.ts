/** Where nodes stand that are home to no CPU: over CPUs they share, at the package that their memory is near to, or folded away. */

import { parseCpuList } from '../text/cpulist.ts';
import type { NumaNode, Topology } from '../topology/topology.ts';
import type { Sharing } from './tree-types.ts';

/** Firmware's distance of a node to itself (ACPI). */
export const LOCAL = 10;

/** Every node's distance to another, whichever of the two says it. */
export function nodeDistance(a: NumaNode, b: NumaNode): number | null {
  return a.distances[String(b.id)] ?? b.distances[String(a.id)] ?? null;
}

/** From where a node without CPUs is reached: whom firmware names (HMAT) and who is nearest of those. */
export interface Near {
  readonly id: number;
  /** Null where the host gives none. */
  readonly distance: number | null;
}

/** The least and the largest distance between any two of the nodes; null where there are no two, or nothing is said. */
export function spanOf(nodes: readonly NumaNode[]): readonly [number, number] | null {
  const all = nodes.flatMap((a, i) => nodes.slice(i + 1).flatMap((b) => nodeDistance(a, b) ?? []));
  const far = all.filter((distance) => distance > LOCAL);
  return far.length === 0 ? null : [Math.min(...far), Math.max(...far)];
}

type Owners = ReadonlyMap<number, NumaNode>;

/** The node that is home to the first of the CPUs this one's memory is near to; null where nothing says. */
export function homeOf(node: NumaNode, owners: Owners): NumaNode | null {
  const near = parseCpuList(node.cpus === '' ? (node.nearCpus ?? '') : node.cpus);
  const first = near.find((cpu) => owners.has(cpu));
  return first === undefined ? null : (owners.get(first) ?? null);
}

/** Of `nodes`, the one a node without CPUs is reached from: of equally near ones its `home`; null where nothing says so. */
export function nearestNode(nodes: readonly NumaNode[], node: NumaNode, home?: NumaNode | null): Near | null {
  const named = nodes.filter((other) => node.rated?.initiators.includes(other.id));
  const first = named.find((other) => other === home) ?? named[0] ?? nodes.find((other) => other === home);
  let best: Near | null = first ? { id: first.id, distance: nodeDistance(node, first) } : null;
  for (const other of named.length > 0 ? named : nodes) {
    const distance = nodeDistance(node, other);
    if (distance !== null && distance < (best?.distance ?? Infinity)) best = { id: other.id, distance };
  }
  return best;
}

/**
 * Nodes that the kernel lists the same CPUs at, by the one that is home to them. Memory that is near to a node's CPUs and yet
 * farther from them than their own, as a GPU's is, is not one of them.
 */
export function sharingOf(nodes: readonly NumaNode[], owners: Owners): Sharing {
  const own = new Set(owners.values());
  const sharing = new Map<NumaNode, NumaNode[]>();
  for (const node of nodes) {
    const home = own.has(node) ? null : homeOf(node, owners);
    if (!home || (nodeDistance(home, node) ?? LOCAL) > LOCAL) continue;
    sharing.set(home, [...(sharing.get(home) ?? []), node]);
  }
  return sharing;
}

/** A single empty node is drawn: a chip would take as much room. */
const FEWEST = 2;

/** Nodes that can carry no heat and take no token: without CPUs, memory and devices. */
export function emptyNodes(topology: Topology, bare: readonly NumaNode[]): NumaNode[] {
  const used = new Set(topology.devices.map((device) => device.node));
  const empty = bare.filter(({ id, cpus, memoryBytes }) => cpus === '' && memoryBytes === 0 && !used.has(id));
  return empty.length < FEWEST ? [] : empty;
}
