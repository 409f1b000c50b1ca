/** Which CPUs each of the two pools has under each layout, over all nodes. */

import type { PresetLayout, SeparationCase } from '../../cases/separation.ts';
import { givesMemory } from '../../placement/usable.ts';
import { parseCpuList } from '../../text/cpulist.ts';
import { indexTopology } from '../../topology/relation.ts';
import type { NumaNode, Topology } from '../../topology/topology.ts';
import { measurable } from '../matrix/pairs.ts';

export type Pools = Pick<SeparationCase, 'walkers' | 'workers'>;

export interface LaidOut {
  readonly node: NumaNode;
  readonly cpus: readonly number[];
}

/** What walks are of the CPU time of such a service. */
export const WALKS = 0.36;
/** Workers of both pools: more only makes starting them longer. */
const MOST = 256;

/** Nodes with memory and CPUs for this session, each with as many CPUs as keep all pools together within bounds. */
export function nodesWithCpus(topology: Topology): LaidOut[] {
  const usable = new Set(measurable(topology));
  const all = topology.nodes.flatMap((node): LaidOut[] => {
    const cpus = parseCpuList(node.cpus).filter((cpu) => usable.has(cpu));
    return givesMemory(node) && cpus.length > 0 ? [{ node, cpus }] : [];
  });
  const each = Math.max(1, Math.floor(MOST / Math.max(1, all.length)));
  return all.map(({ node, cpus }) => ({ node, cpus: cpus.slice(0, each) }));
}

/** So many of `count` walk: as near to their share as whole ones go, and at least one is left to either pool. */
export const walksOf = (count: number): number => Math.min(count - 1, Math.max(1, Math.round(count * WALKS)));

/** Both pools on one node: by whole cores where there are two, those that walk spread among the others. */
function shared(topology: Topology, cpus: readonly number[]): Pools {
  const { places } = indexTopology(topology);
  const byCore = new Map<unknown, number[]>();
  for (const cpu of cpus) {
    const core = places.get(cpu)?.core ?? cpu;
    byCore.set(core, [...(byCore.get(core) ?? []), cpu]);
  }
  const units = byCore.size > 1 ? [...byCore.values()] : cpus.map((cpu) => [cpu]);
  const walk = walksOf(units.length);
  const walks = (_: unknown, at: number): boolean =>
    Math.floor(((at + 1) * walk) / units.length) > Math.floor((at * walk) / units.length);
  return {
    walkers: units.filter(walks).flat(),
    workers: units.filter((unit, at) => !walks(unit, at)).flat(),
  };
}

const cpusOf = (nodes: readonly LaidOut[]): number[] => nodes.flatMap(({ cpus }) => cpus);

/** Null where its nodes have too few CPUs: mixed pools have two on each, pools on one node two there. */
export function poolsOf(topology: Topology, layout: PresetLayout, nodes: readonly LaidOut[]): Pools | null {
  const walk = walksOf(nodes.length);
  switch (layout) {
    case 'mixed':
    case 'replicated': {
      if (nodes.some(({ cpus }) => cpus.length < 2)) return null;
      const each = nodes.map(({ cpus }) => shared(topology, cpus));
      return { walkers: each.flatMap(({ walkers }) => walkers), workers: each.flatMap(({ workers }) => workers) };
    }
    case 'separated':
    case 'huge-pages':
      return { walkers: cpusOf(nodes.slice(0, walk)), workers: cpusOf(nodes.slice(walk)) };
    case 'reversed':
      return { walkers: cpusOf(nodes.slice(-walk)), workers: cpusOf(nodes.slice(0, -walk)) };
    case 'single': {
      const [{ cpus } = { cpus: [] }] = nodes;
      return cpus.length < 2 ? null : shared(topology, cpus);
    }
  }
}
