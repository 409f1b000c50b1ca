/** Whether what was measured on one topology can be drawn on another: the same CPUs and nodes, each where it was. */

import { parseCpuList } from '../text/cpulist.ts';
import type { Topology } from './topology.ts';

/** By CPU; one that is offline is in no list of a node. */
function places(parts: readonly { readonly id: number; readonly cpus: string }[]): Map<number, number> {
  return new Map(parts.flatMap(({ id, cpus }) => parseCpuList(cpus).map((cpu) => [cpu, id] as const)));
}

function agree(one: Map<number, number>, two: Map<number, number>): boolean {
  return [...one].every(([cpu, at]) => (two.get(cpu) ?? at) === at);
}

/** CPUs may have gone offline meanwhile, as with SMT switched off. */
export function isSameMachine(one: Topology, two: Topology): boolean {
  if (one === two) return true;
  const cpus = new Set(one.cpus.map(({ id }) => id));
  return (
    one.machine.architecture === two.machine.architecture &&
    cpus.size === two.cpus.length &&
    two.cpus.every(({ id }) => cpus.has(id)) &&
    agree(places(one.nodes), places(two.nodes)) &&
    agree(places(one.packages), places(two.packages))
  );
}
