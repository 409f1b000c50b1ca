/** The static CPU manager: its hints, and the CPUs it gives. Kubernetes 1.34, `pkg/kubelet/cm/cpumanager/policy_static.go`. */

import { takeDistributed } from './distribute.ts';
import { bitsOf, hintsFor } from './hints.ts';
import type { Hint } from './hints.ts';
import type { AdmittingNode } from './node.ts';
import { takePacked } from './take.ts';

/** CPUs that may be given to a container alone. */
export function freeCpus({ shared, policies }: Pick<AdmittingNode, 'shared' | 'policies'>): number[] {
  const reserved = new Set(policies.reserved);
  return shared.filter((cpu) => !reserved.has(cpu));
}

const nodesIn = ({ nodes }: AdmittingNode, mask: number): Set<number> =>
  new Set(bitsOf(mask).map((bit) => nodes[bit] ?? -1));

/** @param again CPUs of the pod's own init containers, which ended: they are used first. */
export function cpuHints(node: AdmittingNode, count: number, again: readonly number[]): Hint[] {
  const { places, policies, nodes } = node;
  const nodeOf = (cpu: number): number => places.of.get(cpu)?.node ?? -1;
  const available = new Set([...freeCpus(node), ...again]);
  const inside = (cpus: Iterable<number>, mask: number): number => {
    const own = nodesIn(node, mask);
    return [...cpus].filter((cpu) => own.has(nodeOf(cpu))).length;
  };
  // Sets with a node that has no CPUs are none that this manager speaks of.
  const withCpus = (mask: number): boolean => [...nodesIn(node, mask)].every((id) => places.nodes.includes(id));
  const nodesOfSocket = Math.floor(places.nodes.length / places.sockets);
  return hintsFor(nodes.length, {
    could: (mask) => withCpus(mask) && inside(places.of.keys(), mask) >= count,
    can: (mask) => withCpus(mask) && inside(again, mask) === again.length && inside(available, mask) >= count,
    // As few sockets as the request needs, were they empty.
    also: (mask, least) =>
      policies.cpuOptions.bySocket &&
      nodesOfSocket > 0 &&
      socketsIn(node, mask).size === Math.ceil(least / nodesOfSocket),
  });
}

function socketsIn(node: AdmittingNode, mask: number): Set<number> {
  const own = nodesIn(node, mask);
  return new Set([...node.places.of.values()].filter((place) => own.has(place.node)).map(({ socket }) => socket));
}

/** Why a manager gives nothing, with the reason that the pod's status then shows. */
export interface Refusal {
  readonly reason: 'SMTAlignmentError' | 'UnexpectedAdmissionError';
  readonly why: string;
}

/** CPUs near `mask` first, then any. */
export function giveCpus(
  node: AdmittingNode,
  count: number,
  mask: number | null,
  again: readonly number[],
): number[] | Refusal {
  const { places, policies } = node;
  const { fullCores, acrossNodes, ...options } = policies.cpuOptions;
  if (fullCores) {
    if (count % places.threads !== 0)
      return {
        reason: 'SMTAlignmentError',
        why: `full-pcpus-only gives whole cores, and ${String(count)} CPUs are no multiple of ${String(places.threads)} threads`,
      };
    const whole = freeOfWholeCores(node);
    if (count > whole)
      return {
        reason: 'SMTAlignmentError',
        why: `full-pcpus-only gives whole cores, and of those without a reserved CPU ${String(whole)} CPUs are free of ${String(count)} asked for`,
      };
  }
  const available = [...new Set([...freeCpus(node), ...again])];
  const takeFrom = (free: readonly number[], wanted: number): number[] | null =>
    acrossNodes
      ? takeDistributed(places, free, wanted, { ...options, group: fullCores ? places.threads : 1 })
      : takePacked(places, free, wanted, options);
  const near = available.filter((cpu) => isNear(node, cpu, mask));
  const first = takeFrom(near, Math.min(count, near.length)) ?? [];
  const rest = takeFrom(
    available.filter((cpu) => !first.includes(cpu)),
    count - first.length,
  );
  if (rest === null)
    return {
      reason: 'UnexpectedAdmissionError',
      why: `not enough CPUs are free: ${String(count)} asked for, ${String(available.length)} free`,
    };
  return [...first, ...rest].sort((a, b) => a - b);
}

/** With `align-by-socket`, near are all CPUs of the sockets of those nodes. */
function isNear(node: AdmittingNode, cpu: number, mask: number | null): boolean {
  const place = node.places.of.get(cpu);
  if (mask === null || !place) return false;
  return node.policies.cpuOptions.bySocket
    ? socketsIn(node, mask).has(place.socket)
    : nodesIn(node, mask).has(place.node);
}

/** Siblings of reserved CPUs are not given out as whole cores. */
function freeOfWholeCores({ places, policies, shared }: AdmittingNode): number {
  const coreOf = (cpu: number): number | undefined => places.of.get(cpu)?.core;
  const reserved = new Set(policies.reserved.map(coreOf));
  return shared.filter((cpu) => !reserved.has(coreOf(cpu))).length;
}
