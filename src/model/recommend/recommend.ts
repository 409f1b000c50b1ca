/** What was placed, as things to paste into the tools that place it for good, with this host's numbers filled in. */

import { placedPair } from '../bench/spsc/bench.ts';
import { benchOf } from '../bench/index.ts';
import { referenceOf } from '../bench/guide/pair-kinds.ts';
import { measuredPairs } from '../bench/guide/compare.ts';
import type { Result } from '../run/run.ts';
import type { Topology } from '../topology/topology.ts';
import { dpdk, openmp, slurm } from './tools/jobs.ts';
import { kubernetes } from './tools/kubernetes.ts';
import { numactl, taskset } from './tools/lines.ts';
import { libvirt } from './tools/machines.ts';
import { cpusOf } from './tools/placed.ts';
import type { Recommendation } from './tools/placed.ts';
import type { ToPaste } from '../placement/to-paste.ts';
import { byPolicy, bySetting } from './tools/policy.ts';
import { docker, systemd } from './tools/services.ts';
import { recommendPools } from './pools/recommend.ts';
import { poolsIn } from './pools/wanted.ts';
import { weightedInterleave } from './weights.ts';

/** One a tool; none where nothing was placed. A policy for which a tool has no word is left to those that have one. */
export function recommend(topology: Topology, placed: ToPaste): Recommendation[] {
  const { policy, setting } = placed;
  if (policy !== undefined) return byPolicy(topology, placed, policy);
  if (setting !== undefined) return bySetting(placed, setting);
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

/** What a run is about. */
interface Run {
  readonly results: readonly Result[];
  readonly comparison: { readonly of: number } | null;
  readonly guide?: unknown;
  /** Of a race; null: nobody has won, so there is nothing to write down. */
  readonly winner?: number | null;
}

/**
 * The placement of a run to write down: what was placed; of a guided run the near pair that the others are held against (or
 * the nearest); of a program its pins, of a race those of the winner. Null where there is none.
 */
export function placedIn(topology: Topology, { results, comparison, guide, winner }: Run): ToPaste | null {
  if (guide !== undefined) {
    const pairs = measuredPairs(topology, results);
    const crossings = pairs.map(({ crossing }) => crossing);
    const near = referenceOf(topology, crossings) ?? crossings[0];
    const plain = pairs.find(({ crossing }) => crossing === near)?.take('plain', false);
    return plain ? placedPair(topology, plain.spsc) : null;
  }
  const placement = winner === null ? undefined : results[winner ?? comparison?.of ?? 0]?.placement;
  if (!placement) return null;
  return benchOf(placement).placed(topology, placement);
}

/** What follows from a run for other tools: its placement, weights from what it measured between nodes, and its worker pools. */
export function recommendFrom(topology: Topology, run: Run): Recommendation[] {
  const placed = placedIn(topology, run);
  const weights = weightedInterleave(topology, run.results);
  const pools = poolsIn(topology, run);
  return [
    ...(placed ? recommend(topology, placed) : []),
    ...(weights ? [weights] : []),
    ...(pools ? recommendPools(topology, pools) : []),
  ];
}
