/** What was placed, as things to paste into the tools that place it for good, with this host's numbers filled in. */

import { homeOf, referenceOf } from '../bench/guide/crossings.ts';
import { measuredPairs } from '../bench/guide/compare.ts';
import type { Result } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import type { SpscCase } from '../cases/spsc.ts';
import { dpdk, openmp, slurm } from './jobs.ts';
import { kubernetes } from './kubernetes.ts';
import { numactl, taskset } from './lines.ts';
import { libvirt } from './machines.ts';
import { cpusOf, nodesAt } from './placed.ts';
import type { Placed, Recommendation } from './placed.ts';
import { docker, systemd } from './services.ts';

export type { Placed, Recommendation } from './placed.ts';

/** One a tool; none where nothing is pinned. */
export function recommend(topology: Topology, placed: Placed): Recommendation[] {
  if (cpusOf(placed).length === 0) return [];
  return [
    taskset(topology, placed),
    numactl(topology, placed),
    openmp(topology, placed),
    systemd(topology, placed),
    docker(topology, placed),
    kubernetes(topology, placed),
    libvirt(topology, placed),
    slurm(topology, placed),
    dpdk(topology, placed),
  ];
}

/** The node to bind to for memory beside a CPU; null where several are equally near, and one alone is a part of it. */
function nodeBeside(topology: Topology, cpu: number): number | null {
  return nodesAt(topology, cpu).length > 1 ? null : homeOf(topology, cpu);
}

function placedPair(topology: Topology, one: SpscCase): Placed {
  const { producer, consumer, memory } = one;
  const node =
    typeof memory === 'number'
      ? memory
      : memory === 'interleave'
        ? null
        : nodeBeside(topology, memory === 'producer' ? producer : consumer);
  return {
    threads: [
      { name: 'producer', cpus: String(producer) },
      { name: 'consumer', cpus: String(consumer) },
    ],
    memory: node,
    command: null,
  };
}

/** What a run is about. */
interface Run {
  readonly results: readonly Result[];
  readonly comparison: { readonly of: number } | null;
  readonly guide?: unknown;
}

/**
 * The placement of a run to write down: what was placed; of a guided run the near pair that the others are held against (or
 * the nearest); of a program its pins. Null where there is none.
 */
export function placedIn(topology: Topology, { results, comparison, guide }: Run): Placed | null {
  if (guide !== undefined) {
    const pairs = measuredPairs(topology, results);
    const crossings = pairs.map(({ crossing }) => crossing);
    const near = referenceOf(topology, crossings) ?? crossings[0];
    const plain = pairs.find(({ crossing }) => crossing === near)?.take('plain', false);
    return plain ? placedPair(topology, plain.spsc) : null;
  }
  const placement = results[comparison?.of ?? 0]?.placement;
  if (!placement) return null;
  if (placement.kind === 'spsc') return placement.pin ? placedPair(topology, placement) : null;
  if (placement.kind !== 'program') return null;
  const nodes = [...new Set(placement.pins.flatMap(({ node }) => node ?? []))];
  return {
    threads: placement.pins.filter(({ cpus }) => cpus !== '').map(({ name, cpus }) => ({ name, cpus })),
    memory: nodes.length === 1 ? (nodes[0] ?? null) : null,
    command: placement.command,
  };
}
